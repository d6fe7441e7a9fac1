"""Articles: derived once, the same everywhere, never from the future."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.core.article import LIVE, MAX_TEXT, Article, is_late, new_article
from services.core.wire import decode, encode
from tests.builders import NOON, article


def test_a_publication_in_the_future_is_cut_to_the_fetch() -> None:
    made = new_article(text="x", source="s", fetched=NOON, published=NOON + timedelta(hours=5))
    assert made.published == made.fetched == NOON
    assert made.published_known


@given(st.integers(-(10**6), 10**6))
def test_published_is_never_later_than_fetched(seconds: int) -> None:
    made = new_article(text="x", source="s", fetched=NOON, published=NOON + timedelta(seconds=seconds))
    assert made.published <= made.fetched


def test_a_missing_publication_is_the_fetch_and_says_so() -> None:
    made = new_article(text="x", source="s", fetched=NOON)
    assert made.published == NOON
    assert not made.published_known
    assert not made.ref.published_known


def test_what_is_not_given_is_derived() -> None:
    made = new_article(text="x", source="s", fetched=NOON, url="https://a.example/1")
    assert (made.stream, made.outlet) == (LIVE, "s")
    assert made.id == new_article(text="y", source="s", fetched=NOON, url="https://a.example/1").id
    assert made.id != new_article(text="x", source="t", fetched=NOON, url="https://a.example/1").id
    assert new_article(text="x", source="s", fetched=NOON).id != new_article(text="y", source="s", fetched=NOON).id


def test_a_revision_is_the_title_and_the_text_alone() -> None:
    first = article("The same words.", title="A")
    assert first.revision == article("The same words.", title="A", outlet="two", ident="other").revision
    assert first.revision != article("Other words.", title="A").revision
    assert first.revision != article("The same words.", title="B").revision


def test_a_long_text_is_cut_and_still_fits_into_a_record() -> None:
    made = article("\u4e2d" * (MAX_TEXT + 5))
    assert len(made.text) == MAX_TEXT
    assert len(encode(made)) < 1_000_000


def test_halves_of_characters_are_replaced_one_for_one_wherever_they_stand() -> None:
    half = "\ud83d"
    made = new_article(
        text=f"ab{half}cd", source=half, fetched=NOON, ident=half, url=f"http://x/{half}", title=half, outlet=half
    )
    assert made.text == "ab\ufffdcd"
    assert made.text.index("cd") == 3
    assert decode(Article, encode(made)) == made


@given(st.text(st.characters(), max_size=30))
def test_any_text_makes_an_article_that_can_be_sent(text: str) -> None:
    made = article(text)
    assert decode(Article, encode(made)) == made
    assert len(made.text) == len(text)


def test_a_reference_is_the_article_without_its_text() -> None:
    made = article("Some words that make up a text.")
    assert made.ref.model_dump() == made.model_dump(exclude={"text", "text_from", "schema_version"})


def test_lateness_is_decided_to_the_second() -> None:
    week = timedelta(days=7)
    assert not is_late(article(fetched=NOON + week), week)
    assert is_late(article(fetched=NOON + week + timedelta(seconds=1)), week)
