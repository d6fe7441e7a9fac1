"""Why a rule did not ring, and what of a condition an event lacks."""

import pytest

from services.alerter.explain import answered
from services.alerter.match import match
from services.alerter.meets import Told
from services.alerter.retold import retold
from services.alerter.state import new_history
from services.alerter.unmet import unmet
from services.alerter.whynot import answer
from services.core.answer import Answer
from services.core.condition import When
from services.core.event import Event
from services.core.ontology import Modality
from services.core.rule import Rule, Rules
from services.core.sighting import Sighting, Verdict, group_key
from tests.builders import article, at, event, rule, sighting


def asked(of: Rule, hours: float, *seen: Sighting, events: tuple[Event, ...] = ()) -> Answer:
    known = [one for one in seen if one.at <= at(hours)]
    history = new_history(group_key(of.name, "test", "AAA")).watched_since(at(-1)).at(at(hours))
    return answer(of, retold(of, history, known)[0], at(hours), events=events, elsewhere={"BBB": 3})


def told(of: Answer) -> str:
    return "\n".join(answered(of))


def test_a_rule_that_was_short_of_its_threshold_says_by_how_much_and_what_was_refused() -> None:
    denied = sighting(2, "b", refused=Verdict.WRONG_MODALITY, because="the sentence is hypothetical")
    found = asked(rule(), 3, sighting(0, "a"), sighting(1, "a", outlet="two"), denied)
    assert (found.rang, found.level, found.threshold, found.counts.stories) == (False, 1, 2, 2)
    verdicts = [piece.verdict for piece in found.evidence]
    assert verdicts == [Verdict.COUNTED, Verdict.SAME_INCIDENT, Verdict.WRONG_MODALITY]
    assert found.reason == "1 of 2 independent incidents within 1d"
    text = told(found)
    assert "clashes AAA did not ring at 2020-10-01 15:00 UTC" in text
    assert "wrong modality: the sentence is hypothetical" in text
    assert "Sightings of other groups in this window: BBB 3" in text


def test_a_rule_that_rang_then_says_so_with_its_alert() -> None:
    found = asked(rule(), 3, sighting(0, "a"), sighting(1, "b"))
    assert found.rang
    assert found.alert
    assert found.reason == found.alert.reason
    assert "rang at" in told(found)


def test_once_it_is_over_the_nearest_and_when_it_rang_are_told() -> None:
    found = asked(rule(), 40, sighting(0, "a"), sighting(1, "b"), sighting(30, "c"))
    assert (found.rang, found.level) == (False, 1)
    assert found.nearest
    assert (found.nearest.level, found.nearest.at) == (2, at(1))
    assert any("it rang from 2020-10-01 13:00 UTC until 2020-10-02 12:00 UTC" in note for note in found.notes)


def test_what_came_after_the_moment_does_not_count_and_what_was_fetched_after_it_is_told() -> None:
    late = sighting(1, "b", article=article("late", published=at(1), fetched=at(9)).ref)
    found = asked(rule(), 3, sighting(0, "a"), late, sighting(5, "c"))
    assert len(found.evidence) == 2
    assert any(note.startswith("1 of its sightings were fetched only after") for note in found.notes)


def test_a_cooldown_that_holds_it_back_is_the_reason() -> None:
    seen = [sighting(0, "a"), sighting(1, "b"), sighting(26, "c"), sighting(27, "d")]
    found = asked(rule(cooldown="10h"), 28, *seen)
    assert not found.rang
    assert found.reason == "2 of 2 reached, but the cooldown keeps it quiet until 2020-10-02 22:00 UTC"


def test_a_group_of_which_nothing_came_says_so() -> None:
    assert "nothing that the rule asks for was told of this group" in asked(rule(), 3).notes


KINDS = {
    "spike": ({"severities": {"warning": 1}}, "the baseline is not filled"),
    "new_term": ({"new_term": {"of": "places", "unseen": "30d"}}, "nothing is new yet"),
    "flatline": ({"severities": {"warning": 4}}, "2 of 4 whole windows of silence"),
    "cardinality": ({"cardinality": {"of": "outlets"}}, "0 of 2 distinct outlets"),
    "sequence": (
        {"sequence": {"first": {"event_types": ["Riots"]}, "within": "2d"}},
        "what has to come first has not been told",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_rule_says_what_it_waits_for(kind: str) -> None:
    more, says = KINDS[kind]
    changes = {"kind": kind, **more}
    part = {"part": "then"} if kind == "sequence" else {}
    found = asked(rule(**changes), 60, sighting(0, "a", **part))
    assert any(says in line for line in (found.reason, *found.notes)), found


def test_events_that_the_rule_passed_by_are_shown_with_what_they_lack_the_nearest_first() -> None:
    riot = event(event_type="Riots", sub_event_type="Mob violence")
    quiet = event(event_type="Riots", sub_event_type="Mob violence", confidence=0.2)
    met, elsewhere = event(), event(event_type="Riots", location=({"text": "X", "name": "X", "country": "BBB"},))
    of = rule(when={"event_types": ["Battles"], "min_confidence": 0.5})
    found = asked(of, 1, *match(Rules(rules=(of,)), met), events=(quiet, riot, met, elsewhere))
    assert [one.lacked for one in found.passed_by] == [
        ("event_types asks for Battles, this is Riots",),
        ("event_types asks for Battles, this is Riots", "min_confidence asks for 0.5, this is 0.20"),
    ]


@pytest.mark.parametrize(
    ("when", "lacks"),
    [
        ({"flags": ["border_incident"]}, "it is no border incident"),
        ({"keywords": ["mortar"]}, "the words asked for"),
        ({"outlets": ["other"]}, "outlets asks for other, this is one"),
        ({"places": [{"name": "Southfort"}]}, "places asks for {'name': 'Southfort'}, this is Northfort"),
        ({"targets": ["CVL"]}, "targets asks for CVL, it tells none"),
        ({"modalities": ["denied"]}, "modalities asks for denied, this is asserted"),
        ({"any": [{"countries": ["ARM"]}, {"min_killed": 3}]}, "none of its alternatives"),
        ({"all": [{"countries": ["AZE"]}]}, "countries asks for AZE, this is AAA"),
        ({"not": [{"event_types": ["Battles"]}], "min_confidence": 0.1}, "left out by not: event_types"),
    ],
)
def test_what_an_event_lacks_is_said_in_words(when: dict[str, object], lacks: str) -> None:
    one = event()
    assert one.article
    assert unmet(When.model_validate(when), Told(one.article, (one.sentence.text, one.article.title), one))[
        0
    ].startswith(lacks)


def test_an_event_that_meets_the_condition_lacks_nothing() -> None:
    one = event(modality=Modality.ALLEGED)
    assert one.article
    assert unmet(When(event_types=("Battles",)), Told(one.article, (one.sentence.text,), one)) == ()


def test_asking_at_any_moment_agrees_with_the_alerts() -> None:
    seen = [sighting(hour, f"i{hour}") for hour in (0, 5, 30, 31, 32, 33, 90)]
    rings = {hours: asked(rule(), hours, *seen).rang for hours in (1, 5, 23.9, 24, 31, 55, 57, 91)}
    assert rings == {1: False, 5: True, 23.9: True, 24: False, 31: True, 55: True, 57: False, 91: False}


def test_the_history_of_a_full_group_says_that_some_were_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.alerter.state.MAX_SIGHTINGS", 2)
    monkeypatch.setattr("services.alerter.state.KEPT_SIGHTINGS", 2)
    found = asked(rule(), 9, *(sighting(hour, f"i{hour}") for hour in range(4)))
    assert "at least 2 older sightings were given up for room and are not counted" in found.notes
