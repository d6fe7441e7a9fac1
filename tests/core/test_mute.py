"""Which alerts are muted, by whom: a function of the alerts, the silences, the rules and the clock."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.core.alert import Alert
from services.core.inhibit import Inhibit
from services.core.mute import MutedBy, facts_of, muted_by
from services.core.silence import new_silence
from tests.builders import NOON, at
from tests.commands.samples import alert

COUNTRY_WIDE = Inhibit(source=("group_by=country",), target=("group_by=place",), equal=("country", "desk"))
SILENCE = new_silence(("group=Northfort",), starts_at=NOON, ends_at=at(2), author="Ada", comment="known")


def country(**changes: Any) -> Alert:
    return alert(alert_id="wide", rule="wide", group="AAA", group_by="country", country="AAA", **changes)


def place(**changes: Any) -> Alert:
    return alert(**{"alert_id": "town", "group": "Northfort", "group_by": "place", "country": "AAA", **changes})


def mutes(one: Alert, *others: Alert, hour: float = 1) -> list[str]:
    found = muted_by(one, (*others, one), silences=(SILENCE,), inhibits=(COUNTRY_WIDE,), now=at(hour))
    return [mute.ident for mute in found]


def test_a_country_wide_alert_mutes_its_places_and_not_itself() -> None:
    assert mutes(place(), country(), hour=5) == ["wide"]
    assert mutes(country(), place(), hour=5) == []


def test_what_is_over_mutes_nothing() -> None:
    assert mutes(place(), country(state="resolved"), hour=5) == []


def test_alerts_that_differ_in_what_must_be_equal_mute_nothing() -> None:
    assert mutes(place(country="BBB"), country(), hour=5) == []
    assert mutes(place(labels={"desk": "south"}), country(), hour=5) == []
    assert mutes(place(stream="live"), country(), hour=5) == []


def test_alerts_that_fit_both_sides_do_not_mute_each_other() -> None:
    every = Inhibit(source=("rule=~.*",), target=("rule=~.*",))
    assert muted_by(place(), [country()], silences=(), inhibits=(every,), now=NOON) == ()


def test_a_silence_mutes_while_it_lasts_and_says_who_and_why() -> None:
    assert [bool(mutes(place(), hour=hour)) for hour in (-1, 0, 1.9, 2)] == [False, True, True, False]
    (mute,) = muted_by(place(), (), silences=(SILENCE,), inhibits=(), now=NOON)
    assert mute.kind is MutedBy.SILENCE
    assert mute.reason == "silenced by Ada until 2020-10-01 14:00 UTC: known"


def test_labels_cannot_pass_for_our_own_facts() -> None:
    assert facts_of(place(labels={"group": "Elsewhere", "desk": "south"}))["group"] == "Northfort"
    assert facts_of(place(labels={"desk": "south"}))["desk"] == "south"


@given(st.lists(st.sampled_from(["firing", "resolved"]), max_size=5), st.randoms(use_true_random=False))
def test_who_came_first_does_not_matter(states: list[str], rng: random.Random) -> None:
    others = [country(state=state).model_copy(update={"alert_id": str(n)}) for n, state in enumerate(states)]
    shuffled = rng.sample(others, len(others))
    assert mutes(place(), *others) == mutes(place(), *shuffled)
    assert len(mutes(place(), *others)) == states.count("firing") + 1
