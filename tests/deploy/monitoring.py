"""What `deploy/` asks of Prometheus: the expressions of its rules and of the Grafana dashboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from services.runtime.metrics import DEFINITIONS
from tests.deploy.compose import ROOT

DEPLOY = ROOT / "deploy"
PROMETHEUS = DEPLOY / "prometheus" / "prometheus.yml"
RULES = DEPLOY / "prometheus" / "rules.yml"
ALERTMANAGER = DEPLOY / "alertmanager" / "alertmanager.yml"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "tocsin.json"

HISTOGRAMS = {definition.name for definition in DEFINITIONS if definition.kind == "histogram"}
_NAMES = re.compile(r"(?<![\w:])(?:\w+:)?tocsin_[\w:]+")


def read_yaml(path: Path) -> Any:
    """A YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    document: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return document


def panels() -> list[dict[str, Any]]:
    """The panels of the dashboard that show something."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def rules(kind: str) -> list[dict[str, Any]]:
    """The rules of one kind: ``alert`` or ``record``."""
    return [rule for group in read_yaml(RULES)["groups"] for rule in group["rules"] if kind in rule]


def expressions() -> Iterator[str]:
    """Every PromQL expression of the rules and of the dashboard."""
    yield from (rule["expr"] for kind in ("record", "alert") for rule in rules(kind))
    yield from dashboard_expressions()


def dashboard_expressions() -> Iterator[str]:
    """Every PromQL expression of the dashboard."""
    yield from (target["expr"] for panel in panels() for target in panel["targets"])
    yield from (note["expr"] for note in dashboard()["annotations"]["list"])


def filled_in(expression: str) -> str:
    """An expression with values where Grafana puts them: all rules, and the least window it takes for 15 s scrapes."""
    return expression.replace("$__rate_interval", "1m").replace("$rule", ".*")


def asked_for(expression: str) -> set[str]:
    """The names of our series in an expression, recorded ones too."""
    return set(_NAMES.findall(expression))


def base_name(series: str) -> str:
    """The metric that a series rests on: a histogram has three kinds of them, a recorded one has it in the middle."""
    named = next(part for part in series.split(":") if part.startswith("tocsin_"))
    stem = re.sub(r"_(bucket|sum|count)$", "", named)
    return stem if stem in HISTOGRAMS else named
