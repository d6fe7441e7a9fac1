"""One happening named again, and the truce it broke."""

import pytest
from spacy.language import Language

from services.extractor.extract import events_in
from tests.builders import article


@pytest.mark.parametrize(
    "again",
    [
        "The army blamed the attack on a splinter group.",
        "It was the second rocket attack on the coast this month.",
    ],
)
def test_a_happening_that_is_only_named_again_is_no_new_one(nlp: Language, again: str) -> None:
    text = f"Rockets hit the port of Hodeidah on Tuesday, killing three dockers. {again}"
    found = [e for e in events_in(nlp, article(text=text)) if e.sub_event_type and not e.duplicate_of]
    assert [e.trigger.text for e in found] == ["Rockets hit"]


def test_an_attack_by_somebody_else_is_a_new_happening(nlp: Language) -> None:
    text = "Rockets hit the port of Hodeidah on Tuesday. Later gunmen attacked a checkpoint at Taiz."
    found = [e for e in events_in(nlp, article(text=text)) if e.sub_event_type and not e.duplicate_of]
    assert len(found) == 2


def test_the_force_that_a_breach_means_carries_the_flag_and_counts_once(nlp: Language) -> None:
    text = (
        "Government artillery shelled rebel trenches near Saada on Friday, two days into the truce. "
        "The rebels called the shelling a violation of the ceasefire."
    )
    flagged = [e for e in events_in(nlp, article(text=text)) if e.ceasefire_violation and not e.duplicate_of]
    assert [(e.sub_event_type, e.trigger.start < 40) for e in flagged] == [("Shelling/artillery/missile attack", True)]


def test_the_first_breach_since_last_year_is_of_now(nlp: Language) -> None:
    text = (
        "Soldiers of Sudan and Chad shot at each other on Monday in the first violation of their truce since last year."
    )
    assert any(e.ceasefire_violation and e.modality == "asserted" for e in events_in(nlp, article(text=text)))
