"""Who, where and when a sentence means that begins with a pronoun, and which deed a general word in it names again."""

import pytest
from spacy.language import Language

from services.core.event import Event
from services.extractor.extract import events_in
from tests.builders import article


def last(nlp: Language, text: str) -> Event:
    return [event for event in events_in(nlp, article(text=text)) if event.sub_event_type][-1]


@pytest.mark.parametrize(
    ("text", "kind", "actors"),
    [
        (
            "Rebels stormed a barracks at Bria on Sunday. They captured eleven soldiers.",
            "Abduction/forced disappearance",
            {"UNK-REB"},
        ),
        ("The Sudanese army retook Kutum on Sunday. It captured eight fighters.", "Arrests", {"SDN-MIL"}),
        ("The insurgents came on motorbikes on Sunday. They burned the market at Titao.", "Looting", {"UNK-REB"}),
        ("Police in Togo tear-gassed students on Sunday. They also arrested forty people.", "Arrests", {"TGO-COP"}),
        (
            "Police fired tear gas at students in Lome on Sunday. They burned tyres.",
            "Violent demonstration",
            {"UNK-CVL"},
        ),
        (
            "Rebels attacked Djibo on Sunday. They burned homes. They took four nurses hostage.",
            "Abduction",
            {"UNK-REB"},
        ),
    ],
)
def test_a_pronoun_is_who_acted_in_the_sentence_before(nlp: Language, text: str, kind: str, actors: set[str]) -> None:
    told = last(nlp, text)
    assert (told.sub_event_type or "").startswith(kind)
    assert {who.id for who in told.actor} == actors


def test_whom_people_mean_who_are_quoted_is_not_guessed(nlp: Language) -> None:
    told = last(nlp, 'Soldiers entered Beni on Sunday. "They killed nine of us," a widow said.')
    assert "SOLDIERS" not in {who.text.upper() for who in told.actor}


def test_what_goes_on_with_a_pronoun_is_of_the_same_day_and_place(nlp: Language) -> None:
    told = last(nlp, "Rebels attacked a post in Niamey on 27 September. They took four nurses hostage.")
    assert told.date is not None
    assert (told.date.value, told.date.time_precision) == (told.date.value.replace(month=9, day=27), 1)
    assert [place.name for place in told.location] == ["Niamey"]


@pytest.mark.parametrize("again", ["The bombing", "The raid", "The strike", "The explosions", "The attack"])
def test_a_blow_from_the_air_is_named_again_by_any_word_for_one(nlp: Language, again: str) -> None:
    told = list(events_in(nlp, article(text=f"Jets hit a market at Torit on Monday. {again} killed fourteen.")))
    assert [event.sub_event_type for event in told if not event.duplicate_of] == ["Air/drone strike"]
    assert [figure.count for figure in told[0].casualties] == [14]


def test_another_bombing_is_another_deed(nlp: Language) -> None:
    told = events_in(nlp, article(text="Jets hit a market at Torit on Monday. A bombing killed nine people at Yei."))
    assert len([event for event in told if not event.duplicate_of]) == 2
