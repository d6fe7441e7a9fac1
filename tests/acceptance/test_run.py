"""``tocsin run`` as a newcomer calls it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from services.commands.backtest import backtest
from services.core.alert import Alert
from services.extractor.text.pipeline import load_pipeline
from services.runtime.files import load_rules
from tests.acceptance.pipeline import ROOT, RULES, ends, stored

pytestmark = pytest.mark.timeout(240)


def tocsin(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "services", *arguments]


def environment(folder: Path) -> dict[str, str]:
    ours = {"TOCSIN_STATE_DIR": str(folder), "TOCSIN_HTTP__HOST": "127.0.0.1", "NO_COLOR": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    return {**kept, **ours}


def test_a_replay_that_exits_prints_the_alerts_of_the_backtest_as_json_lines(tmp_path: Path) -> None:
    command = tocsin("run", "--replay", "seeds", "--exit", "--json")
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    alerts = [Alert.model_validate_json(line) for line in done.stdout.splitlines()]
    outcome = backtest(load_rules(RULES), load_pipeline(), stored(ROOT / "seeds", "expected"))
    assert ends(alerts) == ends(outcome.alerts)
    firing = {alert.rule for alert in alerts if alert.state == "firing"}
    assert firing >= {"ceasefire-breach", "border-incident"}


def test_a_replay_that_rings_nothing_exits_with_its_own_code(tmp_path: Path) -> None:
    calm = {"id": "c", "text": "The bakery on the square won a prize.", "published": "2024-01-01T00:00:00Z"}
    (tmp_path / "calm.jsonl").write_text(json.dumps(calm), encoding="utf-8")
    command = tocsin("run", "--replay", str(tmp_path / "calm.jsonl"), "--exit", "--json")
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (4, "")
    assert "no alert was raised" in done.stderr


def test_it_stays_up_with_its_page_and_stops_cleanly(tmp_path: Path) -> None:
    command = tocsin("run", "--replay", "seeds")
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        page = ""
        for line in running.stderr:
            if "Page:" in line:
                page = line.split("Page:")[1].strip()
            if "Ctrl-C" in line:
                break
        with urllib.request.urlopen(f"{page}api/v1/alerts", timeout=10) as answer:
            assert "ceasefire-breach" in answer.read().decode()
        running.send_signal(signal.SIGTERM)
        output, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "FIRING ceasefire-breach AZE" in output
    for log in (tmp_path / "logs").glob("*.log"):
        lines = log.read_text(encoding="utf-8").splitlines()
        # The Kafka client's coordinator asserts that it has an assignment, which it may have lost when it is closed.
        told = [line for line in lines if "Traceback" in line and "Unexpected error in coordinator routine" not in line]
        assert told == [], log.name
