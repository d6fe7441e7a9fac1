"""The table's entries: what is stored is what was judged, however little of it was encoded anew."""

import pytest

from services.alerter.clocks import Clocks
from services.alerter.groups import Groups
from services.alerter.judge import judge
from services.alerter.state import History
from services.core.rule import Rules
from services.core.sighting import Tick
from services.core.wire import decode, encode
from tests.builders import at, rule, sighting

KEY = b"clashes|test|AAA"


@pytest.mark.parametrize("raw", [False, True])
def test_an_entry_written_piece_by_piece_is_the_history(raw: bool) -> None:
    table: dict[bytes, bytes] = {}
    groups = Groups(table)
    groups.write(KEY, History())
    for hour in (5, 1, 3, 1, 40):
        one = sighting(hour, f"i{hour}")
        history, _ = judge(rule(), groups.entry(KEY) or History(), one, one.at)
        groups.write(KEY, history, one.sighting_id if raw else "", encode(one) if raw else None)
        assert decode(History, table[KEY]) == history == groups.entry(KEY)
        assert len(table[KEY]) == len(encode(history))
        if hour == 3:
            groups.forget()
    assert Groups(table).entry(KEY) == groups.entry(KEY)


def test_an_entry_that_is_too_large_loses_its_oldest_sightings_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.alerter.groups.MAX_BYTES", 8_000)
    monkeypatch.setattr("services.alerter.state.MAX_BYTES", 8_000)
    table: dict[bytes, bytes] = {}
    groups = Groups(table)
    history = History().with_sightings(sighting(hour, f"i{hour}") for hour in range(20))
    groups.write(KEY, history)
    kept = decode(History, table[KEY])
    assert len(table[KEY]) <= 8_000
    assert kept.sightings == history.sightings[-len(kept.sightings) :]
    assert kept.dropped == 20 - len(kept.sightings)
    assert kept.with_sightings(history.sightings) == kept


def test_a_clock_is_read_once_and_again_when_partitions_have_changed() -> None:
    table: dict[bytes, bytes] = {}
    one, other = Clocks(table), Clocks(table)
    assert one.clock("a", 0) == other.clock("a", 0)
    other.take(Tick(stream="a", clock=at(3)), Rules(rules=(rule(),)), 0)
    assert other.clock("a", 0) == at(3)
    assert one.clock("a", 0) != at(3)
    one.forget()
    assert one.clock("a", 0) == at(3)
