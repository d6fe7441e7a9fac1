"""``tocsin backtest`` of stored articles: their events, and the alerts that rules make of them, without Kafka."""

from collections.abc import Iterable

from spacy.language import Language

from services.commands.extract import events_or_error
from services.commands.outcome import Outcome, Stored, outcome_of
from services.core.article import Article
from services.core.errors import InputError
from services.core.event import Event
from services.core.rule import Rules


def backtest(rules: Rules, nlp: Language, articles: Iterable[Article]) -> Outcome:
    """Extracts, matches and judges the articles, whatever their order; the clock ends at the latest of them."""
    return outcome_of(rules, extracted(nlp, articles))


def extracted(nlp: Language, articles: Iterable[Article]) -> Stored:
    """The articles with the events that they tell."""
    every = tuple(articles)
    events: list[Event] = []
    failed: list[InputError] = []
    for article in every:
        found = events_or_error(nlp, article, article.id)
        if isinstance(found, InputError):
            failed.append(found)
        else:
            events += found
    return Stored(every, events, tuple(failed))
