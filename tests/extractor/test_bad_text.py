"""Text that is no news at all: nothing is raised, spans stay literal, and what comes out stays small."""

import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from services.core.event import Event
from services.core.wire import encode
from services.extractor.extract import events_in
from services.extractor.text.blank import blank_pipeline
from services.extractor.text.clean import clean
from services.extractor.text.sentences import sentences
from tests.builders import article
from tests.quality.pipeline import pipeline

MEGABYTE = 1_000_000
MOST_EVENTS = 300
LONGEST_SENTENCE = 1200
LARGEST_RECORD = 900_000
"""Bytes: Kafka refuses a record of a mebibyte, headers and key included."""

REPORT = "Rebels shelled the town of Marib on Monday, killing three civilians. "
OTHERS = {
    "German": "Bei Angriffen auf die Stadt wurden am Montag drei Menschen getötet, sagte der Sprecher der Armee.",
    "Russian": "В понедельник артиллерия обстреляла город, погибли три человека, сообщило министерство обороны.",
    "Arabic": "قال متحدث باسم الجيش إن ثلاثة أشخاص قتلوا في قصف على المدينة يوم الاثنين.",
    "Hebrew": "שלושה בני אדם נהרגו בהפגזה על העיר ביום שני, כך מסר דובר הצבא.",
    "Chinese": "军方发言人说，星期一炮击造成三人死亡，停火协议遭到破坏。",
    "Japanese": "月曜日の砲撃で三人が死亡したと軍の報道官が述べた。",
    "Armenian": "Երկուշաբթի օրը քաղաքի հրետակոծությունից զոհվել է երեք մարդ։",
    "Hindi": "सेना के प्रवक्ता ने कहा कि सोमवार को गोलाबारी में तीन लोग मारे गए।",
    "Thai": "โฆษกกองทัพกล่าวว่ามีผู้เสียชีวิตสามคนจากการยิงปืนใหญ่เมื่อวันจันทร์",
    "Turkish": "Ordu sözcüsü, pazartesi günü kente açılan ateşte üç kişinin öldüğünü söyledi. İSTANBUL",
}
HUGE = {
    "news": REPORT * (MEGABYTE // len(REPORT)),
    "one sentence": "the army and the rebels met near the river and " * (MEGABYTE // 48),
    "one word again and again": "bomb " * (MEGABYTE // 5),
    "bombs attack": "bombs attack " * (MEGABYTE // 13),
    "no space at all": "bomb" * (MEGABYTE // 4),
    "newlines": "\n" * 200_000 + REPORT,
    "wrapped lines": ("rebels shelled the town " * 3).strip().ljust(72, "x").__add__("\n") * (MEGABYTE // 73),
    "full stops": "." * MEGABYTE,
    "quotes behind a full stop": "." + "\"'" * (MEGABYTE // 2) + REPORT,
    "open brackets": "(" * (MEGABYTE // 2) + REPORT + ")" * (MEGABYTE // 2),
    "nested quotes": ' "he said' * 20_000 + REPORT,
    "spaces in a sentence": "Rebels shelled" + " " * MEGABYTE + "the town.",
    "hyphens": "bomb-" * (MEGABYTE // 5),
    "digits": "9" * MEGABYTE + " killed in bombing.",
    "numbers": "five hundred " * (MEGABYTE // 13) + "people were killed in shelling.",
    "capitals": "Rebels attacked " + "Karabakh Army " * (MEGABYTE // 14),
    "hidden characters": "\u200b".join(REPORT) + "\u200b" * MEGABYTE,
}
HIDDEN = {
    "NUL": "\x00",
    "control character": "\x01",
    "delete": "\x7f",
    "right-to-left mark": "\u200f",
    "right-to-left override": "\u202e",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "soft hyphen": "\u00ad",
    "byte order mark": "\ufeff",
    "private use": "\ue000",
    "tag character": "\U000e0041",
}
ODD = {
    "lone combining marks": "\u0301\u0301 Rebels she\u0301lled\u0301 the town\u0301. \u0301",
    "emoji": "🚀💥 Rebels shelled 👩‍👩‍👧‍👦 the town 🇺🇦. 💣 bomb 💣 exploded 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "ligatures that grow": "ﷺ ﬁghters shelled the town ㎒ of ﬁre. ﷺ" * 50,
    "letters that grow in lower case": "İİİ Rebels shelled İstanbul on Monday. ẞ bomb İ",
    "nested brackets": "[({" * 300 + "Rebels shelled the town" + "})]" * 300 + ".",
    "nested quotes": "\"'“‘«" * 300 + "Rebels shelled the town." + "»’”'\"" * 300,
    "line and paragraph separators": "Rebels shelled\u2028the town.\u2029A bomb\x85exploded.\r\nTwo died.\x0b\x0c",
    "markup": "<p>Rebels <b>shelled</b> &amp; <script>bomb()</script> the town.</p>" * 20,
    "only full stops and triggers": ". bomb . attack ! shelling ? truce : war ; " * 30,
}


@cache
def plain() -> Language:
    return blank_pipeline()


def checked(nlp: Language, text: str) -> tuple[Event, ...]:
    """The events of a text, after a look at what every event must keep to."""
    given = article(text)
    found = events_in(nlp, given)
    assert len(found) <= MOST_EVENTS
    for event in found:
        for span in (event.trigger, event.sentence):
            assert given.text[span.start : span.end] == span.text
        assert event.sentence.start <= event.trigger.start
        assert event.trigger.end <= event.sentence.end
        assert len(encode(event)) < LARGEST_RECORD
    return found


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_another_language_tells_no_events(nlp: Language, text: str) -> None:
    assert checked(nlp, text * 20) == ()


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\t\r\n \u3000\u2003", "\u200b", "\x00", ".", '"', "-", "\ud800"], ids=ascii
)
def test_a_text_without_words_tells_no_events(nlp: Language, text: str) -> None:
    assert checked(nlp, text) == ()


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE.keys())
def test_an_enormous_text_stays_within_bounds(text: str) -> None:
    checked(plain(), text)


@pytest.mark.parametrize("kind", ["news", "wrapped lines"])
def test_an_enormous_text_goes_through_the_parser(nlp: Language, kind: str) -> None:
    checked(nlp, HUGE[kind])


def test_an_article_that_was_never_cut_to_size_is_read_as_far_as_others_are(nlp: Language) -> None:
    long = article().model_copy(update={"text": "All is calm. " * 80_000 + REPORT})
    assert len(long.text) > MEGABYTE
    assert events_in(nlp, long) == ()


@pytest.mark.parametrize("letter", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_characters_within_words_change_nothing(nlp: Language, letter: str) -> None:
    plain, marked = checked(nlp, REPORT), checked(nlp, letter.join(REPORT))
    assert [event.sub_event_type for event in marked] == [event.sub_event_type for event in plain] != []
    assert marked[0].trigger.text.replace(letter, "") == plain[0].trigger.text


@pytest.mark.parametrize("letter", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_long_run_of_hidden_characters_does_not_make_a_record_too_large(nlp: Language, letter: str) -> None:
    hole = letter * 90_000
    checked(nlp, f"Rebels she{hole}lled the town and {hole}shelled the village on Monday.")


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_characters_leave_spans_literal(nlp: Language, text: str) -> None:
    checked(nlp, text)


def test_binary_bytes_tell_no_events(nlp: Language) -> None:
    every = bytes(range(256))
    jumbled = bytes((k * k * 31 + k * 7) % 256 for k in range(60_000))
    assert checked(nlp, every.decode("latin-1") * 50) == ()
    checked(nlp, jumbled.decode("latin-1"))
    checked(nlp, jumbled.decode("utf-8", errors="replace"))
    checked(nlp, jumbled.decode("utf-16", errors="replace"))


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE.keys())
def test_no_sentence_is_longer_than_the_longest(text: str) -> None:
    found = sentences(clean(text).text)
    assert max((len(sentence.text) for sentence in found), default=0) <= LONGEST_SENTENCE


VOCABULARY = (
    "Rebels army troops shelled attacked killed 12 civilians in Marib Kyiv Armenia Azerbaijan said he denied that "
    "truce ceasefire violated the of and on Monday by near border . , ; : ? ! \" ' ( ) - -- Mr. U.S. é İ ﬁ"
)
WORDS = st.sampled_from([*VOCABULARY.split(), "\n", "\n\n", "\u200b"])


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_words_of_war_in_any_order_are_read_without_an_error(text: str) -> None:
    checked(pipeline(), text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(0, 200))
def test_any_characters_around_a_report_leave_its_spans_literal(text: str, at: int) -> None:
    checked(plain(), text[:at] + REPORT + text[at:])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_a_uniform_text_points_back_into_the_text_as_given(text: str) -> None:
    made = clean(text)
    for place, letter in enumerate(made.text):
        first, last = made.span(place, place + 1)
        assert 0 <= first <= last <= len(text)
        assert letter == "\n" or letter in unicodedata.normalize("NFKC", text[first:last]) or not letter.isalnum()
