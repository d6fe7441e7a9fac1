"""Prometheus, Alertmanager and Grafana: valid by their own tools, and asking only for metrics that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from services.core.feed_state import Result
from services.runtime.metrics import DEFINITIONS
from tests.deploy.compose import services
from tests.deploy.monitoring import (
    ALERTMANAGER,
    DASHBOARD,
    DEPLOY,
    PROMETHEUS,
    asked_for,
    base_name,
    dashboard,
    dashboard_expressions,
    expressions,
    filled_in,
    panels,
    read_yaml,
    rules,
)
from tests.deploy.tools import run_tool

LABELS = {definition.name: set(definition.labels) for definition in DEFINITIONS}
# Labels that come from the scrape and not from the process.
SCRAPED = {"job", "service", "instance", "le"}


def test_every_metric_that_is_asked_for_exists() -> None:
    asked = {name for text in expressions() for name in asked_for(text)}
    assert {base_name(name) for name in asked} <= set(LABELS)
    assert {name for name in asked if ":" in name} == {rule["record"] for rule in rules("record")}


def test_every_metric_that_exists_is_shown_on_the_dashboard() -> None:
    shown = {base_name(name) for text in dashboard_expressions() for name in asked_for(text)}
    assert shown == set(LABELS)


def test_every_label_that_is_asked_for_belongs_to_its_metric() -> None:
    for text in expressions():
        for name, selector in re.findall(r"\b(tocsin_\w+)\{([^}]*)\}", text):
            labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))
            assert labels <= LABELS[base_name(name)] | SCRAPED, text


def test_every_grouping_is_by_labels_that_the_metrics_of_the_expression_have() -> None:
    for text in expressions():
        names = {base_name(name) for name in asked_for(text)}
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
    assert rung == {rule["alert"] for rule in rules("alert")}


def test_promtool_can_parse_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    parsed = [{"record": f"panel:{at}", "expr": filled_in(text)} for at, text in enumerate(dashboard_expressions())]
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": parsed}]}), encoding="utf-8")
    told = run_tool("promtool", "check", "rules", str(path))
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("path", [ALERTMANAGER, ALERTMANAGER.with_name("example.yml")], ids=lambda path: path.name)
def test_amtool_accepts_the_configurations_of_the_alertmanager_and_their_templates(path: Path) -> None:
    told = run_tool("amtool", "check-config", str(path))
    assert (told.returncode, "1 templates" in told.stdout) == (0, True), told.stdout + told.stderr


def test_every_severity_of_the_rules_goes_to_a_receiver_of_its_name() -> None:
    told = {rule["labels"]["severity"] for rule in rules("alert")}
    assert told | {"news"} == {each["name"] for each in read_yaml(ALERTMANAGER)["receivers"]}


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


def test_the_dashboard_is_one_as_grafana_reads_it() -> None:
    schema = read_yaml(Path(__file__).with_name("grafana.schema.yml"))
    Draft202012Validator.check_schema(schema)
    problems = [f"{each.json_path}: {each.message}" for each in Draft202012Validator(schema).iter_errors(dashboard())]
    assert problems == []


def test_everything_on_the_dashboard_asks_the_provisioned_data_source() -> None:
    [source] = read_yaml(DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    shown = dashboard()
    asking = [*shown["templating"]["list"], *shown["annotations"]["list"], *panels()]
    asking += [target for panel in panels() for target in panel["targets"]]
    assert {each["datasource"]["uid"] for each in asking} == {source["uid"]}
    assert {each["datasource"]["type"] for each in asking} == {source["type"]}


def test_every_variable_of_the_dashboard_is_used_and_every_one_used_is_there() -> None:
    there = {variable["name"] for variable in dashboard()["templating"]["list"]}
    used = {name for text in dashboard_expressions() for name in re.findall(r"\$(\w+)", text)}
    assert {name for name in used if not name.startswith("__")} == there


def test_the_queries_of_a_panel_have_names_of_their_own() -> None:
    for panel in panels():
        names = [target["refId"] for target in panel["targets"]]
        assert len(set(names)) == len(names), panel["title"]


def test_panels_do_not_lie_on_each_other_and_have_ids_of_their_own() -> None:
    placed = dashboard()["panels"]
    places = [panel["gridPos"] for panel in placed]
    cells = [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in placed}) == len(places)
