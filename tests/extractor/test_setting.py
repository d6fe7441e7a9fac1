"""Exercises, courtrooms, match reports and private crime: what is told there is no happening of now."""

import pytest
from spacy.language import Language

from services.extractor.extract import events_in
from tests.builders import article


@pytest.mark.parametrize(
    "text",
    [
        "The naval exercise off Durban went into its third day. Drones attacked the flagship, and commandos stormed a "
        "hulk. The drills end on Friday.",
        "A judge in Lima found the former major guilty on Friday. The court heard 80 witnesses before the verdict. His "
        "patrol abducted four farmers and shot them.",
        "The striker fired home a missile after the half. The coach said his midfielders had been under siege, and the "
        "referee bombed the match by sending the captain off before the final goal.",
        "Police in Ghent arrested a man for stealing bicycles.",
        "A man murdered his wife in Leeds on Monday, a neighbour said.",
        "A bus plunged into a ravine near Potosi, killing 22.",
        "Chile and Peru signed a trade agreement in Santiago.",
        "Dame Ethel, who has died aged 99, was in Cairo when the station was blown up and four soldiers were killed.",
        "With regard to videos according to which helicopters opened fire on houses in Lima, the ministry makes known "
        "that no such operation was carried out.",
        "Reports according to which jets bombed a village near Lima are not true, the ministry said.",
        "A barrage of profit warnings sent chip makers lower on Friday.",
        "A shark took a board off Perth. It is the third attack off the coast this season.",
        "A fissure opened in the mountain and bombarded the road with stones. The eruption was heard far away.",
    ],
)
def test_nothing_of_it_is_a_current_event(nlp: Language, text: str) -> None:
    found = events_in(nlp, article(text=text))
    assert [e.trigger.text for e in found if e.sub_event_type and e.modality in {"asserted", "alleged"}] == []


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen killed a judge outside a court in Quetta on Tuesday.",
        "Two soldiers were killed when rebels attacked an army exercise near Gao. The exercise was halted.",
        "Police arrested nine opposition activists in Lusaka.",
        "Unidentified persons blew up a gas pipeline near Dera Bugti.",
    ],
)
def test_what_happens_at_a_court_an_exercise_or_a_pipeline_is(nlp: Language, text: str) -> None:
    assert any(e.sub_event_type and e.modality == "asserted" for e in events_in(nlp, article(text=text)))


def test_the_deeds_of_a_life_that_has_ended_are_no_news_unless_it_ended_by_force(nlp: Language) -> None:
    life = "General Aram Petrosyan, who has died aged 81, commanded the army. His troops shelled Goris."
    assert all(e.modality == "background" for e in events_in(nlp, article(text=life)) if e.sub_event_type)
    death = "A driver who died of his wounds aged 61 was the fourth man shot when gunmen attacked a bus in Quetta."
    assert any(e.sub_event_type and e.modality == "asserted" for e in events_in(nlp, article(text=death)))
