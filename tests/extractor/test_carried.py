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


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "The Somali army recaptured Adan Yabaal on Tuesday. Al-Shabab's fighters withdrew without resistance.",
            ["Government regains territory"],
        ),
        (
            "Police used batons on marching teachers in Kathmandu on Monday. The protest was the largest this year.",
            ["Excessive force against protesters"],
        ),
        (
            "Gunmen raided two villages in Nigeria's Benue state on Sunday, killing nine. The attackers shot at"
            " those who fled from Mbadem.",
            ["Attack"],
        ),
        ("Colombian troops seized twelve rifles and a grenade launcher near Tumaco.", ["Disrupted weapons use"]),
        ("Jets hit Yei on Monday. The army said it had struck an arms depot.", ["Air/drone strike"]),
        ("Two suspects were handed over to prosecutors in Pasto on Friday.", []),
        ("The bodies of two men were burned at Gonaives on Monday.", []),
    ],
)
def test_what_goes_on_from_a_deed_or_is_none_makes_no_second_one(nlp: Language, text: str, kinds: list[str]) -> None:
    told = (event for event in events_in(nlp, article(text=text)) if not event.duplicate_of and event.sub_event_type)
    assert [event.sub_event_type for event in told] == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("In Cauca, a police station came under fire for twenty minutes on Friday.", "Armed clash"),
        ("Missiles damaged the power plant of Sumy on Sunday.", "Shelling/artillery/missile attack"),
        ("Drones belonging to the Rapid Support Forces hit a kitchen in El Fasher.", "Air/drone strike"),
    ],
)
def test_plain_words_for_fire_are_known_also_far_from_their_weapon(nlp: Language, text: str, kind: str) -> None:
    assert last(nlp, text).sub_event_type == kind


def test_a_place_on_no_map_lies_in_the_land_the_story_is_about(nlp: Language) -> None:
    place = last(nlp, "The Somali army recaptured Adan Yabaal from al-Shabab on Tuesday.").location[0]
    assert (place.name, place.country) == ("Adan Yabaal", "SOM")
    place = last(nlp, "A mob beat two men to death on Monday in Haiti's Petite-Rivière.").location[0]
    assert (place.name, place.country) == ("Petite-Rivière", "HTI")


def test_what_is_named_again_of_old_days_is_as_old(nlp: Language) -> None:
    text = (
        "Nine years after the Easter bombings, relatives rallied in Colombo on Tuesday. The attacks killed 269 people."
    )
    told = [event for event in events_in(nlp, article(text=text)) if event.tier == "kinetic"]
    assert {(event.sub_event_type, str(event.modality)) for event in told if event.trigger.text != "bombings"} == {
        ("Peaceful protest", "asserted"),
        ("Attack", "background"),
    }


def test_what_exploded_is_told_behind_the_bang(nlp: Language) -> None:
    text = "Two explosions rocked Kharkiv on Monday. Russia had fired ballistic missiles at the city, the mayor said."
    told = [event for event in events_in(nlp, article(text=text)) if not event.duplicate_of]
    assert [event.sub_event_type for event in told] == ["Shelling/artillery/missile attack"]


def test_only_the_force_of_its_own_sentence_breaks_a_truce(nlp: Language) -> None:
    text = (
        "Nine men died in fighting near Suwayda last week. A truce brokered by elders was broken when a shell"
        " landed in an orchard near Shahba on Monday."
    )
    told = [event for event in events_in(nlp, article(text=text)) if event.tier == "kinetic" and not event.duplicate_of]
    assert [(event.sub_event_type, event.ceasefire_violation) for event in told] == [
        ("Armed clash", False),
        ("Shelling/artillery/missile attack", True),
    ]


def test_what_is_told_separately_lends_no_weapon(nlp: Language) -> None:
    text = "The army said it hit a rebel post at Rafah. Separately, a soldier was killed by an explosive device at Yei."
    told = [event.sub_event_type for event in events_in(nlp, article(text=text))]
    assert told == ["Armed clash", "Remote explosive/landmine/IED"]


def test_missiles_that_are_only_tried_out_hit_nobody(nlp: Language) -> None:
    text = "North Korea fired two ballistic missiles towards the sea off its coast on Thursday, the army in Seoul said."
    assert not [event for event in events_in(nlp, article(text=text)) if event.sub_event_type]


@pytest.mark.parametrize(
    "text",
    [
        "A mine collapse killed eleven diggers near Kolwezi on Saturday.",
        "Organisers called another march for Saturday.",
        "Nine soldiers were killed when their helicopter crashed near Kumasi in Ghana on Wednesday.",
        "The trial of seven men accused of the attack on a hall in Perm opened on Monday. Prosecutors told the court"
        " that they shot dead 61 people and set the building on fire.",
        "Kidnappers released the last of the pupils on Friday, the governor said.",
    ],
)
def test_what_caved_in_is_only_called_or_is_before_a_court_is_no_force_of_now(nlp: Language, text: str) -> None:
    told = (event for event in events_in(nlp, article(text=text)) if event.sub_event_type)
    assert [event for event in told if str(event.modality) in {"asserted", "alleged"}] == []
