"""Articles that are known to tell nothing before a word of them is parsed."""

from itertools import islice

import pytest
from spacy.language import Language

from services.core.article import Article
from services.extractor.event.accidents import accidental
from services.extractor.event.harmless import harmless
from services.extractor.event.idle import idle
from services.extractor.event.tolls import total
from services.extractor.extract import Outcome, events_in, extracted
from services.extractor.reading.glance import glanced, with_acts, with_triggers
from services.extractor.reading.page import Page, opened
from services.extractor.reading.read import Story, read
from services.extractor.text.blank import blank_pipeline
from services.extractor.text.clean import clean
from tests.bench.news import mixed
from tests.builders import article

NLP = blank_pipeline()

IDLE = [
    "A man was arrested on Friday after a shop reported missing phones.",
    "A lorry carrying rye bread blocked the road to Lima for two hours, but nobody was hurt.",
    "The euro of France retreated against the dollar after a rally of nine days.",
    "France withdrew its complaint about the border tax.",
    "Italy and Japan clash over cheese labels.",
    "The ministers of Chile reached an agreement on fishing quotas.",
    "The keeper saved three penalties. France attacked well, and the captain of the champions won the derby.",
]


def glimpse(nlp: Language, of: Article) -> tuple[Story, Page]:
    text = clean(of.text)
    page = opened(text.text)
    return glanced(nlp, of, text, page), page


@pytest.mark.parametrize("text", IDLE)
def test_words_of_another_trade_tell_nothing(text: str) -> None:
    story, page = glimpse(NLP, article(text))
    assert page.lines
    assert idle(story)
    assert extracted(NLP, article(text)).outcome is Outcome.NOTHING_TOLD


@pytest.mark.parametrize(
    "text",
    [
        "Rebels attacked a village.",
        "France attacked the villagers of Marib.",
        "Police arrested a protester for theft.",
        "Farmers blocked the road to Lima to demand higher prices.",
        "Soldiers withdrew their complaint. They withdrew from Goma too.",
        "Russia condemned the test of a bomb by Iran.",
        "Police arrested a man in a shop. The death toll of the fire rose to nine.",
        "Police arrested a man in a shop. Ali Amin, 71, died.",
    ],
)
def test_what_may_yet_be_told_is_read(text: str) -> None:
    assert not idle(glimpse(NLP, article(text))[0])


def test_where_an_article_is_idle_no_trigger_would_stand_once_it_is_read(nlp: Language) -> None:
    glimpses = [glimpse(nlp, calm) for calm in (*map(article, IDLE), *islice(mixed(5), 100))]
    chosen = [(with_triggers(nlp, story, page), page) for story, page in glimpses if page.lines and idle(story)]
    assert len(chosen) > len(IDLE) + 9
    for glanced_at, page in chosen:
        assert idle(glanced_at)
        story = read(with_acts(nlp, glanced_at, page))
        for reading in story.readings:
            dismissed = (accidental(story, reading, find) or harmless(story, reading, find) for find in reading.finds)
            assert all(dismissed)
            assert not total(reading)
            assert not (reading.live and reading.acts)


def test_a_parse_may_say_that_there_is_nothing_after_all(nlp: Language) -> None:
    beetles = article("Beetles destroyed the maize in Kenya. Soldiers came to help.")
    story, page = glimpse(nlp, beetles)
    assert not idle(story)
    assert idle(with_triggers(nlp, story, page))
    assert events_in(nlp, beetles) == ()


def test_verbal_acts_are_told_beside_a_trigger_that_stands_or_in_the_sentence_of_one(nlp: Language) -> None:
    theft, deed = "A man was arrested for theft of phones.", "Rebels shelled the town of Marib."
    protest = "France condemned Iran."
    assert events_in(nlp, article(f"{theft} {protest}")) == ()
    assert len(events_in(nlp, article(f"{deed} {protest}"))) == 2
    assert [event.plover for event in events_in(nlp, article("France condemned the bomb of Iran."))] == ["ACCUSE"]
