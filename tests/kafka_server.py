"""A real Apache Kafka broker for the tests: `deploy/kafka/run` in a folder of its own, on a port of its own.

    with KafkaServer() as kafka:
        AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)

A fixture asks `require_kafka()` first: without Java or Maven it skips with the reason, or fails with it where the
environment says TOCSIN_REQUIRE_KAFKA=1, so that a build machine cannot skip in silence.
"""

from __future__ import annotations

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

import pytest

RUN = Path(__file__).resolve().parent.parent / "deploy" / "kafka" / "run"
READY = re.compile(r"kafka ready on (127\.0\.0\.1:(\d+))")
# The first start of all brings 54 MB of jars; a start with the jars there takes 3 to 4 s on two cores.
START_SECONDS = 300.0
STOP_SECONDS = 40.0


class KafkaNotStarted(Exception):  # noqa: N818 (a state the test reports, named by what happened)
    """The broker did not come up; the message is what `deploy/kafka/run` said."""


def available() -> str:
    """Why a broker cannot be started here; an empty string when it can."""
    if not shutil.which("java"):
        return "real Kafka is not available: no java on PATH (Debian: default-jre-headless)"
    if not shutil.which("mvn"):
        return "real Kafka is not available: no mvn on PATH to bring its jars (Debian: maven)"
    return ""


def require_kafka() -> None:
    """Go on only where a broker can be started: skip the test, or fail it under TOCSIN_REQUIRE_KAFKA=1."""
    reason = available()
    if reason and os.environ.get("TOCSIN_REQUIRE_KAFKA") == "1":
        pytest.fail(f"{reason}, and TOCSIN_REQUIRE_KAFKA=1 forbids to skip", pytrace=False)
    if reason:
        pytest.skip(f"{reason}; the tests on a real broker are NOT run")


class KafkaServer:
    """One broker with its data folder; the port stays the same from the first start to the last."""

    def __init__(self, data: Path | None = None, *, port: int = 0) -> None:
        """Name the folder (a temporary one, deleted by `stop`, unless given) and the port (0: a free one)."""
        self._own = data is None
        self.data = Path(tempfile.mkdtemp(prefix="tocsin-kafka-")) if data is None else data
        self.port = port
        self.script: subprocess.Popen[str] | None = None

    @property
    def bootstrap(self) -> str:
        """What a client connects to: host:port."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the broker's JVM."""
        return int((self.data / "kafka.pid").read_text(encoding="utf-8"))

    def start(self) -> KafkaServer:
        """Start the broker and wait until it answers.

        Raises:
            KafkaNotStarted: it did not come up, with what it said on standard error.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(RUN), "--port", str(self.port), "--data", str(self.data), "--with-parent"]
        with (self.data / "run.err").open("w", encoding="utf-8") as errors:
            self.script = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        ready = READY.search(first_line(self.script, START_SECONDS))
        if not ready:
            self._end()
            raise KafkaNotStarted((self.data / "run.err").read_text(encoding="utf-8"))
        self.port = int(ready[2])
        return self

    def kill9(self) -> None:
        """Kill the broker's JVM at once, as a power cut would; `restart` brings it back."""
        os.kill(self.pid, signal.SIGKILL)
        self._end()

    def terminate(self) -> None:
        """Stop the broker in order and keep its data; `restart` brings it back."""
        self._end()

    def restart(self) -> KafkaServer:
        """Start again on the same port and data, stopping the broker first if it still runs."""
        self._end()
        return self.start()

    def stop(self) -> None:
        """Stop the broker, and delete its data folder if it was a temporary one."""
        self._end()
        if self._own:
            shutil.rmtree(self.data, ignore_errors=True)

    def _end(self) -> None:
        if self.script is None:
            return
        if self.script.poll() is None:
            self.script.terminate()
        try:
            self.script.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.script.kill()
            self.script.wait()
        if self.script.stdout:
            self.script.stdout.close()
        self.script = None

    def __enter__(self) -> KafkaServer:
        """Start the broker."""
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop the broker."""
        self.stop()


def first_line(process: subprocess.Popen[str], timeout: float) -> str:
    """The first line the process prints; empty if it ends, or stays silent for so many seconds."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline() if selector.select(timeout) else ""
