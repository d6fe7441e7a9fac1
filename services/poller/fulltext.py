"""Whether the text of an article's page is better than what its feed told. Pure."""

import re
from enum import StrEnum

from services.core.article import Article, from_page
from services.poller.markup import titled

_WORD = re.compile(r"[^\W\d_]{4,}")
SHARE = 1 / 3
"""Least share of the feed's words that a page must hold: one about something else (a wall, a front page) does not."""


class Choice(StrEnum):
    """Which text an article got, and why; only the first is that of the page."""

    PAGE = "page"
    SHORTER = "shorter"
    UNRELATED = "unrelated"
    NO_LINK = "no_link"
    ROBOTS = "robots"
    UNREACHABLE = "unreachable"
    NOT_A_PAGE = "not_a_page"
    NOT_EXTRACTED = "not_extracted"
    TOO_MANY = "too_many"


def choose(article: Article, extracted: str) -> tuple[Article, Choice]:
    """The article with the better text of the two.

    The page's is better if it is longer and tells of the same: its text must hold a third of the words (of four letters
    or more) of what the feed told. A script without spaces between words rarely does, and keeps the feed's text.
    """
    text = titled(article.title, extracted)
    if len(text) <= len(article.text):
        return article, Choice.SHORTER
    words = _words(article.text)
    if words and len(words & _words(extracted)) < SHARE * len(words):
        return article, Choice.UNRELATED
    return from_page(article, text), Choice.PAGE


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
