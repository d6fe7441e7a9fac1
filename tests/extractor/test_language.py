import pytest
from spacy.language import Language

from services.core.ontology import Modality
from services.extractor.extract import Outcome, extracted
from services.extractor.text.language import is_english
from tests.builders import article

GERMAN = (
    "Bei einem Angriff auf eine Kaserne im Norden des Landes sind am Montag mindestens zwölf Soldaten getötet worden. "
    "Nach Angaben des Ministeriums war eine Bombe in einem Fahrzeug explodiert, das vor dem Tor stand."
)
AFRIKAANS = (
    "Minstens twaalf soldate is Maandag dood in 'n aanval op 'n kaserne in die noorde van die land. Volgens die "
    "ministerie het 'n bom in 'n motor ontplof wat voor die hek gestaan het, en die weermag is gereed."
)
ENGLISH = (
    "At least twelve soldiers were killed on Monday in an attack on a barracks in the north of the country. A bomb "
    "exploded in a car that stood in front of the gate, the ministry said, and the army was put on alert."
)


@pytest.mark.parametrize("text", [GERMAN, AFRIKAANS])
def test_a_text_without_english_small_words_is_not_english(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize("text", [ENGLISH, ENGLISH.upper(), "Twelve dead after Marib barracks bombing"])
def test_english_is_english_in_capitals_and_headlines_too(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", Outcome.EMPTY),
        (" \x00\x01\u200f ", Outcome.EMPTY),
        (GERMAN, Outcome.NOT_ENGLISH),
        ("The bakery opens at six.", Outcome.NO_TRIGGER),
        (ENGLISH, Outcome.EVENTS),
        (f"{ENGLISH}\n" * 1_000, Outcome.CUT),
    ],
)
def test_how_a_reading_went_is_told(nlp: Language, text: str, outcome: Outcome) -> None:
    found = extracted(nlp, article(text=text))
    assert found.outcome is outcome
    assert bool([e for e in found.events if e.modality is Modality.ASSERTED]) is (
        outcome in {Outcome.EVENTS, Outcome.CUT}
    )
