"""Who, where, how many and who says so, in sentences of many wars that are like none of the articles shipped."""

import pytest
from spacy.language import Language

from services.core.event import Event
from services.extractor.extract import events_in
from tests.builders import article


def first(nlp: Language, text: str) -> Event:
    return next(event for event in events_in(nlp, article(text=text)) if event.sub_event_type)


def _between(nlp: Language, text: str, actors: set[str], targets: set[str]) -> Event:
    """The first event of a text, once its parties are seen to be these: all of the actors, the targets at least."""
    event = first(nlp, text)
    assert {who.id for who in event.actor} == actors
    assert targets <= {who.id for who in event.target}
    return event


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("Police in Nairobi fired tear gas at marchers on Tuesday.", {"KEN-COP"}),
        ("Marchers filled Dakar in Senegal on Monday. Police fired tear gas at them.", {"SEN-COP"}),
        ("Security forces in Burkina Faso executed forty villagers on Monday.", {"BFA-MIL"}),
        ("Soldiers shot dead two farmers near Tillabery in Niger on Monday.", {"NER-MIL"}),
        ("Foreign troops shot dead two farmers near Tillabery in Niger on Monday.", {"UNK-MIL"}),
        ("Fano militiamen ambushed a convoy near Gondar on Monday.", {"FANO"}),
        ("CODECO fighters killed nine displaced people near Djugu on Monday.", {"CODECO"}),
        (
            "The gang coalition Viv Ansanm burnt twelve homes in Kenscoff on Monday and killed nine residents.",
            {"VIVANSANM"},
        ),
        (
            "Units of the armed forces of Azerbaijan opened fire at Armenian posts near Khnatsakh on Monday.",
            {"AZE-MIL"},
        ),
        ("Ethiopian soldiers and Fano militiamen fought for control of Debre Markos on Friday.", {"ETH-MIL", "FANO"}),
        ("M23 rebels fought Congolese soldiers at Sake on Friday.", {"M23", "COD-MIL"}),
        ("Nine people were killed in Israeli strikes on Khan Younis on Friday.", {"ISR-MIL"}),
        ("Members of Boko Haram killed nine farmers near Dikwa on Monday.", {"BOKO"}),
        ("Soldiers shot a man dead in the Palestinian town of Nablus on Monday.", {"ISR-MIL"}),
        ("Israeli settlers torched two cars in Burin on Monday.", {"ISR-CVL"}),
        ("M23 rebels seized Walikale on Monday after two days of clashes with Congolese troops.", {"M23"}),
    ],
)
def test_who_did_it_is_known_by_the_name_or_by_where_the_article_is_at_home(
    nlp: Language, text: str, actors: set[str]
) -> None:
    told = [event for event in events_in(nlp, article(text=text)) if event.sub_event_type and event.actor]
    assert told
    assert all(actors <= {who.id for who in event.actor} for event in told)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "Clashes between Fulani herders and Berom farmers in Nigeria's Plateau state left 40 people dead.",
            {"Plateau"},
        ),
        ("Turkish jets bombed Kurdish PKK hideouts in northern Iraq's Qandil mountains overnight.", {"Qandil"}),
        ("Shells fell on the Amhara town of Debre Tabor on Sunday, killing eight civilians.", {"Debre Tabor"}),
        (
            "Israeli soldiers shot dead two men on Monday in the Jenin refugee camp in the occupied West Bank.",
            {"Jenin"},
        ),
        ("A mine killed four Malian soldiers on Monday between Gossi and Gao.", {"Gossi", "Gao"}),
        (
            "Militants killed nine villagers on Monday in Nondin and Sorobo, in the north of Burkina Faso.",
            {"Nondin", "Sorobo"},
        ),
        (
            "Gunmen abducted nine worshippers in Maru in Nigeria on Monday and led them into the forest of Gando.",
            {"Maru"},
        ),
        ("A protester was shot dead in Mombasa on Monday, the Kenya Human Rights Commission said.", {"Mombasa"}),
    ],
)
def test_where_it_was_is_no_people_no_body_and_not_where_captives_were_led(
    nlp: Language, text: str, places: set[str]
) -> None:
    told = [event for event in events_in(nlp, article(text=text)) if event.sub_event_type]
    assert told
    assert {place.name for event in told for place in event.location if not place.is_border} == places


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Ukraine's army shot down 31 of 38 Russian drones over Odesa on Monday.", {("destroyed", 31, "RUS")}),
        ("Shelling killed two of the five miners near Toretsk on Monday.", {("killed", 2, "UKR")}),
        (
            "A shell killed nine people in Kadugli in Sudan on Monday, Kenya's foreign ministry said.",
            {("killed", 9, "SDN")},
        ),
        ("India's army said a soldier was killed by Pakistani fire in Poonch on Monday.", {("killed", 1, "IND")}),
        ("The Philippine army said it lost three marines in a firefight on Jolo on Monday.", {("killed", 3, "PHL")}),
        ("Tens of thousands of people fled when mortars hit Nyala on Monday, killing six.", {("killed", 6, None)}),
    ],
)
def test_victims_are_of_whom_their_own_phrase_names(
    nlp: Language, text: str, figures: set[tuple[str, int, str | None]]
) -> None:
    told = {
        (casualty.kind, casualty.count, casualty.side and casualty.side[:3])
        for event in events_in(nlp, article(text=text))
        for casualty in event.casualties
        if casualty.kind in {"killed", "destroyed"}
    }
    assert told == figures


@pytest.mark.parametrize(
    ("said", "speaker"),
    [
        ("witnesses said", "UNK-CVL"),
        ("a rights group said", "UNK-NGO"),
        ("the governor of the province said", "UNK-GOV"),
        ("according to the Syrian Network for Human Rights", "SYR-NGO"),
    ],
)
def test_those_who_often_tell_of_wars_are_named_as_speakers(nlp: Language, said: str, speaker: str) -> None:
    event = first(nlp, f"Barrel bombs killed six people in a market near Idlib on Monday, {said}.")
    assert event.attribution is not None
    assert [who.id for who in event.attribution.who] == [speaker]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Fighters held the base at Bariire for an hour before they were driven out by Somali soldiers.", "asserted"),
        ("Sappers defused a bomb near the mosque in Kunduz before it exploded.", "hypothetical"),
        ("Police arrested two men in Quetta before they could bomb a bus.", "hypothetical"),
    ],
)
def test_what_is_told_behind_before_happened_unless_something_stopped_it(
    nlp: Language, text: str, modality: str
) -> None:
    told = [event for event in events_in(nlp, article(text=text)) if event.sub_event_type]
    assert told[-1].modality == modality


@pytest.mark.parametrize(
    ("text", "actors", "targets"),
    [
        (
            "Thai and Cambodian troops traded fire for ten minutes near Preah Vihear on Saturday.",
            {"THA-MIL", "KHM-MIL"},
            set(),
        ),
        (
            "Ethiopian and Eritrean soldiers exchanged artillery fire at Zalambessa on Saturday.",
            {"ETH-MIL", "ERI-MIL"},
            set(),
        ),
        (
            "Azerbaijani troops fired small arms at Armenian positions near Khnatsakh in Syunik.",
            {"AZE-MIL"},
            {"ARM-MIL"},
        ),
    ],
)
def test_two_neighbours_who_shoot_at_each_other_make_a_border_incident(
    nlp: Language, text: str, actors: set[str], targets: set[str]
) -> None:
    assert _between(nlp, text, actors, targets).border_incident


def test_an_israeli_strike_is_no_walkout(nlp: Language) -> None:
    text = "Two Lebanese soldiers died and three were injured when an Israeli strike hit their vehicle near Tyre."
    assert first(nlp, text).sub_event_type == "Air/drone strike"
    assert not events_in(nlp, article(text="A rail strike hit commuters in Leeds on Monday."))


def test_a_wound_is_no_death(nlp: Language) -> None:
    text = "Border guards opened fire on a group of villagers at Vorukh in Tajikistan on Sunday, wounding one man."
    assert {casualty.kind for event in events_in(nlp, article(text=text)) for casualty in event.casualties} == {
        "wounded"
    }


@pytest.mark.parametrize(
    ("text", "actors", "targets"),
    [
        (
            "Jihadists riding motorcycles killed 31 soldiers on Thursday in an attack on a base at Banibangou near the "
            "border with Mali, Niger's defence ministry said.",
            {"UNK-REB"},
            {"UNK-MIL"},
        ),
        ("Junta troops and Karenni fighters battled for control of Loikaw on Tuesday.", {"MMR-MIL", "UNK-REB"}, set()),
        ("Protesters were fired on by Congolese presidential guards in Goma on Wednesday.", {"COD-MIL"}, set()),
    ],
)
def test_who_fights_whom_is_read_past_places_and_vehicles(
    nlp: Language, text: str, actors: set[str], targets: set[str]
) -> None:
    _between(nlp, text, actors, targets)


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("Israeli jets bombed a house near Tyre on Sunday, killing a farmer and his son.", 2),
        ("A mine killed two nurses and their driver near Bria on Sunday.", 3),
        ("A drone killed a teacher, her husband and three pupils at Boromo on Sunday.", 5),
        ("A mine killed a trader near Bria on Sunday, his brother said.", 1),
        ("A mine went off near Bria on Sunday. A trader lost an eye.", 0),
        ("Guards opened fire at Machala prison on Sunday, and 13 prisoners died.", 13),
        ("Suspected rebels hacked at least eleven villagers to death near Mambasa on Sunday.", 11),
    ],
)
def test_who_is_named_by_whose_they_are_counts_among_the_dead(nlp: Language, text: str, dead: int) -> None:
    assert sum(figure.count or 0 for figure in first(nlp, text).casualties) == dead


def test_an_army_that_crosses_into_a_neighbouring_land_makes_a_border_incident(nlp: Language) -> None:
    assert first(nlp, "Rwandan troops crossed into the hills near Kibumba in DR Congo on Monday.").border_incident
    assert not first(nlp, "Rwandan troops stormed a farm near Kigali on Monday.").border_incident


def test_what_is_seized_says_whether_people_or_ground_were_taken(nlp: Language) -> None:
    ground = first(nlp, "Fighters who captured the town of Titao on Monday were driven out on Tuesday.")
    assert ground.sub_event_type == "Non-state actor overtakes territory"
    people = first(nlp, "The rebels' men are holding nine farmers seized near Dikwa on Monday.")
    assert people.sub_event_type in {"Abduction/forced disappearance", "Arrests"}


def test_two_blows_of_one_sentence_each_lie_in_the_country_of_their_own_half(nlp: Language) -> None:
    text = "Thai F-16 jets bombed posts in northern Cambodia on Monday and Cambodian rockets hit a clinic in Thailand."
    told = [event for event in events_in(nlp, article(text=text)) if event.sub_event_type]
    assert [({who.id for who in e.actor}, e.location[0].country) for e in told] == [
        ({"THA-MIL"}, "KHM"),
        ({"KHM-MIL"}, "THA"),
    ]
    assert all(event.border_incident for event in told)


def test_a_rising_number_of_wounded_is_no_toll_of_dead(nlp: Language) -> None:
    told = events_in(nlp, article(text="The number of wounded in the blast at Quetta on Monday has risen to 31."))
    assert {figure.kind for event in told for figure in event.casualties} == {"wounded"}


def test_the_second_this_year_says_nothing_of_the_day(nlp: Language) -> None:
    told = first(nlp, "Gunmen killed nine people at Baga on Monday, the second such attack this year.")
    assert told.date is not None
    assert told.date.text == "Monday"


def test_who_is_remembered_did_not_die_on_the_day_of_remembrance(nlp: Language) -> None:
    text = "Hundreds of Tamils lit lamps at Jaffna on Sunday to remember those killed at the end of the war in 2009."
    assert {str(event.modality) for event in events_in(nlp, article(text=text))} <= {"background"}


def test_a_state_is_not_the_country_that_bears_its_name(nlp: Language) -> None:
    told = first(nlp, "Gunmen stormed a prison in Niger state on Monday, Nigerian police said.")
    assert told.location[0].country == "NGA"


def test_a_capital_that_only_speaks_is_no_place(nlp: Language) -> None:
    told = first(nlp, "Air defences shot down 42 drones over Bryansk overnight, according to Moscow.")
    assert "Moscow" not in {place.name for place in told.location}


def test_fire_after_a_force_has_crossed_a_border_is_at_it(nlp: Language) -> None:
    assert first(nlp, "Troops exchanged shots off Yeonpyeong after a boat crossed the sea boundary.").border_incident
    assert not first(nlp, "Troops shelled Juba on Friday. Families had crossed the border by then.").border_incident


def test_who_died_far_from_home_did_not_die_there(nlp: Language) -> None:
    told = first(nlp, "Saudi border guards shot dead four Ethiopian migrants near the Yemeni frontier last Thursday.")
    assert "ETH" not in {place.country for place in told.location}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (
            "Rockets came down on Sderot on Friday. One went through a roof. Three workers died on the spot.",
            {("killed", 3)},
        ),
        (
            "Gunmen attacked a farm near Mubi, killing Bello Sani, 52, and his daughter Hauwa.",
            {("killed", 2)},
        ),
        ("Eight workers of a mine in Sinaloa were kidnapped by armed men on Monday.", {("captured", 8)}),
        ("A shell hit a barn near Avdiivka on Monday. Three buffaloes perished.", set()),
    ],
)
def test_victims_are_counted_where_they_are_named_or_told_of_later(
    nlp: Language, text: str, figures: set[tuple[str, int]]
) -> None:
    assert {(one.kind, one.count) for one in first(nlp, text).casualties} == figures


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Mortar rounds fired from Pakistan killed two farmers on the Indian side on Monday.", "IND"),
        (
            "N'DJAMENA, May 12 (Sahan) - A drone launched from Sudan killed nine people in Tine in Chad.",
            "TCD",
        ),
    ],
)
def test_ground_is_where_it_fell_and_not_whence_or_who_says_so(nlp: Language, text: str, country: str | None) -> None:
    event = first(nlp, text)
    assert next(iter(event.location)).country == country
    assert not any(who.id.startswith("TCD") for who in event.actor)


def test_a_namesake_far_away_is_not_the_village_of_a_district(nlp: Language) -> None:
    text = "Eight miners were seized at P\u00e1nuco in the municipality of Concordia in Sinaloa on Monday."
    place = first(nlp, text).location[0]
    assert (place.name, place.geo_precision) == ("P\u00e1nuco", 2)
    assert place.lat is not None
    assert 23 < place.lat < 24


def test_a_deed_without_a_day_is_less_sure(nlp: Language) -> None:
    dated = first(nlp, "Gunmen killed four farmers near Mubi on Monday.")
    undated = first(nlp, "Gunmen killed four farmers near Mubi.")
    assert undated.confidence == pytest.approx(dated.confidence - 0.2)
