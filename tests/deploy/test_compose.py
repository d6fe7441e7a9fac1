"""docker-compose.yml: a valid document, safe by default, in step with the settings, the image and its neighbours."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from jsonschema.validators import validator_for  # type: ignore[import-untyped]

from services.runtime.http import Health, HealthServer
from services.runtime.metrics import Metrics
from services.runtime.settings import settings_table
from tests.deploy.compose import COMPOSE, ROOT, ComposeService, Port, load, services

ALL = services()
OWN = {name: service for name, service in ALL.items() if service.image.startswith("tocsin:")}
STAGES = {"poller": 9101, "extractor": 9102, "alerter": 9103, "dashboard": 8080, "notifier": 9105}
ONE_SHOT = {"topics", "replay"}
each = pytest.mark.parametrize("service", ALL.values(), ids=list(ALL))
each_own = pytest.mark.parametrize("service", OWN.values(), ids=list(OWN))


def test_it_fits_the_schema_of_the_compose_specification() -> None:
    package = importlib.util.find_spec("check_jsonschema")
    assert package
    assert package.origin
    schema_file = Path(package.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    document = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    errors = [f"{error.json_path}: {error.message}" for error in validator_for(schema)(schema).iter_errors(document)]
    assert errors == []


def test_the_five_stages_and_both_one_shot_jobs_run_from_one_image() -> None:
    assert set(OWN) == {*STAGES, *ONE_SHOT}
    assert len({service.image for service in OWN.values()}) == 1
    assert [name for name, service in ALL.items() if "build" in service.raw] == ["topics"]


def test_the_image_carries_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert OWN["poller"].image == f"tocsin:{project['version']}"


@each
def test_every_image_is_pinned(service: ComposeService) -> None:
    assert re.search(r":v?\d+\.\d+\.\d+$", service.image), service.image


@each
def test_nothing_runs_as_root_or_can_become_it(service: ComposeService) -> None:
    assert int(service.raw["user"].split(":")[0]) >= 400
    assert service.raw["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service.raw["security_opt"]


@each
def test_only_kafka_whose_image_renders_its_configuration_may_write_to_its_file_system(service: ComposeService) -> None:
    assert service.raw.get("read_only", False) == (service.name != "kafka")


@each
def test_memory_processors_processes_and_logs_are_bounded(service: ComposeService) -> None:
    assert set(service.raw["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert set(service.raw["logging"]["options"]) == {"max-size", "max-file"}


@each
def test_only_the_page_is_reachable_from_other_machines(service: ComposeService) -> None:
    if service.name == "dashboard":
        assert service.ports == (Port("", 8080, 8080),)
    else:
        assert all(port.host == "127.0.0.1" for port in service.ports)


@each
def test_what_runs_long_has_a_health_check_and_is_started_again(service: ComposeService) -> None:
    long_running = service.name not in ONE_SHOT
    assert bool(service.healthcheck) == long_running
    assert service.raw["restart"] == ("unless-stopped" if long_running else "no")


@each
def test_what_is_mounted_from_the_repository_is_there_and_read_only(service: ComposeService) -> None:
    named = load()["volumes"]
    for volume in service.raw.get("volumes", ()):
        source, *target_and_mode = volume.split(":")
        if source.startswith("."):
            assert (ROOT / source).exists(), source
            assert target_and_mode[-1] == "ro"
        else:
            assert source in named


@pytest.mark.parametrize(("name", "port"), STAGES.items())
def test_each_stage_answers_where_others_look_for_it(name: str, port: int) -> None:
    assert ALL[name].command == (name,)
    assert ALL[name].environment["TOCSIN_HTTP__PORT"] == str(port)
    assert ALL[name].environment["TOCSIN_HTTP__HOST"] == "0.0.0.0"


@each_own
def test_every_variable_of_ours_is_a_setting(service: ComposeService) -> None:
    known = set(re.findall(r"`(TOCSIN_\w+)`", settings_table()))
    assert {key for key in service.environment if key.startswith("TOCSIN_")} <= known


@each_own
def test_services_wait_for_kafka_and_its_topics_and_have_a_minute_to_stop(service: ComposeService) -> None:
    waits = {name: how["condition"] for name, how in service.raw["depends_on"].items()}
    topics = {} if service.name == "topics" else {"topics": "service_completed_successfully"}
    assert waits == {"kafka": "service_healthy", **topics}
    assert service.raw["stop_grace_period"] == "60s"


def test_monitoring_and_the_replay_are_asked_for_and_the_pipeline_is_not() -> None:
    profiles = {name: service.profiles for name, service in ALL.items() if service.profiles}
    monitoring = dict.fromkeys(("prometheus", "alertmanager", "grafana"), ("monitoring",))
    assert profiles == {**monitoring, "replay": ("replay",)}


def test_the_webhook_comes_from_the_shell_or_from_a_file_and_is_none_otherwise() -> None:
    name = "TOCSIN_NOTIFIER__WEBHOOK_URL"
    assert ALL["notifier"].environment[name] == ""
    given = services(variables={name: "https://example.org/hook"})
    assert given["notifier"].environment[name] == "https://example.org/hook"


def test_the_health_check_passes_while_a_process_of_ours_lives_and_fails_when_it_is_gone() -> None:
    health = Health()
    health.waits_for("kafka")  # a service that waits for its broker is alive: to start it again would not help
    with HealthServer("127.0.0.1", 0, metrics=Metrics(), health=health) as server:
        port = server.port
        assert probe(ALL["poller"], port) == 0
    assert probe(ALL["poller"], port) != 0


def probe(service: ComposeService, port: int) -> int:
    """Run a service's health check here; its exit code."""
    program, *arguments = service.healthcheck
    assert program == "python"
    environment = {**os.environ, "TOCSIN_HTTP__PORT": str(port)}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, timeout=20, check=False)
    return done.returncode


def test_kafka_runs_on_the_properties_that_the_tests_run_on() -> None:
    mounted = [volume.split(":")[0] for volume in ALL["kafka"].raw["volumes"] if volume.startswith(".")]
    assert mounted == ["./deploy/kafka/server.properties"]
    overridden = {name for name in ALL["kafka"].environment if name.startswith("KAFKA_") and name != "KAFKA_HEAP_OPTS"}
    assert overridden == {"KAFKA_LISTENERS", "KAFKA_ADVERTISED_LISTENERS", "KAFKA_LOG_DIRS"}


def test_kafka_is_the_release_that_the_tests_run_on() -> None:
    found = re.search(r"<kafka\.version>([^<]+)<", (ROOT / "deploy" / "kafka" / "pom.xml").read_text(encoding="utf-8"))
    assert found
    assert ALL["kafka"].image == f"apache/kafka:{found[1]}"


def test_every_command_is_one_that_tocsin_has() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "services", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 0, told.stderr
    for service in OWN.values():
        assert re.search(rf"\b{service.command[0]}\b", told.stdout), service.command
