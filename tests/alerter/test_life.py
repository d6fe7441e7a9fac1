"""What takes a count down before its window has passed, and what a cooldown keeps quiet."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerter.judge import judge, lives_of
from services.alerter.match import match
from services.alerter.sent import Sent, new_sent, sent_key
from services.alerter.state import History
from services.core.alert import Alert
from services.core.event import Attribution, Mention, Place
from services.core.rule import Rule, Rules
from services.core.sighting import Revision, Sighting
from tests.builders import article, at, event, rule

News = Sighting | Revision
BBB = Mention(text="BBB's ministry", id="BBB-MOD")
AAA = Mention(text="AAA's ministry", id="AAA-MOD")
MONITORS = Mention(text="the monitors", id="UNO")
BY_AAA = Attribution(who=(AAA,), role="belligerent")


def told(
    hours: float, where: str, outlet: str = "one", *, of: Rule | None = None, edit: float | None = None, **changes: Any
) -> Sighting:
    """A clash at a place, said by AAA, told by an outlet; ``edit`` makes it the revision of that hour."""
    text = f"A clash at {where}, {outlet} says, {edit}, {sorted(changes.items(), key=str)}."
    fetched = {"fetched": at(edit)} if edit is not None else {}
    item = article(text, published=at(hours), outlet=outlet, ident=f"{outlet}-{hours}", **fetched)
    place = Place(text=where, name=where, geo_precision=1, country="AAA")
    fields = {"location": (place,), "actor": (Mention(text="BBB", id="BBB-MIL"),), "attribution": BY_AAA, **changes}
    (found,) = match(Rules(rules=(of or rule(),)), event(item, **fields))
    return found


def denial(hours: float, where: str, outlet: str = "wire", **changes: Any) -> Sighting:
    return told(hours, where, outlet, modality="denied", **{"attribution": None, **changes})


def edited(first: Sighting, hour: float) -> Revision:
    """A newer revision of a sighting's article that tells nothing of the matter."""
    sent = new_sent(first.article, -1).having(first.article, [first])
    newer = first.article.model_copy(update={"revision": f"later-{hour}", "fetched": at(hour)})
    (revision,) = sent.having(newer).revisions()
    return revision


def feed(news: Sequence[News], end: float, of: Rule | None = None) -> tuple[History, list[Alert]]:
    history, published = History(), []
    for each in news:
        clock = each.at if isinstance(each, Sighting) else max(each.fetched.values())
        history, changes = judge(of or rule(), history, each, clock)
        published += changes
    history, changes = judge(of or rule(), history, None, at(end))
    return history, published + list(changes)


def states(published: Sequence[Alert]) -> list[tuple[str, float]]:
    """Each state with its hour, once."""
    all_ = [(alert.state.value, (alert.changed_at - at(0)).total_seconds() / 3600) for alert in published]
    return list(dict.fromkeys(all_))


TWO = [told(0, "Northfort"), told(1, "Southfort", "two")]


def test_a_denial_by_the_accused_is_noted_and_changes_nothing() -> None:
    _, published = feed([*TWO, denial(3, "Northfort", denied_by=(BBB,))], end=5)
    assert states(published) == [("firing", 1)]
    noted = published[-1].evidence[-1]
    basis = "Armed clash · Northfort · 2020-10-01"
    assert (noted.verdict, noted.reason) == ("denial", f"BBB's ministry denies {basis}; noted only: it counts on")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"denied_by": (AAA,)}, "taken back by AAA's ministry, on whose word it stood"),
        ({"denied_by": (MONITORS,)}, "denied by the monitors, who has no part in it"),
        (
            {"attribution": Attribution(who=(MONITORS,), role="third_party")},
            "denied by the monitors, who has no part in it",
        ),
        ({"outlet": "one"}, "one takes its story back"),
    ],
)
def test_who_takes_it_back_or_has_no_part_in_it_retracts_once_under_the_same_id(
    changes: dict[str, Any], reason: str
) -> None:
    _, published = feed([*TWO, denial(3, "Northfort", **changes)], end=50)
    assert states(published) == [("firing", 1), ("retracted", 3)]
    assert len({alert.alert_id for alert in published}) == 1
    last = published[-1]
    assert "taken below the threshold at 2020-10-01 15:00 UTC by a denial, correction or edit" in last.reason
    assert [(e.verdict.value, e.reason) for e in last.evidence if e.verdict == "withdrawn"] == [("withdrawn", reason)]
    assert [e.verdict.value for e in last.evidence] == ["withdrawn", "counted", "denial"]


def test_another_outlet_s_own_word_and_a_rule_that_only_notes_change_nothing() -> None:
    assert states(feed([*TWO, denial(3, "Northfort", "other")], end=5)[1]) == [("firing", 1)]
    noting = rule(denials="note")
    assert states(feed([*TWO, denial(3, "Northfort", denied_by=(MONITORS,))], 5, noting)[1]) == [("firing", 1)]


def test_what_is_told_again_after_a_denial_counts_again() -> None:
    again = told(5, "Northfort", "three")
    _, published = feed([*TWO, denial(3, "Northfort", denied_by=(MONITORS,)), again], end=6)
    assert states(published) == [("firing", 1), ("retracted", 3), ("firing", 5)]


def test_a_denial_of_something_else_or_one_that_comes_too_late_is_no_denial_of_this() -> None:
    assert states(feed([*TWO, denial(3, "Elsewhere", denied_by=(MONITORS,))], end=5)[1]) == [("firing", 1)]
    late = denial(3, "Northfort", denied_by=(MONITORS,), outlet="wire")
    late = late.model_copy(update={"article": late.article.model_copy(update={"fetched": at(300)})})
    assert states(feed([*TWO, late], end=5)[1]) == [("firing", 1)]


def test_a_denial_above_the_threshold_deescalates_and_below_it_later_resolves() -> None:
    of = rule(severities={"warning": 1, "critical": 2})
    _, published = feed([*TWO, denial(3, "Northfort", denied_by=(MONITORS,))], 50, of)
    assert states(published) == [("firing", 0), ("escalated", 1), ("deescalated", 3), ("resolved", 25)]


def test_an_edit_without_the_sentence_retracts() -> None:
    _, published = feed([*TWO, edited(TWO[0], 4)], end=50)
    assert states(published) == [("firing", 1), ("retracted", 4)]
    assert "the outlet has edited this article on 2020-10-01 16:00 UTC" in [e.reason for e in published[-1].evidence]


def test_an_edit_that_keeps_the_matter_changes_nothing() -> None:
    newer = told(0, "Northfort", edit=4)
    _, published = feed([*TWO, newer], end=6)
    assert states(published) == [("firing", 1)]
    assert published[-1].counts.sightings == 2


def test_a_resolved_group_is_quiet_for_its_cooldown_and_says_what_was_held_back() -> None:
    of = rule(window="2h", cooldown="6h", severities={"warning": 1})
    history, published = feed([told(0, "A"), told(3, "B")], 6, of)
    assert states(published) == [("firing", 0), ("resolved", 2)]
    assert "it rang again at 2020-10-01 15:00 UTC, held back until 2020-10-01 17:00 UTC" in published[-1].reason
    assert not history.open
    history, published = feed([told(0, "A"), told(7, "B")], 7.5, of)
    assert states(published) == [("firing", 0), ("resolved", 2)]
    assert history.open
    assert history.due == at(8)
    history, changes = judge(of, history, None, at(8))
    assert states(changes) == [("resolved", 2), ("firing", 8)]
    assert "held back since 2020-10-01 19:00 UTC by the cooldown of 6h" in changes[-1].reason


def test_what_was_retracted_needs_no_cooldown() -> None:
    of = rule(cooldown="6h", severities={"warning": 1})
    _, published = feed([told(0, "A"), edited(told(0, "A"), 1), told(2, "B", "two")], 3, of)
    assert states(published) == [("firing", 0), ("retracted", 1), ("firing", 2)]


def test_casualties_are_those_of_incidents_not_of_articles() -> None:
    of = rule(count="casualties", severities={"warning": 10, "critical": 20})

    def dead(count: int, kind: str = "killed", **more: Any) -> dict[str, Any]:
        return {"kind": kind, "who": "civilian", "count": count, "text": "x", **more}

    news = [
        told(0, "A", casualties=(dead(6), dead(5, "wounded"), dead(900, cumulative=True), dead(4, who="equipment"))),
        told(1, "A", "two", casualties=(dead(8), dead(5, "wounded"))),
        told(2, "B", "two", casualties=(dead(7),)),
        told(3, "C", "two"),
    ]
    _, published = feed(news, 30, of)
    assert states(published) == [("firing", 0), ("escalated", 2), ("resolved", 25)]
    assert published[-1].counts.casualties == 20
    assert "20 casualties of 3 independent incidents within 1d" in published[-1].reason


PLACES = st.sampled_from(["North", "South", "East"])
NEWS = st.lists(
    st.one_of(
        st.builds(told, st.integers(0, 60), PLACES, st.sampled_from(["one", "two"])),
        st.builds(told, st.integers(0, 60), PLACES, st.just("one"), edit=st.integers(61, 90)),
        st.builds(
            lambda hours, where, who: denial(hours, where, **who),
            st.integers(0, 70),
            PLACES,
            st.sampled_from(
                [{"denied_by": (AAA,)}, {"denied_by": (BBB,)}, {"denied_by": (MONITORS,)}, {"outlet": "one"}]
            ),
        ),
    ),
    max_size=9,
    unique_by=lambda s: s.sighting_id,
)
COOLDOWNS = st.sampled_from([None, "1h", "30h"])


def ends(of: Rule, history: History) -> list[dict[str, Any]]:
    return [a.model_dump(mode="json", exclude={"alert_id"}) for life in lives_of(of, history) for a in life]


@settings(max_examples=60, deadline=None)
@given(NEWS, COOLDOWNS, st.randoms(use_true_random=False), st.integers(60, 120))
def test_denials_edits_and_cooldowns_end_alike_in_any_order(
    sightings: list[Sighting], cooldown: str | None, rng: random.Random, end: int
) -> None:
    of = rule(cooldown=cooldown, severities={"warning": 1, "critical": 2})
    edits: list[News] = [edited(s, 75) for s in sightings[:2]]
    news = [*sightings, *edits]
    shuffled = rng.sample(news, len(news)) + news[: len(news) // 2]
    one, other = feed(news, end, of)[0], feed(shuffled, end, of)[0]
    assert ends(of, one) == ends(of, other)
    assert History.model_validate_json(one.model_dump_json()) == one


def test_what_was_sent_of_an_article_is_the_same_in_any_order_and_bounded() -> None:
    first = told(0, "A")
    newer = first.article.model_copy(update={"revision": "b", "fetched": at(1)})
    one = new_sent(first.article, 2).having(first.article, [first]).having(newer)
    other = new_sent(newer, 2).having(first.article, [first]).having(newer)
    assert one == other
    assert one.having(newer) is one
    assert [r.fetched for r in one.revisions()] == [{"b": at(1), first.article.revision: at(0)}]
    assert list(new_sent(first.article, 2).having(first.article, [first]).revisions()) == []
    assert sent_key(first.article) == b"test|one-0"
    for number in range(80):
        revision = newer.model_copy(update={"revision": str(number), "fetched": at(2) + timedelta(minutes=number)})
        one = one.having(revision)
    assert len(one.fetched) == 50
    assert Sent.model_validate_json(one.model_dump_json()) == one


def test_a_side_that_may_be_accused_takes_nothing_back_by_its_denial() -> None:
    nameless = [told(0, "Northfort", actor=()), told(1, "Southfort", "two", actor=())]
    accused = Mention(text="CCC's army", id="CCC-MIL")
    _, published = feed([*nameless, denial(3, "Northfort", actor=(), denied_by=(accused,))], end=5)
    assert states(published) == [("firing", 1)]


def test_a_negation_in_a_report_is_no_correction_of_it() -> None:
    first = told(0, "Northfort")
    same = denial(0, "Northfort", "one").model_copy(update={"article": first.article})
    _, published = feed([first, same, told(1, "Southfort", "two")], end=5)
    assert states(published) == [("firing", 1)]
