"""English endings: what a word of a rule is found as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.inflect import forms


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("shell", "shells shelled shelling"),
        ("attack", "attacks attacked attacking"),
        ("clash", "clashes clashed clashing"),
        ("casualty", "casualties"),
        ("deploy", "deploys deployed deploying"),
        ("seize", "seizes seized seizing"),
        ("flee", "flees fled fleeing"),
        ("argue", "argues argued arguing"),
        ("die", "dies died dying"),
        ("stop", "stops stopped stopping"),
        ("cancel", "cancels canceled cancelled canceling cancelling"),
        ("fix", "fixes fixed fixing"),
        ("veto", "vetoes vetoed vetoing"),
        ("raid", "raids raided raiding"),
        ("equip", "equipped equipping"),
        ("strike", "strikes struck striking"),
        ("shoot", "shoots shot shooting"),
        ("gunman", "gunmen"),
        ("woman", "women"),
        ("crisis", "crises"),
        ("panic", "panicked panicking"),
        ("SHELL", "shell shelling"),
    ],
)
def test_a_word_is_found_with_its_endings(word: str, found: str) -> None:
    assert set(found.split()) <= forms(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("shell", "shellfish"),
        ("hop", "hoping"),
        ("rate", "rat"),
        ("bomb", "bombard"),
        ("mine", "min"),
        ("shelling", "shell"),
        ("car", "caring"),
    ],
)
def test_other_words_are_not_taken_for_it(word: str, other: str) -> None:
    assert other not in forms(word)


@given(st.text(min_size=1, max_size=20))
def test_every_word_is_one_of_its_own_forms(word: str) -> None:
    assert word.casefold() in forms(word)


@pytest.mark.parametrize("word", ["s400", "ak-47", "на", "ceasefire2", "UN", "5"])
def test_what_does_not_look_like_an_english_word_stays_as_it_is(word: str) -> None:
    assert forms(word) == {word.casefold()}
