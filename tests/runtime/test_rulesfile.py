"""The rules file while it changes."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from services.core.rule import Rules
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.rulesfile import RulesFile
from services.runtime.settings import Settings
from services.runtime.stage import Stage
from tests.runtime.stages import until

RULE = "- {name: %s, when: {event_types: [Battles]}, window: 6h, severities: {info: 1}}\n"


def written(*names: str) -> str:
    return "rules:\n" + "".join(RULE % name for name in names)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    (tmp_path / "rules.yaml").write_text(written("one"), encoding="utf-8")
    settings = Settings(kafka="127.0.0.1:9", rules=tmp_path / "rules.yaml", rules_check="1s")
    return Stage("alerter", settings, Metrics(), Health(), asyncio.Event())


def value(stage: Stage, name: str, **labels: str) -> float | None:
    return stage.metrics.registry.get_sample_value(name, {"stage": "alerter", **labels})


def names(rules: Rules | None) -> list[str]:
    return [rule.name for rule in rules.rules] if rules else []


def test_a_changed_file_is_read_once_it_was_the_same_twice(stage: Stage) -> None:
    file, path = RulesFile(stage), stage.settings.rules
    assert names(file.look(at_once=True)) == ["one"]
    path.write_text(written("one", "two")[:60], encoding="utf-8")
    assert file.look() is None
    path.write_text(written("one", "two"), encoding="utf-8")
    assert file.look() is None
    assert names(file.look()) == ["one", "two"]
    assert file.look() is None


def test_a_wrong_file_leaves_the_old_rules_and_tells_every_problem(stage: Stage) -> None:
    file, path = RulesFile(stage), stage.settings.rules
    file.look(at_once=True)
    assert (value(stage, "tocsin_rules_valid"), value(stage, "tocsin_rules_reads_total", result="loaded")) == (1, 1)
    path.write_text(written("one", "one", "Two"), encoding="utf-8")
    assert file.look(at_once=True) is None
    assert [rule.name for rule in file.in_force.rules] == ["one"]
    assert len(file.in_force.problems) == 2
    assert (value(stage, "tocsin_rules_valid"), value(stage, "tocsin_rules_reads_total", result="refused")) == (0, 1)
    path.unlink()
    file.look(at_once=True)
    assert "No such file" in str(file.in_force.problems[0])
    path.write_text(written("one"), encoding="utf-8")
    assert file.look(at_once=True) is None, "the same rules as before are no change"
    assert (file.in_force.problems, value(stage, "tocsin_rules_valid")) == ((), 1)
    assert value(stage, "tocsin_rules_loaded_timestamp_seconds")


async def test_a_hangup_reads_the_file_at_once_and_the_check_does_so_by_itself(stage: Stage) -> None:
    file, path, taken = RulesFile(stage), stage.settings.rules, []
    file.look(at_once=True)

    async def take(rules: Rules) -> None:
        taken.append(names(rules))

    keeping = asyncio.create_task(file.keep(take))
    await asyncio.sleep(0)
    path.write_text(written("two"), encoding="utf-8")
    os.kill(os.getpid(), signal.SIGHUP)
    await until(lambda: taken == [["two"]])
    path.write_text(written("three"), encoding="utf-8")
    await until(lambda: taken == [["two"], ["three"]])
    keeping.cancel()
    asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
