"""Every command of docker-compose.yml with the environment that stands there, natively, against real Kafka.

Only what a container changes is changed: the broker's host name, addresses and folders of this machine, and free ports.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.acceptance.pipeline import ROOT, until_ready
from tests.deploy.compose import ComposeService, services
from tests.ports import free_port

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]

STAYING = ("extractor", "alerter", "dashboard", "notifier", "poller")


def native(service: ComposeService, *, kafka: str, folder: Path, port: int) -> dict[str, str]:
    """The environment of a service of the file, on this machine."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    here = {
        "TOCSIN_KAFKA": kafka,
        "TOCSIN_HTTP__HOST": "127.0.0.1",
        "TOCSIN_HTTP__PORT": str(port),
        "TOCSIN_STATE_DIR": str(folder),
        "TOCSIN_TOPICS__PREFIX": "compose",
    }
    changed = {name: value for name, value in here.items() if name in service.environment or name.endswith("PREFIX")}
    assert service.environment["TOCSIN_KAFKA"] == "kafka:9092"
    return {**outside, **service.environment, **changed}


def command(service: ComposeService) -> list[str]:
    return [sys.executable, "-m", "services", *service.command]


@contextmanager
def started(service: ComposeService, environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (
        log.open("wb") as output,
        subprocess.Popen(command(service), cwd=ROOT, env=dict(environment), stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def rung(url: str, *, until: int) -> set[str]:
    """The rules of the alerts that the API tells of, once there are so many of them."""
    for _ in range(960):
        with urllib.request.urlopen(url, timeout=5) as answer:
            found = {alert["rule"] for alert in json.load(answer)["items"]}
        if len(found & {"ceasefire-breach", "border-incident"}) >= until:
            return found
        time.sleep(0.25)
    raise TimeoutError(f"only {found} rang")


def test_the_services_of_the_file_start_work_and_stop(real_kafka: str, tmp_path: Path) -> None:
    of = services()
    once = native(of["topics"], kafka=real_kafka, folder=tmp_path, port=0)
    subprocess.run(command(of["topics"]), cwd=ROOT, env=once, check=True, timeout=60)
    ports = {name: free_port() for name in STAYING}
    with ExitStack() as stack:
        running = {}
        for name in STAYING:
            environment = native(of[name], kafka=real_kafka, folder=tmp_path / name, port=ports[name])
            running[name] = stack.enter_context(started(of[name], environment, tmp_path / f"{name}.log"))
        for port in ports.values():
            asyncio.run(until_ready(port))
        for name in STAYING:
            probe = {**os.environ, "TOCSIN_HTTP__PORT": str(ports[name])}
            subprocess.run([sys.executable, *of[name].healthcheck[1:]], env=probe, check=True, timeout=20)
        again = native(of["replay"], kafka=real_kafka, folder=tmp_path, port=0)
        subprocess.run(command(of["replay"]), cwd=ROOT, env=again, check=True, timeout=60)
        alerts = f"http://127.0.0.1:{ports['dashboard']}/api/v1/alerts"
        assert {"ceasefire-breach", "border-incident"} <= rung(alerts, until=2)
    codes = {name: process.returncode for name, process in running.items()}
    logs = "\n".join((tmp_path / f"{name}.log").read_text() for name in STAYING if codes[name])
    assert set(codes.values()) == {0}, f"{codes}\n{logs}"
