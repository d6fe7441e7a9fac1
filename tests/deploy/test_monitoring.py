"""Prometheus, Alertmanager and Grafana: valid by their own tools, and asking only for metrics that exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from services.core.feed_state import Result
from services.runtime.metrics import DEFINITIONS
from tests.deploy.compose import ROOT, services
from tests.deploy.tools import run_tool

DEPLOY = ROOT / "deploy"
PROMETHEUS = DEPLOY / "prometheus" / "prometheus.yml"
RULES = DEPLOY / "prometheus" / "rules.yml"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "tocsin.json"
LABELS = {definition.name: set(definition.labels) for definition in DEFINITIONS}
HISTOGRAMS = {definition.name for definition in DEFINITIONS if definition.kind == "histogram"}
# Labels that come from the scrape and not from the process.
SCRAPED = {"job", "service", "instance", "le"}


def read_yaml(path: Path) -> Any:
    """A YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def panels() -> list[dict[str, Any]]:
    """The panels of the dashboard that show something."""
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[str]:
    """Every PromQL expression of the rules and of the dashboard."""
    yield from (rule["expr"] for group in read_yaml(RULES)["groups"] for rule in group["rules"])
    yield from dashboard_expressions()


def dashboard_expressions() -> Iterator[str]:
    """Every PromQL expression of the dashboard."""
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    yield from (target["expr"] for panel in panels() for target in panel["targets"])
    yield from (note["expr"] for note in dashboard["annotations"]["list"])


def base_name(series: str) -> str:
    """The metric that a series belongs to: a histogram has three kinds of them."""
    stem = re.sub(r"_(bucket|sum|count)$", "", series)
    return stem if stem in HISTOGRAMS else series


def test_every_metric_that_is_asked_for_exists() -> None:
    asked = {base_name(name) for text in expressions() for name in re.findall(r"\btocsin_\w+", text)}
    assert asked <= set(LABELS)


def test_every_metric_that_exists_is_shown_on_the_dashboard() -> None:
    shown = {base_name(name) for text in dashboard_expressions() for name in re.findall(r"\btocsin_\w+", text)}
    assert shown == set(LABELS)


def test_every_label_that_is_asked_for_belongs_to_its_metric() -> None:
    for text in expressions():
        for name, selector in re.findall(r"\b(tocsin_\w+)\{([^}]*)\}", text):
            labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))
            assert labels <= LABELS[base_name(name)] | SCRAPED, text


def test_every_grouping_is_by_labels_that_the_metrics_of_the_expression_have() -> None:
    for text in expressions():
        names = {base_name(name) for name in re.findall(r"\btocsin_\w+", text)}
        known = set().union(*(LABELS[name] for name in names)) | SCRAPED
        grouped = {label.strip() for labels in re.findall(r"\bby \(([^)]*)\)", text) for label in labels.split(",")}
        assert grouped <= known, text


def test_results_of_polls_that_count_as_good_are_those_of_the_poller() -> None:
    good = "|".join(result for result in Result if result.ok)
    for text in expressions():
        assert set(re.findall(r'result[!=]~"(new\|[^"]*)"', text)) <= {good}


def test_prometheus_scrapes_every_service_where_compose_runs_it() -> None:
    [job] = [job for job in read_yaml(PROMETHEUS)["scrape_configs"] if job["job_name"] == "tocsin"]
    scraped = {part["labels"]["service"]: part["targets"] for part in job["static_configs"]}
    ports = {name: service.environment.get("TOCSIN_HTTP__PORT") for name, service in services().items()}
    assert scraped == {name: [f"{name}:{port}"] for name, port in ports.items() if port}


def test_promtool_accepts_the_configuration_and_its_rules() -> None:
    told = run_tool("promtool", "check", "config", str(PROMETHEUS))
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_rules_ring_when_they_should_and_are_silent_when_they_should() -> None:
    told = run_tool("promtool", "test", "rules", str(Path(__file__).with_name("prometheus_rules_test.yml")))
    assert told.returncode == 0, told.stdout + told.stderr


def test_every_rule_has_a_test_that_makes_it_ring() -> None:
    text = Path(__file__).with_name("prometheus_rules_test.yml").read_text(encoding="utf-8")
    rung = {
        check["alertname"]
        for test in yaml.safe_load(text)["tests"]
        for check in test["alert_rule_test"]
        if check["exp_alerts"]
    }
    assert rung == {rule["alert"] for group in read_yaml(RULES)["groups"] for rule in group["rules"]}


def test_promtool_can_parse_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    parsed = [text.replace("$__rate_interval", "5m").replace("$rule", ".*") for text in dashboard_expressions()]
    rules = [{"record": f"panel:{at}", "expr": text} for at, text in enumerate(parsed)]
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")
    told = run_tool("promtool", "check", "rules", str(path))
    assert told.returncode == 0, told.stdout + told.stderr


def test_amtool_accepts_the_configuration_of_the_alertmanager() -> None:
    told = run_tool("amtool", "check-config", str(DEPLOY / "alertmanager" / "alertmanager.yml"))
    assert told.returncode == 0, told.stdout + told.stderr


def test_every_severity_of_the_rules_goes_to_a_receiver_of_its_name() -> None:
    told = {rule["labels"]["severity"] for group in read_yaml(RULES)["groups"] for rule in group["rules"]}
    receivers = {each["name"] for each in read_yaml(DEPLOY / "alertmanager" / "alertmanager.yml")["receivers"]}
    assert told == receivers


def test_prometheus_and_grafana_look_for_each_other_where_compose_runs_them() -> None:
    [alertmanager] = read_yaml(PROMETHEUS)["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]
    [source] = read_yaml(DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    running = {f"{name}:{port.target}" for name, service in services().items() for port in service.ports}
    assert {alertmanager, source["url"].removeprefix("http://")} <= running


def test_the_dashboard_is_mounted_where_grafana_is_told_to_look() -> None:
    [provider] = read_yaml(DEPLOY / "grafana" / "provisioning" / "dashboards" / "tocsin.yml")["providers"]
    grafana = services()["grafana"]
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in grafana.raw["volumes"]
    home = grafana.environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/{DASHBOARD.name}"


def test_every_panel_says_what_it_shows_and_asks_the_provisioned_data_source() -> None:
    [source] = read_yaml(DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    for panel in panels():
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert {panel["datasource"]["uid"], *(target["datasource"]["uid"] for target in panel["targets"])} == {
            source["uid"]
        }


def test_panels_do_not_lie_on_each_other_and_have_ids_of_their_own() -> None:
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    cells = [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(places)
