"""Programs of Debian packages that some tests need, run once or as servers."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

PACKAGES = {
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "amtool": "prometheus-alertmanager",
    "prometheus-alertmanager": "prometheus-alertmanager",
}


def tool(name: str) -> str:
    """Where a program is; skips the test where it is missing, or fails it under TOCSIN_REQUIRE_TOOLS=1."""
    found = shutil.which(name)
    if not found:
        reason = f"{name} is missing (Debian: {PACKAGES[name]}); what it checks is NOT checked"
        if os.environ.get("TOCSIN_REQUIRE_TOOLS") == "1":
            pytest.fail(f"{reason}, and TOCSIN_REQUIRE_TOOLS=1 forbids to skip", pytrace=False)
        pytest.skip(reason)
    return found


def run_tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; see :func:`tool` for where it is missing."""
    return subprocess.run([tool(name), *arguments], capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def prometheus(config: Path, folder: Path, port: int) -> Iterator[str]:
    """A running Prometheus with its data in the folder; its address. It may need a moment until it answers."""
    named = [f"--config.file={config}", f"--storage.tsdb.path={folder / 'prometheus'}"]
    with _running("prometheus", named, folder, f"127.0.0.1:{port}") as address:
        yield address


@contextmanager
def alertmanager(config: Path, folder: Path, port: int = 0) -> Iterator[str]:
    """A running Alertmanager, likewise, alone and not as one of a cluster."""
    named = [f"--config.file={config}", f"--storage.path={folder / 'alertmanager'}", "--cluster.listen-address="]
    with _running("prometheus-alertmanager", named, folder, f"127.0.0.1:{port or free_port()}") as address:
        yield address


@contextmanager
def _running(name: str, arguments: list[str], folder: Path, address: str) -> Iterator[str]:
    command = [tool(name), *arguments, f"--web.listen-address={address}"]
    with (
        (folder / f"{name}.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        try:
            yield f"http://{address}"
        finally:
            process.terminate()
