"""One thing and then another: the order of publication decides, within a group and a time."""

import pytest

from services.alerter.judge import judge
from services.alerter.match import match, match_keywords
from services.alerter.state import KEPT_SIGHTINGS, MAX_SIGHTINGS, History
from services.core.rule import Rules
from services.core.sighting import Part, Revision, Sighting, Verdict
from tests.alerter.kinds import feed, told, verdict_on
from tests.builders import article, at, event, rule

BROKEN = rule(
    kind="sequence",
    when={"flags": ["ceasefire_violation"]},
    sequence={"first": {"sub_event_types": ["Agreement"]}, "within": "3d"},
    window="7d",
    severities={"warning": 1, "critical": 2},
)


def first(hour: float, thing: str = "truce") -> Sighting:
    return told(hour, thing, part="first")


def then(hour: float, thing: str = "breach", **changes: object) -> Sighting:
    return told(hour, thing, part="then", **changes)


def test_what_follows_rings_and_both_are_told() -> None:
    _, (alert,) = feed(BROKEN, [first(0), then(48)], end=50)
    assert (alert.state, alert.started_at) == ("firing", at(48))
    assert alert.baseline is not None
    assert alert.baseline.model_dump(mode="json") == {
        "kind": "sequence",
        "within": "3d",
        "first": [first(0).event_id],
        "then": [then(48).event_id],
    }
    assert [piece.verdict for piece in alert.evidence] == [Verdict.FIRST, Verdict.COUNTED]
    assert alert.reason == (
        "1 independent incident up to 2020-10-03 12:00 UTC that followed what had to come first by at most 3d, "
        "threshold 1 (warning)"
    )


@pytest.mark.parametrize(
    ("case", "rings"),
    [
        ([then(0), first(1)], False),
        ([first(0), then(0)], False),
        ([first(0), then(72)], True),
        ([first(0), then(72.5)], False),
        ([first(0)], False),
        ([then(0)], False),
        ([first(0), first(70), then(100)], True),
    ],
)
def test_only_what_comes_after_and_in_time_rings(case: list[Sighting], rings: bool) -> None:
    assert bool(feed(BROKEN, case, end=200)[1]) is rings


def test_what_came_first_is_shown_when_it_lies_before_the_window() -> None:
    short = BROKEN.model_copy(update={"window": BROKEN.window / 7})
    _, (alert, *_) = feed(short, [first(0), then(70)], end=71)
    assert [piece.verdict.value for piece in alert.evidence] == ["first", "counted"]


def test_the_verdict_says_that_nothing_came_first() -> None:
    history, _ = feed(BROKEN, [then(0), first(1), then(2)], end=3)
    assert verdict_on(BROKEN, history, then(0)).verdict is Verdict.NOTHING_FIRST
    assert verdict_on(BROKEN, history, then(0)).reason == "nothing came first within the 3d before it"
    assert verdict_on(BROKEN, history, first(1)).verdict is Verdict.FIRST
    assert verdict_on(BROKEN, history, then(2)).verdict is Verdict.COUNTED


def edited(one: Sighting, hour: float) -> Revision:
    """The record that the article of a sighting was edited, and tells nothing of the matter since."""
    of = one.article
    return Revision(
        rule=one.rule,
        group=one.group,
        stream=one.stream,
        article_id=of.id,
        published=of.published,
        fetched={of.revision: of.fetched, "new": at(hour)},
    )


def test_an_alert_is_retracted_when_what_came_first_is_taken_back() -> None:
    history, _ = feed(BROKEN, [first(0), then(48)], end=50)
    _, changes = judge(BROKEN, history, edited(first(0), 60), at(60))
    assert [(one.state.value, one.changed_at) for one in changes] == [("retracted", at(60))]
    assert "what came first was taken back" in changes[0].evidence[-1].reason


def test_what_was_taken_back_before_leads_nothing_and_another_lead_takes_over() -> None:
    history, _ = feed(BROKEN, [first(0)], end=1)
    history, _ = judge(BROKEN, history, edited(first(0), 10), at(10))
    assert feed(BROKEN, [then(48)], end=50, history=history)[1] == []
    assert feed(BROKEN, [first(20, "truce again"), then(48)], end=50, history=history)[1] != []


def test_many_that_follow_do_not_push_out_what_came_first() -> None:
    history = History().with_sightings([first(0)])
    for number in range(MAX_SIGHTINGS // 2 + 1):
        history = history.with_sightings([then(1 + number / 10, sighting_id=f"s{number}")]).roomier()
    assert sum(one.part is Part.FIRST for one in history.sightings) == 1
    assert sum(one.part is Part.THEN for one in history.sightings) == KEPT_SIGHTINGS // 2
    assert history.dropped == (MAX_SIGHTINGS - KEPT_SIGHTINGS) // 2 + 1


def test_an_event_takes_the_sides_whose_conditions_it_meets() -> None:
    rules = Rules(rules=(BROKEN,))
    sides = {
        name: [one.part for one in match(rules, made)]
        for name, made in {
            "truce": event(sub_event_type="Agreement", event_type="Strategic developments"),
            "breach": event(ceasefire_violation=True),
            "both": event(sub_event_type="Agreement", ceasefire_violation=True),
            "neither": event(),
        }.items()
    }
    assert sides == {"truce": ["first"], "breach": ["then"], "both": ["first", "then"], "neither": []}
    both = match(rules, event(sub_event_type="Agreement", ceasefire_violation=True))
    assert len({one.sighting_id for one in both}) == 2


def test_an_article_takes_the_sides_whose_words_it_has() -> None:
    words = rule(
        kind="sequence",
        when={"phrases": ["shelling"]},
        sequence={"first": {"phrases": ["truce"]}, "within": "3d"},
        count="stories",
        group_by="none",
        severities={"info": 1},
    )
    told_ = match_keywords(Rules(rules=(words,)), article("A truce was near when the shelling began."))
    assert [(one.part, one.trigger.text) for one in told_] == [("first", "truce"), ("then", "shelling")]


def test_one_article_that_tells_both_is_in_no_order_by_itself() -> None:
    both = [
        one.model_copy(update={"rule": "clashes"})
        for one in match(Rules(rules=(BROKEN,)), event(sub_event_type="Agreement", ceasefire_violation=True))
    ]
    assert feed(BROKEN, both, end=10)[1] == []
