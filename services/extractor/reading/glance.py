"""The lines of a page in their words: first in bare ones, then parsed where that is worth its time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from spacy.language import Language

from services.core.article import Article
from services.extractor.reading.mended import mended
from services.extractor.reading.page import Line, Page
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import acts_in, possible_acts, possible_triggers, triggers_in
from services.extractor.text.clean import Clean
from services.extractor.text.pipeline import parsed
from services.extractor.text.words import bare_words, words_of

_FEW = 3
"""Live lines that are parsed before the verbal acts of a page are: so few often hold nothing (a shot on goal)."""


def glanced(nlp: Language, article: Article, text: Clean, page: Page) -> Story:
    """The article by its bare words: whatever it may tell once it is read, but nobody named and no home."""
    readings = tuple(_glance(nlp, number, line) for number, line in enumerate(page.lines))
    today = article.published.date() if article.published_known else None
    words = Counter([form for reading in readings for form in reading.words.forms])
    return Story(article, text, today, readings, words, page.unread)


def _glance(nlp: Language, number: int, line: Line) -> Reading:
    sentence = line.sentence
    words = line.words(nlp, bare_words(nlp, sentence.text[line.cut :], sentence.start + line.cut))
    finds = possible_triggers(words) if line.live else ()
    acts = possible_acts(words) if line.act else ()
    return Reading(number, sentence, words, line.live, finds, acts)


def with_triggers(nlp: Language, glimpse: Story, page: Page) -> Story:
    """The article with the lines parsed that may hold a trigger; where these are many, those of verbal acts too."""
    live = [k for k, line in enumerate(page.lines) if line.live]
    return _parsed(nlp, glimpse, page, live if len(live) <= _FEW else _telling(page))


def with_acts(nlp: Language, glimpse: Story, page: Page) -> Story:
    """The same with the lines of verbal acts parsed as well."""
    return _parsed(nlp, glimpse, page, [k for k in _telling(page) if not glimpse.readings[k].parsed])


def _telling(page: Page) -> list[int]:
    return [k for k, line in enumerate(page.lines) if line.live or line.act]


def _parsed(nlp: Language, glimpse: Story, page: Page, chosen: Iterable[int]) -> Story:
    readings = list(glimpse.readings)
    texts = {k: page.lines[k].sentence.text[page.lines[k].cut :] for k in chosen}
    for (k, told), doc in zip(texts.items(), parsed(nlp, texts.values()), strict=True):
        line, before = page.lines[k], readings[k]
        words = mended(line.words(nlp, words_of(doc, line.sentence.start + line.cut, told)))
        readings[k] = replace(
            before,
            words=words,
            parsed=True,
            finds=triggers_in(words, before.finds),
            acts=acts_in(words, before.acts),
        )
    return replace(glimpse, readings=tuple(readings))
