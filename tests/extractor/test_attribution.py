"""Who says so, in which role; what is the outlet's own voice."""

import pytest
from spacy.language import Language

from services.extractor.extract import events_in
from tests.builders import article


@pytest.mark.parametrize(
    ("text", "who", "role"),
    [
        ("Shells hit Adre on Monday, Chad's defence ministry said.", "TCD-MOD", "belligerent"),
        ("Chad's defence ministry said that shells hit Adre on Monday.", "TCD-MOD", "belligerent"),
        ("According to Chad's defence ministry, shells hit Adre on Monday.", "TCD-MOD", "belligerent"),
        ("Shells hit Adre on Monday, the United Nations reported.", "UNO", "third_party"),
    ],
)
def test_the_speaker_is_found_before_behind_and_by_according_to(nlp: Language, text: str, who: str, role: str) -> None:
    event = next(e for e in events_in(nlp, article(text=text)) if e.sub_event_type)
    assert event.attribution is not None
    assert (event.attribution.who[0].id, event.attribution.role) == (who, role)


def test_without_a_speaker_it_is_the_outlet_s_own_voice(nlp: Language) -> None:
    event = next(e for e in events_in(nlp, article(text="Shells hit Adre on Monday.")) if e.sub_event_type)
    assert event.attribution is None
