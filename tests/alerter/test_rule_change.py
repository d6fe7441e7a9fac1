"""A running alerter whose rules change."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from services.alerter.groups import Groups
from services.alerter.state import History
from services.core.article import Article
from services.core.kinds import Kind
from services.core.rule import Rule, Rules
from services.core.topics import ARTICLES, EVENTS
from services.core.wire import encode
from services.runtime.broker import Record
from services.runtime.stage import Stage
from tests.alerter.running import Running, handled
from tests.builders import article, at, event, rule
from tests.fakes import MemoryBroker
from tests.runtime.stages import stage_on

TWO = rule(name="clashes", window="6h", severities={"info": 2})
ONE = rule(name="clashes", window="6h", severities={"info": 1})
OTHER = rule(name="other", window="6h", severities={"info": 5})
SIDES = {"first": {"event_types": ["Battles"]}, "within": "2d"}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    stage = stage_on("127.0.0.1:9", "change", tmp_path)
    settings = stage.settings.model_copy(update={"embedded": True})
    stage = Stage("alerter", settings, stage.metrics, stage.health, stage.stop)
    broker = MemoryBroker()
    async with broker.producer() as producer:
        yield Running(OnMemory(stage, broker), broker, producer, TWO)


class OnMemory(Stage):
    """A stage whose cluster is in memory."""

    def __init__(self, stage: Stage, broker: MemoryBroker) -> None:
        super().__init__(stage.name, stage.settings, stage.metrics, stage.health, stage.stop)
        object.__setattr__(self, "_memory", broker)

    @property
    def broker(self) -> MemoryBroker:  # type: ignore[override]
        """The cluster."""
        return self._memory  # type: ignore[attr-defined,no-any-return]


def tells(hour: float) -> Article:
    return article(f"Two sides clashed at {hour}.", published=at(hour), ident=f"h{hour}")


async def test_a_changed_rule_judges_what_is_known_at_once(running: Running) -> None:
    await running.reads(tells(0))
    assert running.alerts() == []
    await running.change(ONE)
    assert running.told() == [("firing", ONE.version)]
    await running.change(TWO)
    assert running.told()[1:] == [("retracted", ONE.version)]


async def test_a_rule_that_changed_while_the_alerter_was_down_judges_what_is_known(running: Running) -> None:
    await running.reads(tells(0))
    running.start(ONE)
    await running.alerter.tick_all()
    await running.pump()
    assert running.told() == [("firing", ONE.version)]
    await running.alerter.tick_all()
    await running.pump()
    assert len(running.alerts()) == 1


async def test_alerts_of_a_rule_that_is_gone_end_and_go_on_when_it_comes_back(running: Running) -> None:
    running.start(ONE)
    await running.reads(tells(0))
    await running.change(OTHER)
    fired, ended = running.alerts()
    assert (ended.state, ended.alert_id) == ("resolved", fired.alert_id)
    assert "taken out of the rules file" in ended.reason
    await running.change(OTHER)
    assert len(running.alerts()) == 2
    await running.change(OTHER, ONE)
    assert [(one.state.value, one.alert_id) for one in running.alerts()[2:]] == [("firing", fired.alert_id)]


async def test_a_sighting_of_a_rule_that_only_another_instance_knows_yet_is_kept_for_it(running: Running) -> None:
    running.start(ONE)
    await running.alerter.on_article(Record(ARTICLES, b"a", encode(tells(0))))
    await handled(running.alerter.on_event(Record(EVENTS, b"a", encode(event(tells(0))))))
    running.start(OTHER)
    await running.pump()
    assert running.alerts() == []
    await running.change(OTHER, ONE)
    assert running.told() == [("firing", ONE.version)]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.THRESHOLD])
async def test_a_rule_may_become_one_of_another_kind_and_back(running: Running, kind: Kind) -> None:
    running.start(ONE)
    await running.reads(tells(0), tells(1))
    extra = {"sequence": SIDES} if kind is Kind.SEQUENCE else {}
    await running.change(rule(name="clashes", window="6h", severities={"info": 1}, kind=kind.value, **extra))
    await running.reads(tells(2))
    await running.change(ONE)
    last = {one.alert_id: one for one in running.alerts()}
    assert [one.counts.sightings for one in last.values() if one.state.active] == [3]


def test_what_a_tick_must_look_at_does_not_grow_with_the_groups_at_rest() -> None:
    table: dict[bytes, bytes] = {b"@clock|s|0": b"{}"}
    groups = Groups(table)
    for number in range(50):
        groups.write(b"clashes|s|%d" % number, History(partition=number % 2, version=ONE.version))
    assert groups.open(("s", 0)) == set()
    assert len(groups.of_rules(("s", 0), ["clashes"])) == 25
    assert_stale(groups, [ONE], 0)
    assert_stale(groups, [TWO], 25)
    assert_stale(Groups(table), [TWO], 25)


def assert_stale(groups: Groups, rules: Sequence[Rule], count: int) -> None:
    assert len(groups.stale(("s", 1), Rules(rules=tuple(rules)))) == count
