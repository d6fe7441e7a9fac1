"""The record of one article: what comes out, where it stands in the text, and what must not come out."""

import re
from datetime import UTC, date, datetime

import pytest
from spacy.language import Language

from services.core.event import Event
from services.core.ontology import EVENT_TYPE_OF, Modality
from services.extractor.extract import events_in
from tests.builders import article

THURSDAY = datetime(2021, 5, 20, 15, tzinfo=UTC)
CURRENT = {Modality.ASSERTED, Modality.ALLEGED}


def events(nlp: Language, text: str) -> tuple[Event, ...]:
    return events_in(nlp, article(text, published=THURSDAY))


def current(nlp: Language, text: str) -> list[Event]:
    return [event for event in events(nlp, text) if event.modality in CURRENT and not event.duplicate_of]


def test_every_span_is_the_text_at_its_offsets_even_behind_odd_characters(nlp: Language) -> None:
    text = "\ufeff“Heavy\u00a0fighting” broke out near\u2009Marib… on Tuesday.\u200b Rebels shelled the town’s market."
    found = events(nlp, text)
    assert found
    for event in found:
        for span in (event.trigger, event.sentence):
            assert text[span.start : span.end] == span.text


def test_the_same_article_gives_the_same_events(nlp: Language) -> None:
    text = "Rebels shelled the village of Avdiivka on Monday, killing three civilians."
    assert events(nlp, text) == events(nlp, text)


def test_calm_news_never_reaches_the_pipeline() -> None:
    broken = None
    text = "The museum reopened on Saturday with a new roof and longer hours."
    assert events_in(broken, article(text)) == ()  # type: ignore[arg-type]


def test_fighting_that_resumes_after_a_truce_breaches_it(nlp: Language) -> None:
    text = "A truce in Idlib took effect on Sunday. Fighting resumed within hours."
    (breach,) = [event for event in current(nlp, text) if event.ceasefire_violation]
    assert breach.ceasefire == "breached"
    assert breach.cameo == "196"
    assert breach.location[0].country == "SYR"
    assert breach.date is not None
    assert breach.date.start == date(2021, 5, 16)


@pytest.mark.parametrize(
    "text",
    [
        "The United Nations called for a ceasefire in Yemen.",
        "The rebels rejected a ceasefire on Tuesday.",
        "A truce was agreed in 1953.",
        "France urged both sides to respect the truce.",
        "Ministers discussed how a ceasefire could be monitored.",
    ],
)
def test_a_ceasefire_that_is_asked_for_refused_or_long_past_is_not_breached(nlp: Language, text: str) -> None:
    assert not [event for event in current(nlp, text) if event.ceasefire_violation]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Three rockets landed in a field along the border in southern Lebanon on Monday.", "LBN"),
        ("Pakistani artillery shelled two Indian villages overnight.", "IND"),
        ("Soldiers of the two countries clashed on the frontier near Batken on Wednesday.", "KGZ"),
        ("Indian troops said they repelled an attack along the Line of Control on Tuesday.", "IND"),
    ],
)
def test_force_at_a_border_or_on_anothers_ground_is_a_border_incident(nlp: Language, text: str, country: str) -> None:
    flagged = [event for event in current(nlp, text) if event.border_incident]
    assert flagged
    assert flagged[0].location[0].country == country


@pytest.mark.parametrize(
    "text",
    [
        "Jordan warned against any attack on its border.",
        "The minister condemned the shelling of border villages.",
        "Any incursion across the border will be met with force, the army warned.",
        "Talks on the border clashes of 1969 are held in the archive.",
    ],
)
def test_a_border_incident_that_is_only_spoken_of_is_not_one(nlp: Language, text: str) -> None:
    assert not [event for event in current(nlp, text) if event.border_incident]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Government troops retook the town of Marib from rebels on Tuesday.", "Government regains territory"),
        ("Militants seized the village of Kafr Nabl on Tuesday.", "Non-state actor overtakes territory"),
        ("Soldiers clashed with insurgents near Kunduz on Tuesday.", "Armed clash"),
        ("Police beat protesters with batons at a rally in Minsk on Sunday.", "Excessive force against protesters"),
        ("Police used water cannon to disperse a rally in Tbilisi.", "Protest with intervention"),
        ("Thousands marched in Santiago to demand better pensions.", "Peaceful protest"),
        ("Demonstrators hurled stones at riot police in Athens.", "Violent demonstration"),
        ("A mob lynched a man accused of theft in Guatemala.", "Mob violence"),
        ("Soldiers were exposed to chlorine gas in an attack near Aleppo.", "Chemical weapon"),
        ("Warplanes bombed a bridge outside Taiz on Monday.", "Air/drone strike"),
        ("A suicide bomber blew himself up at a market in Kabul.", "Suicide bomb"),
        ("Rebels fired mortar shells at the airport of Tripoli.", "Shelling/artillery/missile attack"),
        ("A roadside bomb exploded near a convoy in Mali.", "Remote explosive/landmine/IED"),
        ("Gunmen threw a hand grenade into a bar in Bujumbura.", "Grenade"),
        ("Soldiers raped four women in a camp near Bentiu.", "Sexual violence"),
        ("Gunmen opened fire on worshippers at a mosque in Zamfara.", "Attack"),
        ("Gunmen abducted twelve pupils from a school in Kaduna.", "Abduction/forced disappearance"),
        ("The two sides signed a peace agreement in Juba on Monday.", "Agreement"),
        ("Police arrested nine opposition activists in Harare.", "Arrests"),
        ("The army is massing troops near the capital of Tigray.", "Change to group/activity"),
        ("Sappers defused a bomb in the centre of Mosul.", "Disrupted weapons use"),
        ("Turkish forces set up a new military base near Tal Abyad.", "Headquarters or base established"),
        ("Looters plundered shops in Durban on Monday.", "Looting/property destruction"),
        ("The army handed over control of the town to the rebels.", "Non-violent transfer of territory"),
        ("Parliament declared a state of emergency after the coup.", "Other"),
    ],
)
def test_each_of_the_25_sub_event_types_has_triggers(nlp: Language, text: str, kind: str) -> None:
    assert kind in {event.sub_event_type for event in current(nlp, text)}


def test_the_type_names_are_those_of_the_ontology(nlp: Language) -> None:
    found = events(nlp, "Rebels shelled a town. Police arrested two men. Troops withdrew from the village.")
    assert {event.sub_event_type for event in found} <= set(EVENT_TYPE_OF)


@pytest.mark.parametrize("text", ["", " ", "\x00\x01\x02", "攻撃が続いている。", "\u202eattack" * 50, "clash" * 5000])
def test_bad_text_gives_no_error(nlp: Language, text: str) -> None:
    assert all(re.search(r"\S", event.trigger.text) for event in events(nlp, text))
