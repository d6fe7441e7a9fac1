"""How a service runs as a process: health, signals, exit codes, and the watchdog that ends what hangs."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.core.topics import ARTICLES
from services.runtime.broker import Record
from services.runtime.stage import PORTS, Limits, report_lag
from tests.runtime.stages import stage_on, until


class Service:
    """A running service and what it logs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []

    def logged(self, event: str) -> dict[str, Any]:
        """Waits for a line of its log."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(json.loads(line))
            if self.lines[-1]["event"] == event:
                return self.lines[-1]
        raise AssertionError(f"no {event!r} in {self.lines}")

    def stopped(self) -> tuple[int, float]:
        """Exit code, and seconds that it took, after SIGTERM."""
        begun = time.monotonic()
        self.process.terminate()
        return self.process.wait(20), time.monotonic() - begun


@contextmanager
def service(body: str, *arguments: str) -> Iterator[Service]:
    """The service with this body."""
    command = [sys.executable, "-m", "tests.runtime.programs", body, *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Service(process)
        finally:
            process.kill()


def status(port: int, path: str) -> int:
    """Status of a path on its health server."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_is_told_to_stop_ends_cleanly(number: int) -> None:
    with service("waits") as running:
        port = running.logged("listening")["port"]
        running.logged("started")
        assert (status(port, "/healthz"), status(port, "/metrics")) == (200, 200)
        while status(port, "/readyz") != 200:
            time.sleep(0.02)
        os.kill(running.process.pid, number)
        assert running.process.wait(10) == 0
        assert running.logged("stopped")["stage"] == "poller"


@pytest.mark.parametrize(
    ("body", "code", "event"), [("ends", 0, "stopped"), ("loses_kafka", 3, "kafka failed"), ("breaks", 1, "failed")]
)
def test_the_exit_code_tells_how_a_service_ended(body: str, code: int, event: str) -> None:
    with service(body) as running:
        assert running.process.wait(10) == code
        line = running.logged(event)
        assert body != "loses_kafka" or line["error"] == "nobody answers"
        assert body != "breaks" or line["exception"].endswith("ValueError: a bug")


def test_a_service_that_does_not_stop_in_time_is_cancelled() -> None:
    with service("ignores_the_stop") as running:
        running.logged("started")
        code, seconds = running.stopped()
        assert (code, running.logged("did not stop in time")["seconds"]) == (1, 1.0)
        assert 0.9 < seconds < 5


@pytest.mark.parametrize("body", ["hangs_in_its_cleanup", "hangs_in_a_thread"])
def test_a_service_that_cannot_be_cancelled_is_ended_by_the_watchdog(body: str) -> None:
    with service(body) as running:
        running.logged("started")
        code, seconds = running.stopped()
        assert code == 70
        assert running.logged("the process does not move any more; ending it")["level"] == "critical"
        assert seconds < 6


def test_a_main_loop_that_stands_still_is_ended_by_the_watchdog_while_health_still_answers() -> None:
    with service("blocks") as running:
        port = running.logged("listening")["port"]
        running.logged("started")
        assert status(port, "/healthz") == 200
        assert running.process.wait(15) == 70


def test_a_service_that_runs_longer_than_the_watchdogs_patience_is_left_alone() -> None:
    with service("waits") as running:
        running.logged("started")
        time.sleep(2.5)
        assert running.stopped()[0] == 0


async def test_the_lag_of_a_service_is_on_its_metrics(embedded_kafka: str, tmp_path: Path) -> None:
    stage = stage_on(embedded_kafka, "lag", tmp_path)
    topic = stage.topics.of(ARTICLES)
    async with stage.broker.producer() as producer:
        await producer.send(*(Record(topic, None, b"", partition=number % 4) for number in range(5)))
    reporting = asyncio.create_task(report_lag(stage, (topic,)))
    labels = {"group": "lag-extractor", "topic": topic}
    await until(lambda: stage.metrics.registry.get_sample_value("tocsin_consumer_lag", labels) == 5)
    stage.stop.set()
    await asyncio.wait_for(reporting, 3)


def test_a_taken_port_is_told_before_anything_runs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with service("waits", port) as running:
            assert running.process.stderr is not None
            said = running.process.stderr.read()
            assert f"TOCSIN_HTTP__PORT: 127.0.0.1:{port} is taken" in said
            assert '"started"' not in said


def test_services_have_ports_of_their_own_and_ten_seconds_to_stop() -> None:
    assert len(set(PORTS.values())) == len(PORTS) == 5
    assert Limits() == Limits(stop=10.0, stuck=120.0)
