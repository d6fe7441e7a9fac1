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


@pytest.mark.parametrize(
    "text",
    [
        "deputies shot and killed an armed man outside a filling station in fresno county, the sheriff said.",
        "the man died in hospital after being shot twice by police.",
        "army jawans opened fire to quell the rioters and one person was killed.",
        "of the seven dead, four were killed in police firing and three were stabbed.",
        "sub-inspector rane fired two rounds in which a woman on her balcony was killed.",
        "the police arrested close to 4,000 men in five days, and shot dead 98 rioters.",
        "two men were killed in a staged encounter by the crime branch, the report says.",
        "in the firing by police, seven people were killed and 17 hurt.",
        "police firing in the lane killed at least two, a doctor said.",
        "nine people were killed, five of them in police firing.",
        "authorities said trooper james hall shot and killed the man near mobile.",
        "a border patrol agent shot and killed a boy across the river in ciudad juarez.",
    ],
)
def test_who_killed_is_found_where_police_are_named_in_whatever_way(nlp: Language, text: str) -> None:
    events = events_in(nlp, article(text=text))
    deadly = [event for event in events if any(figure.kind == "killed" for figure in event.casualties)]
    assert any(who.id.endswith(("-COP", "-MIL")) for event in deadly for who in event.actor)
    assert not any(event.border_incident for event in events)


@pytest.mark.parametrize(
    "text",
    [
        "an officer shot and wounded a suspect in tampa, police said.",
        "three men were stabbed to death by a mob in gomtipur while the police looked on.",
        "the police fired in the air to scatter the mob but nobody was hurt.",
        "police are looking for a man who shot dead his neighbour.",
    ],
)
def test_police_who_only_stand_by_have_killed_nobody(nlp: Language, text: str) -> None:
    deadly = [e for e in events_in(nlp, article(text=text)) if any(figure.kind == "killed" for figure in e.casualties)]
    assert not any(who.id.endswith("-COP") for event in deadly for who in event.actor)


def test_the_losers_of_ground_are_the_other_army(nlp: Language) -> None:
    text = "Eritrean troops fought Ethiopian soldiers near Badme. Eritrean troops captured the town of Zalambessa."
    event = next(e for e in events_in(nlp, article(text=text)) if "territory" in (e.sub_event_type or ""))
    assert {mention.id for mention in event.target} == {"ETH-MIL"}
