"""Programs of Debian packages that some tests need."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

PACKAGES = {"promtool": "prometheus", "amtool": "prometheus-alertmanager"}


def run_tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program, or skip the test where it is missing; TOCSIN_REQUIRE_TOOLS=1 makes that a failure."""
    if not shutil.which(name):
        reason = f"{name} is missing (Debian: {PACKAGES[name]}); what it checks is NOT checked"
        if os.environ.get("TOCSIN_REQUIRE_TOOLS") == "1":
            pytest.fail(f"{reason}, and TOCSIN_REQUIRE_TOOLS=1 forbids to skip", pytrace=False)
        pytest.skip(reason)
    return subprocess.run([name, *arguments], capture_output=True, text=True, timeout=60, check=False)
