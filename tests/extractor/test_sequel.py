"""What an article goes on to tell of a deed: one happening, with all that its sentences say of it."""

import pytest
from spacy.language import Language

from services.core.event import Event
from services.extractor.extract import events_in
from tests.builders import article

_LEAD = "Three people were killed at Zinder on Monday."


def current(nlp: Language, text: str) -> list[Event]:
    found = events_in(nlp, article(text=text))
    return [e for e in found if e.sub_event_type and e.modality in {"asserted", "alleged"} and not e.duplicate_of]


@pytest.mark.parametrize(
    ("behind", "kind"),
    [
        ("Two jets had dropped bombs on a mill.", "Air/drone strike"),
        ("Shells had hit a bus stop.", "Shelling/artillery/missile attack"),
        ("A bomb had been hidden in a cart.", "Remote explosive/landmine/IED"),
    ],
)
def test_a_weapon_that_is_told_behind_is_what_killed(nlp: Language, behind: str, kind: str) -> None:
    (event,) = current(nlp, f"{_LEAD} {behind}")
    assert (event.sub_event_type, event.trigger.text) == (kind, "killed")


@pytest.mark.parametrize(
    "behind",
    [
        "Another attack killed two at Maradi.",
        "Elsewhere gunmen shot a farmer.",
        "On Tuesday gunmen shot a farmer at Diffa.",
    ],
)
def test_another_place_day_or_word_makes_another_deed(nlp: Language, behind: str) -> None:
    assert len(current(nlp, f"{_LEAD} {behind}")) == 2


def test_what_goes_on_gives_the_truce_and_the_day(nlp: Language) -> None:
    text = "Gunmen attacked Labbezanga, officials said on Wednesday. They had come on Monday. The raid broke the truce."
    (event,) = current(nlp, text)
    assert event.ceasefire_violation


def test_what_two_sides_claim_is_two_things(nlp: Language) -> None:
    text = (
        "Armenia said Azerbaijani troops had shelled a village near Kapan on Friday. "
        "Azerbaijan said Armenian artillery had shelled its trenches."
    )
    assert len(current(nlp, text)) == 2


@pytest.mark.parametrize("line", ["KYIV, June 1 (Boreal) - ", "SANAA \u2014 ", ""])
def test_the_dateline_is_no_party_to_what_follows(nlp: Language, line: str) -> None:
    (event,) = current(nlp, f"{line}Russian glide bombs killed four people in Kharkiv in Ukraine on Monday.")
    assert [who.id for who in event.actor] == ["RUS-MIL"]


def test_ages_and_times_of_day_are_no_victims(nlp: Language) -> None:
    text = (
        "A shepherd aged 27 and Amina Khalil, 71, were shot dead by settlers near Huwara at half past nine on Monday."
    )
    (event,) = current(nlp, text)
    assert not {figure.count for figure in event.casualties} & {27, 71, 9}


def victims(event: Event) -> list[tuple[str, int | None]]:
    return [(c.kind, c.count) for c in event.casualties]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Gunmen attacked a market at Ansongo on Monday. The raid killed nine traders.", [("killed", 9)]),
        ("Gunmen killed several traders at Ansongo on Monday. The attack left nine dead.", [("killed", 9)]),
        (
            "Gunmen killed nine traders at Ansongo on Monday. The attack wounded four others.",
            [("killed", 9), ("wounded", 4)],
        ),
    ],
)
def test_the_figures_that_only_a_later_sentence_has_go_to_the_deed(
    nlp: Language, text: str, told: list[tuple[str, int]]
) -> None:
    (event,) = current(nlp, text)
    assert victims(event) == told


def test_a_figure_that_a_deed_has_is_not_replaced_by_a_later_one(nlp: Language) -> None:
    text = "Gunmen killed nine traders at Ansongo on Monday. The attack killed a driver too."
    (event,) = current(nlp, text)
    assert victims(event) == [("killed", 9)]


def test_a_running_total_is_no_toll_of_the_deed_before(nlp: Language) -> None:
    text = "Gunmen attacked a market at Ansongo on Monday. Attacks in the region have killed 900 people so far."
    assert all(count != 900 for event in current(nlp, text) for _, count in victims(event))


def test_the_harm_in_the_next_sentence_is_that_of_the_blow_before(nlp: Language) -> None:
    (event,) = current(nlp, "Shells hit a mill at Zinder on Monday. Nine workers were injured.")
    assert [(figure.kind, figure.count) for figure in event.casualties] == [("wounded", 9)]


def test_where_the_attack_took_place_is_where_the_deed_before_was(nlp: Language) -> None:
    text = "Gunmen shot dead six farmers in Niger's Zinder region on Monday. The attack took place near Tirmini."
    assert len(current(nlp, text)) == 1


def test_a_toll_is_told_before_a_killing_that_adds_nothing(nlp: Language) -> None:
    text = "The death toll of the massacre at Zinder has risen to 13. They were killed by people who came at night."
    assert [event for event in current(nlp, text) if event.tier == "kinetic"] == []


def test_a_mine_at_a_town_in_a_province_goes_off_once(nlp: Language) -> None:
    text = "A boy was killed when he trod on a mine near Magaria in Zinder on Friday."
    assert len(current(nlp, text)) == 1


def test_what_stands_behind_two_days_after_was_two_days_before(nlp: Language) -> None:
    text = "Troops clashed with rebels at Zinder on Thursday, two days after a deadly bombardment at Maradi."
    days = {event.sub_event_type: event.date.value for event in current(nlp, text) if event.date and event.date.value}
    clash, shelling = days["Armed clash"], days["Shelling/artillery/missile attack"]
    assert clash is not None
    assert shelling is not None
    assert (clash - shelling).days == 2


def test_they_may_be_who_spoke_in_a_sentence_before(nlp: Language) -> None:
    text = (
        "Seven people were killed in clashes in the north of the Central African Republic, local sources said, in what "
        "the authorities described as a violation of the ceasefire. Both the army and the movement said that they had "
        "been fired on first."
    )
    assert current(nlp, text)
