"""Words of a rule in a text: any, all, none, inflected, quoted, near each other."""

import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerter.keywords import holds, stretch
from services.core.inflect import forms
from services.core.wanted import Keywords, Proximity


def so(text: str, title: str = "", **keywords: Any) -> bool:
    return holds(Keywords.model_validate(keywords), (text, title))


@pytest.mark.parametrize(
    ("text", "keywords", "holds_so"),
    [
        ("They SHELLED it.", {"any": ["shell", "mortar"]}, True),
        ("They shelled it.", {"any": ['"shell"']}, False),
        ("A shell fell.", {"any": ['"shell"']}, True),
        ("Peace\n talks went on.", {"any": ["peace talk"]}, True),
        ("Peaceful talk", {"any": ["peace talk"]}, False),
        ("The army's shells", {"all": ["army", "shell"]}, True),
        ("The army", {"all": ["army", "shell"]}, False),
        ("Quiet day", {"none": ["shell"]}, True),
        ("Shelling", {"none": ["shell"]}, False),
        ("Shelling of the army", {"any": ["shell"], "all": ["army"], "none": ["navy"]}, True),
        ("C++ (five)", {"any": ["(five)"]}, True),
        ("Артиллерия била", {"any": ["артиллерия"]}, True),
        ("a drone over the city", {"near": {"words": ["city", "drone"], "within": 4}}, True),
        ("a drone over the city", {"near": {"words": ["city", "drone"], "within": 3}}, False),
        ("drone. One two three. Drones hit cities", {"near": {"words": ["city", "drone"], "within": 3}}, True),
        ("drone drone", {"near": {"words": ["city", "drone"], "within": 3}}, False),
    ],
)
def test_words_are_found_as_they_are_asked_for(text: str, keywords: dict[str, Any], holds_so: bool) -> None:
    assert so(text, **keywords) is holds_so


def test_title_and_text_are_taken_together_but_nothing_is_near_across_them() -> None:
    assert so("The drone", "A city", all=["drone", "city"])
    assert not so("Calm", "Shelling", none=["shell"])
    assert not so("The drone", "A city", near={"words": ["drone", "city"], "within": 100})


WORDS = ["shell", "shelled", "mortar", "fire", "firing", "city", "x"]
TEXTS = st.lists(st.sampled_from([*WORDS, "the", ",", "\n", "shellfish"]), max_size=14).map(" ".join)
WANTED = st.lists(st.sampled_from(["shell", "fire", "mortar", "city", '"shell"']), min_size=1, max_size=3, unique=True)


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def matches(word: str, token: str) -> bool:
    return token == word.strip('"') if word.startswith('"') else token in forms(word)


@settings(max_examples=200)
@given(TEXTS, WANTED)
def test_any_all_and_none_are_as_a_walk_over_the_words_finds_them(text: str, wanted: list[str]) -> None:
    found = [any(matches(word, token) for token in tokens(text)) for word in wanted]
    assert so(text, any=wanted) is any(found)
    assert so(text, all=wanted) is all(found)
    assert so(text, none=wanted) is not any(found)


@settings(max_examples=200)
@given(TEXTS, WANTED.filter(lambda wanted: len(wanted) > 1), st.integers(2, 8))
def test_nearness_is_as_trying_all_positions_finds_it(text: str, wanted: list[str], within: int) -> None:
    places = [[i for i, token in enumerate(tokens(text)) if matches(word, token)] for word in wanted]
    naive = any(max(chosen) - min(chosen) < within for chosen in product(*places))
    assert (stretch(Proximity(words=tuple(wanted), within=within), text) is not None) is naive


def test_a_long_text_full_of_the_words_is_searched_in_time_that_grows_with_it() -> None:
    text = "drone " * 20_000 + "calm " * 50 + "city " * 20_000
    assert stretch(Proximity(words=("drone", "city"), within=20), text) is None
