"""Child processes kept alive, and none left behind."""

import asyncio
import itertools
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from services.core.errors import BrokerError
from services.runtime.supervisor import EmbeddedCluster, Program, Supervisor, last_words
from tests.runtime.stages import alive, until


def program(folder: Path, code: str, name: str = "child") -> Program:
    """A Python program."""
    return Program(name, [sys.executable, "-S", "-c", code], os.environ, folder / "logs" / f"{name}.log")


def moments(file: Path) -> Sequence[float]:
    """When the program started, each time."""
    return [float(line) for line in file.read_text(encoding="utf-8").split()] if file.exists() else []


async def test_a_program_that_ends_is_started_again_with_pauses_that_double_up_to_a_limit(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    code = f"import time; print(time.time(), file=open({str(log)!r}, 'a')); raise SystemExit('no more')"
    async with Supervisor(first_pause=0.2, longest_pause=0.8) as supervisor:
        supervisor.start(program(tmp_path, code))
        await until(lambda: len(moments(log)) >= 5)
    gaps = [after - before for before, after in itertools.pairwise(moments(log)[:5])]
    assert [gap > pause for gap, pause in zip(gaps, (0.2, 0.4, 0.8, 0.8), strict=True)] == [True] * 4
    assert gaps[3] < 1.6
    assert supervisor.failures["child"] >= 4
    assert (tmp_path / "logs" / "child.log").read_text(encoding="utf-8").startswith("no more\n" * 4)


async def test_closing_stops_programs_at_once_and_does_not_wait_out_a_pause(tmp_path: Path) -> None:
    async with Supervisor(first_pause=30) as supervisor:
        supervisor.start(program(tmp_path, "import time; time.sleep(60)", "sleeper"))
        supervisor.start(program(tmp_path, "raise SystemExit(1)", "broken"))
        await until(lambda: supervisor.failures["broken"] and supervisor.pid("sleeper"))
        pid = supervisor.pid("sleeper")
        assert pid
        assert alive(pid)
        closing = time.monotonic()
    assert time.monotonic() - closing < 3
    assert not alive(pid)
    assert supervisor.pid("sleeper") is None
    assert supervisor.failures["sleeper"] == 0


async def test_a_key_press_that_ends_all_of_a_terminal_reaches_no_program(tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        supervisor.start(program(tmp_path, "import time; time.sleep(60)"))
        await until(lambda: supervisor.pid("child"))
        pid = supervisor.pid("child")
        assert pid
        assert os.getsid(pid) != os.getsid(0)


async def test_a_program_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    flag = tmp_path / "deaf"
    code = f"import signal, time; signal.signal(15, signal.SIG_IGN); open({str(flag)!r}, 'w'); time.sleep(60)"
    async with Supervisor(stop_seconds=0.5) as supervisor:
        supervisor.start(program(tmp_path, code))
        await until(flag.exists)
        pid = supervisor.pid("child")
        assert pid
    assert not alive(pid)


async def test_a_program_that_is_closed_while_it_starts_does_not_stay(tmp_path: Path) -> None:
    async with Supervisor(stop_seconds=5) as supervisor:
        supervisor.start(program(tmp_path, "import time; time.sleep(60)"))
        await asyncio.sleep(0)
        closing = time.monotonic()
    assert time.monotonic() - closing < 4


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has died")
async def test_nothing_is_left_behind_when_the_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.runtime.programs", "supervises", str(tmp_path)]
    parent = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    address, child, cluster = (await asyncio.wait_for(parent.stdout.readline(), 30)).decode().split()
    host, _, port = address.partition(":")
    socket.create_connection((host, int(port)), timeout=5).close()
    assert alive(int(child))
    assert alive(int(cluster))
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    await until(lambda: not alive(int(child)) and not alive(int(cluster)), 10)


async def test_the_embedded_cluster_ends_cleanly(tmp_path: Path) -> None:
    cluster = EmbeddedCluster(tmp_path / "logs" / "kafka.log")
    async with cluster as address:
        assert address.partition(":")[2].isdigit()
        pid = cluster.pid
        assert pid
        assert alive(pid)
    assert not alive(pid)
    assert cluster.exit_code == 0
    assert (tmp_path / "logs" / "kafka.log").read_text(encoding="utf-8") == ""


async def test_an_embedded_cluster_that_does_not_start_is_an_error_that_names_its_log(tmp_path: Path) -> None:
    cluster = EmbeddedCluster(tmp_path / "kafka.log", argv=(sys.executable, "-c", "raise SystemExit('no librdkafka')"))
    with pytest.raises(BrokerError, match=r"kafka\.log: no librdkafka"):
        await cluster.__aenter__()


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("", ""),
        ("one\ntwo\n\n", "two"),
        ("{not json\n", "{not json"),
        ("3\n", "3"),
        (json.dumps({"event": "failed", "exception": "Traceback\n  ...\nValueError: a bug\n"}), "ValueError: a bug"),
        (json.dumps({"event": "kafka failed", "error": "nobody answers"}), "nobody answers"),
        (json.dumps({"event": "stopped"}), "stopped"),
        ("x" * 1000, "x" * 300),
        ("y" * 200_000 + "\nlast", "last"),
    ],
)
def test_last_words_are_the_reason_in_the_last_line(tmp_path: Path, log: str, words: str) -> None:
    file = tmp_path / "log"
    file.write_text(log, encoding="utf-8")
    assert last_words(file) == words


def test_a_program_without_a_log_has_no_last_words(tmp_path: Path) -> None:
    assert last_words(tmp_path / "none") == ""
