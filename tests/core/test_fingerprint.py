"""Fingerprints: copies of a story share a band, different stories do not. Measured over generated pairs."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.core.article import fingerprint

PINNED = "Guns on both banks of the river fired through the night, and two bridges were hit before dawn came up."


def words(rng: random.Random, number: int) -> list[str]:
    """So many words of a made-up language of 3,000 words, the frequent ones as frequent as in a real one (Zipf)."""
    ranks = range(1, 3001)
    return [f"w{rank}" for rank in rng.choices(ranks, weights=[1 / rank for rank in ranks], k=number)]


def edited(text: list[str], rng: random.Random, *, every: int) -> list[str]:
    """The text with one word in ``every`` replaced."""
    return [f"new{rng.random()}" if rng.randrange(every) == 0 else word for word in text]


def share(one: list[str], other: list[str]) -> bool:
    return bool(set(fingerprint(" ".join(one))) & set(fingerprint(" ".join(other))))


def shared_of(pairs: list[tuple[list[str], list[str]]]) -> float:
    return sum(share(one, other) for one, other in pairs) / len(pairs)


def test_wire_copies_share_a_band() -> None:
    rng = random.Random(1)
    texts = [words(rng, 300) for _ in range(150)]
    one_word_in_fifty = [(text, edited(text, rng, every=50)) for text in texts]
    with_a_new_first_paragraph = [(text, [*words(rng, 15), *text[15:]]) for text in texts]
    assert shared_of(one_word_in_fifty) >= 0.98
    assert shared_of(with_a_new_first_paragraph) >= 0.98


def test_a_text_half_rewritten_is_a_story_of_its_own() -> None:
    rng = random.Random(2)
    pairs = [(text, [*text[:150], *words(rng, 150)]) for text in (words(rng, 300) for _ in range(150))]
    assert shared_of(pairs) <= 0.05


def test_unrelated_texts_share_no_band() -> None:
    rng = random.Random(3)
    prints = [set(fingerprint(" ".join(words(rng, 300)))) for _ in range(150)]
    assert not any(one & other for number, one in enumerate(prints) for other in prints[:number])


@given(st.text(max_size=200))
def test_case_white_space_and_width_do_not_matter(text: str) -> None:
    assert fingerprint(text) == fingerprint(f"  {text}\n\n")
    assert (
        fingerprint("Two Sides\tclashed.") == fingerprint("two sides — clashed!") == fingerprint("ｔｗｏ sides clashed")
    )


def test_texts_of_fewer_than_three_words_have_none() -> None:
    assert fingerprint("") == fingerprint("two words") == ()
    assert len(fingerprint("just three words")) == 16


def test_the_values_are_pinned_since_stored_fingerprints_are_compared_with_new_ones() -> None:
    assert fingerprint(PINNED)[:4] == ("db8fa0f5bb59", "027e4da1e569", "90d890867af0", "c6445e6e015b")
    assert len(fingerprint(PINNED)) == 16
