"""Metrics and health over HTTP."""

import json
import socket
import urllib.error
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.core.errors import ConfigError
from services.runtime.http import Health, HealthServer
from services.runtime.metrics import Metrics


def get(server: HealthServer, path: str) -> tuple[int, str, bytes]:
    """Status, content type and body of a path."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def test_metrics_are_served_in_prometheus_own_format() -> None:
    metrics = Metrics()
    metrics.count("tocsin_deadletters_total", stage="extractor")
    with HealthServer("127.0.0.1", 0, metrics=metrics, health=Health()) as server:
        status, kind, body = get(server, "/metrics?x=1")
    samples = [sample for family in text_string_to_metric_families(body.decode()) for sample in family.samples]
    assert status == 200
    assert kind.startswith("text/plain; version=")
    assert ("tocsin_deadletters_total", {"stage": "extractor"}, 1.0) in [(s.name, s.labels, s.value) for s in samples]


def test_a_process_is_alive_before_it_is_ready_and_says_what_it_waits_for() -> None:
    health = Health({"kafka"})
    health.waits_for("history")
    with HealthServer("127.0.0.1", 0, metrics=Metrics(), health=health) as server:
        assert get(server, "/healthz")[0] == 200
        status, kind, body = get(server, "/readyz")
        assert (status, kind) == (503, "application/json")
        assert json.loads(body) == {"status": "waiting", "missing": ["history", "kafka"]}
        health.has("kafka")
        health.has("history")
        assert json.loads(get(server, "/readyz")[2]) == {"status": "ready", "missing": []}
        assert get(server, "/readyz")[0] == 200
        health.waits_for("kafka")
        assert get(server, "/readyz")[0] == 503


def test_other_paths_are_not_found() -> None:
    with HealthServer("127.0.0.1", 0, metrics=Metrics(), health=Health()) as server:
        assert get(server, "/table/history")[0] == 404


def test_a_taken_port_is_a_mistake_in_the_settings_and_named_by_its_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"TOCSIN_HTTP__PORT: 127\.0\.0\.1:{port} is taken"):
            HealthServer("127.0.0.1", port, metrics=Metrics(), health=Health())


def test_an_address_of_another_machine_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"TOCSIN_HTTP__PORT: 192\.0\.2\.1:0"):
        HealthServer("192.0.2.1", 0, metrics=Metrics(), health=Health())
