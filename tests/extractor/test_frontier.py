"""Force at, near or across a border, and which countries meet there."""

import pytest
from spacy.language import Language

from services.alerter.match import group_of
from services.core.event import Event
from services.core.rule import GroupBy
from services.extractor.extract import events_in
from tests.builders import article


def force(nlp: Language, text: str) -> list[Event]:
    return [event for event in events_in(nlp, article(text)) if event.tier == "kinetic" and not event.duplicate_of]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Three soldiers were wounded when a landmine exploded near Dori close to the border with Niger.", "BFA-NER"),
        (
            "ADRE \u2013 Shells fired from the Sudanese side of the river hit a school in Adre in Chad on Monday.",
            "SDN-TCD",
        ),
        ("Mortar rounds landed across the border in Turkey's Kilis province on Monday. Syria denied it.", "SYR-TUR"),
        ("Pakistani troops shelled a village along the Line of Control on Monday, Indian officials said.", "IND-PAK"),
        (
            "Soldiers of Chad crossed the river into Cameroon near Kousseri on Monday and exchanged fire with police.",
            "CMR-TCD",
        ),
        (
            "Ethiopian and Eritrean soldiers clashed near Zalambessa on Monday. The town lies on the frontier.",
            "ERI-ETH",
        ),
    ],
)
def test_both_countries_of_a_border_are_told(nlp: Language, text: str, pair: str) -> None:
    flagged = [event for event in force(nlp, text) if event.border_incident]
    assert flagged
    assert group_of(GroupBy.BORDER, flagged[0], article(text).ref) == pair


@pytest.mark.parametrize(
    "text",
    [
        "Syrian jets bombed a depot near Homs on Monday, killing four.",
        "It was the raid that killed most people so far from the border, residents of Homs said.",
        "Thousands fled across the border after rebels shelled the town of Raga in South Sudan.",
        "Soldiers clashed with bandits near Maradi in Niger on Monday.",
    ],
)
def test_force_far_from_a_border_is_no_border_incident(nlp: Language, text: str) -> None:
    assert not [event for event in force(nlp, text) if event.border_incident]


def test_the_border_is_a_place_of_its_own_behind_the_town(nlp: Language) -> None:
    text = "Gunmen killed two soldiers in Diffa near the Nigerian border on Monday, Niger's army said."
    (killing,) = force(nlp, text)
    assert [(place.country, place.geo_precision) for place in killing.location][-1] == ("NGA", 3)
    assert killing.location[0].country == "NER"
