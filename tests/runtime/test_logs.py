"""Logs: JSON lines that machines can read, and libraries that do not flood them."""

import json
import logging
import subprocess
import sys

from services.runtime.logs import Repeats

PROGRAM = """
import logging, sys, threading
from services.runtime.logs import configure_logs, logger
configure_logs("poller", sys.argv[1], sys.argv[2])
log = logger("services.poller")
log.debug("hidden", number=1)
log.info("a line\\nand another", number=1, path="/a", word="caf\\u00e9", thing={"a": [1, None]})
try:
    raise ValueError("broken")
except ValueError:
    log.exception("failed", feed="one")
for _ in range(5):
    logging.getLogger("aiokafka.conn").error("Unable to connect to %s", "host:1")
logging.getLogger("aiokafka.conn").info("hidden")
logging.getLogger("some.library").warning("told by %s", "a library")
"""


def logged(level: str, style: str) -> list[str]:
    """The lines that the program writes to standard error."""
    command = [sys.executable, "-c", PROGRAM, level, style]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_json_logs_are_one_object_a_line_with_stage_level_time_and_fields() -> None:
    lines = [json.loads(line) for line in logged("info", "auto")]
    assert [line["event"] for line in lines] == [
        "a line\nand another",
        "failed",
        "Unable to connect to host:1",
        "told by a library",
    ]
    assert all(line["stage"] == "poller" and line["timestamp"].endswith("Z") for line in lines)
    assert [line["level"] for line in lines] == ["info", "error", "error", "warning"]
    assert lines[0]["thing"] == {"a": [1, None]}
    assert lines[0]["word"] == "café"
    assert lines[1]["exception"].rstrip().endswith("ValueError: broken")
    assert lines[3]["logger"] == "some.library"


def test_text_logs_are_for_people() -> None:
    first, *_ = logged("info", "text")
    assert "a line" in first
    assert not first.startswith("{")


def test_the_level_hides_what_is_less_grave() -> None:
    assert [json.loads(line)["event"] for line in logged("error", "json")] == ["failed", "Unable to connect to host:1"]
    assert json.loads(logged("debug", "json")[0])["event"] == "hidden"


def line(name: str, text: str, number: int = 1) -> logging.LogRecord:
    """A record of a logger at a line of its source."""
    return logging.LogRecord(name, logging.ERROR, "file.py", number, text, None, None)


def test_a_librarys_repeated_complaint_passes_once_in_ten_seconds() -> None:
    now = [0.0]
    repeats = Repeats(lambda: now[0])
    passed = []
    for second in range(25):
        now[0] = float(second)
        if repeats.filter(line("aiokafka.conn", "Unable to connect")):
            passed.append(second)
    assert passed == [0, 10, 20]


def test_different_complaints_and_our_own_lines_all_pass() -> None:
    repeats = Repeats(lambda: 0.0)
    assert repeats.filter(line("aiokafka.conn", "one"))
    assert repeats.filter(line("aiokafka.conn", "two"))
    assert repeats.filter(line("aiokafka.conn", "one", number=2))
    assert all(repeats.filter(line("services.alerter.app", "alert")) for _ in range(3))
