"""Keyword rules: whole words of title and text, found in the sentence they stand in."""

from datetime import timedelta
from typing import Any

import pytest

from services.alerter.match import match_keywords
from services.core.article import Article
from services.core.rule import Rules
from services.core.sighting import Sighting, Verdict
from tests.builders import NOON, article, rule


def found_in(of: Article, *phrases: str, **changes: Any) -> Sighting | None:
    changes = {"count": "stories", "group_by": "none", "when": {"phrases": list(phrases)}, **changes}
    found = match_keywords(Rules(rules=(rule(**changes), rule(name="events"))), of)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("The peace talks failed.", "peace talks"),
        ("The PEACE Talks failed.", "PEACE Talks"),
        ("The peace\n   talks failed.", "peace\n   talks"),
        ("The peace\u00a0talks failed.", "peace\u00a0talks"),
        ("“Peace talks” failed.", "Peace talks"),
        ("No-peace talks-at-all", "peace talks"),
        ("The peace talksheet", None),
        ("The greenpeace talks", None),
        ("The peacetalks", None),
        ("Talks of peace", None),
        ("peace_talks", None),
    ],
)
def test_phrases_are_whole_words_in_any_case_across_line_breaks(text: str, hit: str | None) -> None:
    found = found_in(article(text), "peace talks")
    assert (found.trigger.text if found else None) == hit
    if found:
        assert text[found.trigger.start : found.trigger.end] == hit


def test_characters_that_patterns_use_stand_for_themselves() -> None:
    assert found_in(article("It cost $5 (five) today."), "(five)") is not None
    assert found_in(article("It cost five today."), "f.ve") is None


def test_the_longest_phrase_wins_and_the_first_place_counts() -> None:
    found = found_in(article("Before the ceasefire talks, after a ceasefire."), "ceasefire", "ceasefire talks")
    assert found is not None
    assert (found.trigger.text, found.trigger.start) == ("ceasefire talks", 11)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two has a truce in it. Three.", "Two has a truce in it."),
        ("A truce it is", "A truce it is"),
        ("Headline\nA truce! Then more.", "A truce!"),
        ("He said: is it a truce?\n\nNo.", "He said: is it a truce?"),
        ("It fell 3.5 km from the truce line, by 4.2 km.", "It fell 3.5 km from the truce line, by 4.2 km."),
    ],
)
def test_the_sentence_around_the_phrase_is_found(text: str, sentence: str) -> None:
    found = found_in(article(text), "truce")
    assert found is not None
    assert found.sentence.text == sentence
    assert text[found.sentence.start : found.sentence.end] == sentence


def test_a_phrase_in_the_title_alone_has_no_place_in_the_text() -> None:
    found = found_in(article("Nothing of it here.", title="Truce agreed"), "truce")
    assert found is not None
    assert (found.sentence.text, found.trigger.text) == ("Truce agreed", "Truce")
    assert (found.sentence.start, found.sentence.end, found.trigger.start, found.trigger.end) == (0, 0, 0, 0)


def test_the_text_comes_before_the_title() -> None:
    found = found_in(article("At last a truce.", title="Truce agreed"), "truce")
    assert found is not None
    assert found.sentence.text == "At last a truce."


def test_an_article_without_any_phrase_meets_nothing() -> None:
    assert found_in(article("Nothing of it here."), "truce") is None


@pytest.mark.parametrize(("group_by", "group"), [("none", "all"), ("outlet", "herald"), ("source", "herald-world")])
def test_sightings_are_grouped_by_feed_by_outlet_or_not_at_all(group_by: str, group: str) -> None:
    found = found_in(article("A truce.", outlet="herald", source="herald-world"), "truce", group_by=group_by)
    assert found is not None
    assert found.group == group


def test_an_edited_article_is_another_sighting_of_the_same_story() -> None:
    one, other = (found_in(article(text, ident="x"), "truce") for text in ("A truce.", "A truce at last."))
    assert one is not None
    assert other is not None
    assert one.sighting_id != other.sighting_id
    assert one.incident == other.incident


def test_a_late_article_is_refused() -> None:
    found = found_in(article("A truce.", fetched=NOON + timedelta(days=8)), "truce")
    assert found is not None
    assert (found.refused, found.because) == (Verdict.LATE, "came 8 days after its publication; the rule allows 7")
