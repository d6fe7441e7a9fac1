"""Which articles are opened, and which of their sentences may hold an event."""

import pytest

from services.extractor.reading.patterns import compiled
from services.extractor.reading.prefilter import Prefilter, live_sentences, prefilter, warlike
from services.extractor.text.sentences import sentences


def live(text: str) -> list[bool]:
    spans = [(sentence.start, sentence.end) for sentence in sentences(text)]
    return live_sentences(text, spans, prefilter().offsets(text))


@pytest.mark.parametrize(
    "text",
    [
        "The visitors attack well on the left. Their best shot went wide.",
        "The club doctor said that he will be back in March.",
        "Shares rallied on Friday and the price war goes on. A rally of nine days has ended.",
        "The team bombarded a thin film with light.",
        "A heart attack left him unable to work.",
        "Beetles have destroyed the spruce in the valley.",
    ],
)
def test_words_of_war_on_the_sports_or_science_page_do_not_open_an_article(text: str) -> None:
    assert not any(live(text))


@pytest.mark.parametrize(
    "text",
    [
        "Azerbaijan attacked Armenia.",
        "Two people were killed in the attack.",
        "Gunmen stormed the building.",
        "A bomb exploded.",
        "A blast tore through the market. Nine people died.",
        "Thousands marched in Minsk.",
        "Shelling was heard all night.",
        "A bombing shook the capital.",
        "Police arrested nine people.",
    ],
)
def test_the_same_words_in_company_do(text: str) -> None:
    assert any(live(text))


def test_company_in_the_next_sentence_counts_and_farther_away_does_not() -> None:
    assert any(live("A blast was heard. Soldiers ran."))
    assert not any(live("A blast was heard. It was late. It was dark. Soldiers came home."))


def test_one_sure_sentence_opens_the_doubtful_ones_too() -> None:
    assert live("Rebels shelled the town. It was cold. It was late. The attack was short.") == [
        True,
        False,
        False,
        True,
    ]


def test_the_words_of_a_pattern_count_in_its_order_and_within_its_reach_only() -> None:
    small = Prefilter([compiled("open.v ~2 fire on", {})])
    assert small.passes("Gunmen opened heavy fire on a bus.")
    assert not small.passes("On Monday the fire was open to view.")
    assert not small.passes("They opened the doors and when all guests had come in lit a great fire on the hill.")


def test_the_month_of_march_is_no_march() -> None:
    small = Prefilter([compiled("march.n", {})])
    assert small.passes("March on Rome began.")
    assert small.passes("The march began.")
    assert not small.passes("They met in March.")
    assert small.offsets("They met in March (March 5).") == ()


def test_a_word_that_counts_for_nothing_alone_counts_with_others() -> None:
    small = Prefilter([compiled("attack.n", {}), compiled("attack.n on convoy", {})], besides=frozenset({"attack"}))
    assert small.passes("An attack on convoy seven.")
    assert small.passes("The attacks go on.")
    assert not small.passes("An attack on the left.")


def test_a_sentence_that_counts_the_dead_is_warlike_and_one_about_cheese_is_not() -> None:
    assert warlike("Roughly 35,000 people died.")
    assert not warlike("The goat cheese was excellent.")


def test_words_of_a_pattern_that_stand_far_apart_open_nothing() -> None:
    calm = "They had to take it slowly, said the cook. " + "The soup was good and warm. " * 3
    assert prefilter().offsets(calm + "Goma was dear to her, and custody of the child as well.") == ()
