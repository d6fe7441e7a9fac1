"""The command line as a user runs it: a process of its own, with an environment without settings of ours."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "services")


def environment(**more: str) -> Mapping[str, str]:
    """This process's environment without what steers Tocsin or colours, and with these variables."""
    steering = ("TOCSIN_", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TERM", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return {**kept, **more}


def tocsin(
    *arguments: str | Path, given: bytes = b"", timeout: float = 90, **env: str
) -> subprocess.CompletedProcess[str]:
    """What a command did: exit code, standard output, standard error."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        check=False,
        input=given,
        capture_output=True,
        timeout=timeout,
        cwd=ROOT,
        env=environment(**env),
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
