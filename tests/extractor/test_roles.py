"""Who did it to whom: voice, clauses, adjectives, possessives, coordination. Sentences of many wars."""

import pytest
from spacy.language import Language

from services.extractor.extract import events_in
from tests.builders import article


@pytest.mark.parametrize(
    ("text", "actors", "targets"),
    [
        ("Ethiopian troops attacked rebels near Mekelle.", {"ETH-MIL"}, {"UNK-REB"}),
        ("Rebels near Mekelle were attacked by Ethiopian troops.", {"ETH-MIL"}, {"UNK-REB"}),
        ("An attack by Ethiopian troops on rebels near Mekelle failed.", {"ETH-MIL"}, {"UNK-REB"}),
        ("Sudan's army shelled Ethiopian soldiers at the border.", {"SDN-MIL"}, {"ETH-MIL"}),
        ("Gunmen killed two farmers in Plateau State.", {"UNK-REB"}, {"UNK-CVL"}),
        ("Two farmers were killed by gunmen in Plateau State.", {"UNK-REB"}, {"UNK-CVL"}),
        ("Police, who had surrounded the square, shot dead two protesters.", {"UNK-COP"}, {"UNK-PROTEST", "UNK-CVL"}),
        ("Security forces fired on marchers in Conakry.", {"UNK-MIL", "GIN-MIL"}, {"UNK-PROTEST"}),
        ("Two men were killed when police fired at a crowd in Surat.", {"UNK-COP", "IND-COP"}, set()),
        ("Police in Agra resorted to firing in which one person lost his life.", {"UNK-COP", "IND-COP"}, set()),
        ("A youth was killed in a brawl in Agra, police said.", set(), set()),
        ("The army blamed rebels for an attack on a bus in Gao.", set(), set()),
    ],
)
def test_actor_and_target_are_found_in_every_voice(
    nlp: Language, text: str, actors: set[str], targets: set[str]
) -> None:
    event = next(e for e in events_in(nlp, article(text=text)) if e.sub_event_type)
    assert {mention.id for mention in event.actor} <= actors | ({"UNK-REB"} if not actors else set())
    assert not actors or {mention.id for mention in event.actor} & actors
    assert not targets or {mention.id for mention in event.target} & targets


def test_both_sides_of_a_clash_are_actors(nlp: Language) -> None:
    text = "Clashes between jihadists and Malian soldiers broke out near Mopti on Friday."
    event = next(e for e in events_in(nlp, article(text=text)) if e.sub_event_type == "Armed clash")
    assert {mention.id for mention in event.actor} == {"MLI-MIL", "UNK-REB"}
    assert event.target == ()


@pytest.mark.parametrize("text", ["Rioters smashed windows in Santiago.", "Gunmen shot a trader in Dhaka."])
def test_a_capital_that_only_says_where_does_nothing(nlp: Language, text: str) -> None:
    event = next(e for e in events_in(nlp, article(text=text)) if e.sub_event_type)
    assert not [mention for mention in (*event.actor, *event.target) if mention.id[:3] in {"CHL", "BGD"}]
