"""What decides the type of a happening besides its own words; sentences of many wars, none of them a gold text."""

import pytest
from spacy.language import Language

from services.core.event import Event
from services.extractor.extract import events_in
from tests.builders import article


def current(nlp: Language, text: str) -> list[Event]:
    found = events_in(nlp, article(text=text))
    return [e for e in found if e.sub_event_type and not e.duplicate_of and e.modality in {"asserted", "alleged"}]


@pytest.mark.parametrize(
    "text",
    [
        "A drone dropped two grenades on a trench near Robotyne on Friday.",
        "Two explosive-laden drones came down on a police post in Cauca.",
        "An unmanned aircraft fired a missile at a lorry outside Port Sudan.",
        "A market in Bhamo was hit by bombs, the air force of Myanmar confirmed.",
    ],
)
def test_what_falls_from_a_drone_or_aircraft_is_an_air_strike(nlp: Language, text: str) -> None:
    assert {event.sub_event_type for event in current(nlp, text)} == {"Air/drone strike"}


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen opened fire on a passenger plane in Papua.",
        "Rebels shelled the drone base near Sabha on Monday.",
    ],
)
def test_aircraft_that_were_hit_make_no_air_strike(nlp: Language, text: str) -> None:
    assert "Air/drone strike" not in {event.sub_event_type for event in current(nlp, text)}


def test_a_killing_takes_its_type_from_the_weapon_told_beside_it(nlp: Language) -> None:
    text = "Mortar shells struck a clinic in El Obeid on Sunday. Two nurses were killed."
    assert {event.sub_event_type for event in current(nlp, text)} == {"Shelling/artillery/missile attack"}


def test_the_weapon_that_is_the_subject_decides(nlp: Language) -> None:
    (event,) = current(nlp, "A bomb at a bus stop in Popayan killed one passenger on Thursday.")
    assert event.sub_event_type == "Remote explosive/landmine/IED"


def test_those_killed_in_police_firing_were_killed_by_police(nlp: Language) -> None:
    (event,) = [e for e in current(nlp, "Two persons were killed in police firing in Nagpur.") if e.trigger]
    assert [who.id for who in event.actor] == ["IND-COP"]
