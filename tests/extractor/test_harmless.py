"""Words of war and protest said of money, weather, goods and games."""

import pytest
from spacy.language import Language

from services.extractor.extract import events_in
from tests.builders import article


def types_of(nlp: Language, text: str) -> list[str]:
    return [e.sub_event_type for e in events_in(nlp, article(text=text)) if e.sub_event_type]


@pytest.mark.parametrize(
    "text",
    [
        "The stroke left Marta Olin blind in one eye, her brother said.",
        "The storm left Havana without power for two days.",
        "The euro retreated against the dollar on Monday after a rally of six weeks.",
        "Germany's grid operator withdrew its application for a second cable.",
        "Norway withdrew its objection to the fishing quota on Friday.",
        "Locusts have destroyed 400 hectares of maize in Kenya since March, farmers said.",
        "A fallen tree blocked the road to Porto for six hours.",
        "A lorry carrying melons blocked the motorway near Lyon; nobody was hurt.",
        "A 34-year-old woman was arrested on Monday after a jeweller in Pune reported a missing necklace.",
        "The regional airline pulled out of Bergen last winter.",
        "Engineers finished the tunnel under the river on Friday.",
    ],
)
def test_what_no_party_does_is_no_event(nlp: Language, text: str) -> None:
    assert types_of(nlp, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels left Masisi on Sunday after a deal with the army.", "Non-violent transfer of territory"),
        ("Russian troops retreated from Lyman on Saturday.", "Non-violent transfer of territory"),
        ("Israel withdrew from the Jabalia camp on Friday, residents said.", "Non-violent transfer of territory"),
        ("Farmers blocked the road to Bogota over fuel prices.", "Peaceful protest"),
        ("Villagers blocked a highway in Bihar, demanding water.", "Peaceful protest"),
        ("Thousands held a rally in Minsk.", "Peaceful protest"),
        ("Armed men looted a hospital in Leer and stole its medicines.", "Looting/property destruction"),
        ("Soldiers found a tunnel under the fence at Kerem.", "Other"),
    ],
)
def test_what_a_party_does_stays_one(nlp: Language, text: str, expected: str) -> None:
    assert expected in types_of(nlp, text)
