"""What only the whole article tells: repeats, denials, pronoun speakers, running totals, places that go on."""

from datetime import UTC, datetime

import pytest
from spacy.language import Language

from services.core.event import Event
from services.core.ontology import Modality
from services.extractor.extract import events_in
from tests.builders import article

WHEN = datetime(2021, 5, 20, 15, tzinfo=UTC)


def told(nlp: Language, text: str) -> list[Event]:
    return list(events_in(nlp, article(text, published=WHEN)))


def test_a_denial_is_tied_to_the_claim_and_makes_no_second_event(nlp: Language) -> None:
    found = told(
        nlp, "Georgia said Russian artillery shelled a village near Gori on Tuesday. Russia denied the shelling."
    )
    shellings = [event for event in found if event.sub_event_type == "Shelling/artillery/missile attack"]
    assert len(shellings) == 1
    assert [mention.id for mention in shellings[0].denied_by] == ["RUS-GOV"]
    assert [event.plover for event in found if event.tier == "verbal"] == ["REJECT"]


def test_the_same_sentence_twice_is_told_once(nlp: Language) -> None:
    line = "Rebels shelled the village of Avdiivka on Monday.\n\n"
    found = [event for event in told(nlp, line + line) if event.tier == "kinetic"]
    assert [bool(event.duplicate_of) for event in found] == [False, True]
    assert found[1].duplicate_of == found[0].event_id


def test_a_ministry_that_is_it_keeps_speaking(nlp: Language) -> None:
    text = "The Indian defence ministry spoke of a raid near Jammu. It said rebels fired rockets at a camp on Monday."
    event = next(event for event in told(nlp, text) if event.trigger.text == "fired rockets")
    assert event.attribution is not None
    assert event.attribution.who[0].id == "IND-MOD"


def test_its_forces_are_those_of_who_speaks(nlp: Language) -> None:
    (event,) = [
        e for e in told(nlp, "Ethiopia said its troops attacked a rebel camp near Mekelle.") if e.tier == "kinetic"
    ]
    assert "ETH-MIL" in {mention.id for mention in event.actor}


def test_a_running_total_is_a_toll_and_not_a_happening(nlp: Language) -> None:
    found = told(nlp, "The death toll of the war in Yemen has risen to 5,000, the Red Cross said.")
    assert {event.tier for event in found} == {"casualty_toll"}
    assert found[0].casualties[0].cumulative


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Rebels shelled a camp near Marib.", Modality.ASSERTED),
        ("Rebels reportedly shelled a camp near Marib.", Modality.ALLEGED),
        ("Rebels did not shell the camp near Marib.", Modality.DENIED),
        ("Rebels threatened to shell a camp near Marib.", Modality.THREATENED),
        ("The envoy urged rebels to stop shelling the camp near Marib.", Modality.CALLED_FOR),
        ("Rebels will shell the camp near Marib.", Modality.FUTURE),
        ("Rebels shelled a camp near Marib in 1994.", Modality.BACKGROUND),
        ("If rebels shell the camp near Marib, the talks end.", Modality.HYPOTHETICAL),
    ],
)
def test_the_modality_is_how_the_sentence_stands_to_the_shelling(nlp: Language, text: str, modality: Modality) -> None:
    found = [event for event in told(nlp, text) if event.sub_event_type == "Shelling/artillery/missile attack"]
    assert {event.modality for event in found} == {modality}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("The two sides declared a ceasefire in Taiz.", "declared"),
        ("The truce is holding in Taiz.", "holding"),
        ("The ceasefire was restored in Taiz on Monday.", "restored"),
        ("A truce between the clans in Taiz was being honoured on Monday.", "holding"),
        ("Rebels broke the truce in Taiz.", "breached"),
        ("The UN called for a ceasefire in Taiz after rebels shelled it.", "called_for"),
        ("Rebels rejected a ceasefire in Taiz.", "rejected"),
        ("The rebels ruled out a truce in Taiz.", "rejected"),
        ("The rebels denied that a truce had been agreed in Taiz.", "denied"),
    ],
)
def test_the_states_of_a_ceasefire_are_told_apart(nlp: Language, text: str, state: str) -> None:
    assert state in {event.ceasefire for event in told(nlp, text)}


def test_remote_violence_on_two_towns_is_two_events(nlp: Language) -> None:
    found = [event for event in told(nlp, "Rockets hit Stepanakert and Shusha on Monday.") if event.tier == "kinetic"]
    assert [place.name for event in found for place in event.location] == ["Stepanakert", "Shusha"]
    assert len({event.event_id for event in found}) == 2


def test_a_mention_that_goes_on_from_a_border_incident_is_one_too(nlp: Language) -> None:
    text = "Several rockets fell on border areas in northern Syria on Monday. The rockets landed near Manbij."
    assert all(event.border_incident for event in told(nlp, text) if event.tier == "kinetic")


@pytest.mark.parametrize(
    ("where", "admin"),
    [
        ("the town of Goris", "Syunik"),
        ("El Fasher", "North Darfur"),
        ("Kharkiv", "Kharkiv"),
        ("Nagorno-Karabakh", None),
    ],
)
def test_a_town_is_told_with_the_province_it_lies_in(nlp: Language, where: str, admin: str | None) -> None:
    (found,) = [event for event in told(nlp, f"Rebels shelled {where} on Monday.") if event.tier == "kinetic"]
    assert [place.admin for place in found.location] == [admin]
