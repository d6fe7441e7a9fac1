"""``tocsin backtest``: the alerts of a stored stream by the same pure code as the live one, without Kafka."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from spacy.language import Language

from services.alerter.judge import lives_of, taken_in
from services.alerter.match import ALL, match, match_keywords
from services.alerter.sent import Sent, new_sent, sent_key
from services.alerter.state import History, new_history
from services.commands.extract import events_or_error
from services.core.alert import Alert
from services.core.article import Article
from services.core.errors import InputError
from services.core.event import Event
from services.core.rule import Rules
from services.core.sighting import Revision, Sighting, group_key


@dataclass(frozen=True)
class Outcome:
    """What a backtest found: every phase of every alert, in the order of event time, and how much it looked at.

    ``failed`` tells of the articles that could not be processed; what they say is not counted.
    """

    alerts: tuple[Alert, ...]
    articles: int
    events: int
    sightings: int
    failed: tuple[InputError, ...] = ()


def backtest(rules: Rules, nlp: Language, articles: Iterable[Article]) -> Outcome:
    """Extracts, matches and judges the articles, whatever their order; the clock ends at the latest of them."""
    groups: dict[str, dict[str, Sighting]] = defaultdict(dict)
    sent: dict[bytes, Sent] = {}
    spans: dict[str, tuple[datetime, datetime]] = {}
    failed: list[InputError] = []
    counted, told = 0, 0
    for article in articles:
        counted += 1
        began, clock = spans.get(article.stream, (article.published, article.published))
        spans[article.stream] = (min(began, article.published), max(clock, article.published))
        events = events_or_error(nlp, article, article.id)
        if isinstance(events, InputError):
            failed.append(events)
            events = ()
        told += len(events)
        found = tuple(_sightings(rules, article, events))
        for sighting in found:
            groups[sighting.key].setdefault(sighting.sighting_id, sighting)
        ref = article.ref
        sent[sent_key(ref)] = sent.get(sent_key(ref), new_sent(ref, -1)).having(ref, found)
    edits: dict[str, list[Revision]] = defaultdict(list)
    for revision in (revision for entry in sent.values() for revision in entry.revisions()):
        edits[revision.key].append(revision)
    for rule in rules.rules:
        for key in (group_key(rule.name, stream, ALL) for stream in spans if rule.watches_silence):
            groups.setdefault(key, {})
    alerts = [
        alert
        for key, group in groups.items()
        for alert in _alerts(rules, _before(key, spans, edits[key]), key, group.values())
    ]
    ordered = tuple(sorted(alerts, key=lambda alert: (alert.changed_at, alert.rule, alert.alert_id)))
    return Outcome(ordered, counted, told, sum(map(len, groups.values())), tuple(failed))


def _sightings(rules: Rules, article: Article, events: Iterable[Event]) -> Iterator[Sighting]:
    yield from match_keywords(rules, article)
    for event in events:
        yield from match(rules, event)


def _before(key: str, spans: Mapping[str, tuple[datetime, datetime]], edits: Iterable[Revision]) -> History:
    """What is known of a group besides its sightings: how long its stream lasted, and what was edited."""
    history = new_history(key)
    began, clock = spans[history.stream]
    history = history.watched_since(began).at(clock)
    for revision in edits:
        history = history.with_revision(revision)
    return history


def _alerts(rules: Rules, history: History, key: str, sightings: Iterable[Sighting]) -> list[Alert]:
    rule = rules.named(key.split("|", 1)[0])
    for sighting in sorted(sightings, key=lambda s: s.at):
        history = taken_in(rule, history, sighting) if rule else history
    return [alert for life in lives_of(rule, history) for alert in life] if rule else []
