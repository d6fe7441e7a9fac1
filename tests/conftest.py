"""Fixtures for all tests."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from services.runtime.embedded import READY


@pytest.fixture(scope="session")
def embedded_kafka() -> Iterator[str]:
    """The address of an embedded cluster, shared by the whole run: use topics under a prefix of your own."""
    command = [sys.executable, "-m", "services.runtime.embedded"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix(READY)
        process.stdin.close()
