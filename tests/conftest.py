"""Fixtures for all tests."""

import os
import subprocess
import sys
from collections.abc import Iterator

import hypothesis
import pytest

from services.runtime.embedded import READY
from tests.kafka_server import KafkaServer, first_line, require_kafka

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Read when numpy is first imported, which is later than this. The parser's matrices are small: on a busy machine two
threads burn 36 s of CPU on what one does in 7 s."""

hypothesis.settings.register_profile("calm", deadline=None)  # no test may fail on a time
hypothesis.settings.load_profile("calm")

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


@pytest.fixture(scope="session")
def embedded_kafka() -> Iterator[str]:
    """The address of an embedded cluster, shared by the whole run: use topics under a prefix of your own."""
    command = [sys.executable, "-m", "services.runtime.embedded"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        line = first_line(process, _START_SECONDS).strip()
        assert line.startswith(READY), "the embedded cluster did not start"
        yield line.removeprefix(READY)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(_STOP_SECONDS)


@pytest.fixture(scope="session")
def real_kafka() -> Iterator[str]:
    """The address of a real Apache Kafka broker, shared by the whole run: use topics under a prefix of your own.

    Skips the test where there is no Java, and fails it there under TOCSIN_REQUIRE_KAFKA=1.
    """
    require_kafka()
    with KafkaServer() as kafka:
        yield kafka.bootstrap
