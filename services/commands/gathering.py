"""What a stored stream comes to: the sightings of each rule and group, as the alerter would have them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from services.alerter.match import ALL, match, match_keywords
from services.alerter.retold import retold
from services.alerter.sent import Sent, new_sent, sent_key
from services.alerter.state import History, new_history
from services.core.alert import Alert
from services.core.article import Article, ArticleRef
from services.core.event import Event
from services.core.rule import Rule, Rules
from services.core.sighting import Revision, Sighting, group_key
from services.core.window import Window


class Gathering:
    """The groups of one or more streams, taken in article by article and event by event, in any order."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.groups: dict[str, dict[str, Sighting]] = defaultdict(dict)
        self._sent: dict[bytes, Sent] = {}
        self._spans: dict[str, tuple[datetime, datetime]] = {}

    @property
    def sightings(self) -> int:
        """How many there are in all groups."""
        return sum(map(len, self.groups.values()))

    def ended(self, stream: str) -> datetime | None:
        """The last publication in a stream, None where nothing was."""
        span = self._spans.get(stream)
        return span[1] if span else None

    def take_article(self, article: Article) -> None:
        """Takes in what the article's words meet, that there is this revision of it, and how late it is."""
        self._take(article.ref, match_keywords(self.rules, article))

    def take_event(self, event: Event) -> None:
        """Takes in what the event meets."""
        if event.article:
            self._take(event.article, match(self.rules, event))

    def _take(self, ref: ArticleRef, found: tuple[Sighting, ...]) -> None:
        began, ended = self._spans.get(ref.stream, (ref.published, ref.published))
        self._spans[ref.stream] = (min(began, ref.published), max(ended, ref.published))
        for sighting in found:
            self.groups[sighting.key].setdefault(sighting.sighting_id, sighting)
        key = sent_key(ref)
        self._sent[key] = (self._sent.get(key) or new_sent(ref, -1)).having(ref, found)

    def histories(self, clock: datetime | None = None) -> Iterator[tuple[Rule, History, tuple[Alert, ...]]]:
        """Each group with what is known of it at ``clock``, and the alerts that were settled before.

        The clock is each stream's last publication by default.
        """
        edits = self._edits()
        silent = {
            group_key(rule.name, stream, ALL)
            for rule in self.rules.rules
            if rule.watches_silence
            for stream in self._spans
        }
        for key in sorted(silent.union(self.groups)):
            if rule := self.rules.named(key.split("|", 1)[0]):
                yield rule, *self._history(rule, key, edits.get(key, ()), clock)

    def history(self, rule: Rule, stream: str, *, group: str, clock: datetime) -> History:
        """What is known of one group by what was published up to ``clock``."""
        key = group_key(rule.name, stream, group)
        return self._history(rule, key, self._edits().get(key, ()), clock, until=clock)[0]

    def seen_within(self, rule: Rule, stream: str, window: Window) -> dict[str, int]:
        """The groups of a rule in which anything was seen in the window, with how many sightings; most first."""
        start = group_key(rule.name, stream, "")
        seen = {
            key.removeprefix(start): sum(window.start < s.at <= window.end for s in told.values())
            for key, told in self.groups.items()
            if key.startswith(start)
        }
        return {group: number for group, number in sorted(seen.items(), key=lambda one: (-one[1], one[0])) if number}

    def _edits(self) -> dict[str, list[Revision]]:
        edits: dict[str, list[Revision]] = defaultdict(list)
        for revision in (revision for entry in self._sent.values() for revision in entry.revisions()):
            edits[revision.key].append(revision)
        return edits

    def _history(
        self,
        rule: Rule,
        key: str,
        edits: Iterable[Revision],
        clock: datetime | None = None,
        *,
        until: datetime | None = None,
    ) -> tuple[History, tuple[Alert, ...]]:
        history = new_history(key)
        began, ended = self._spans.get(history.stream, (None, None))
        moment = clock or ended
        history = history.watched_since(began).at(moment) if moment else history
        for revision in edits:
            history = history.with_revision(revision)
        known = self.groups.get(key, {}).values()
        return retold(rule, history, (s for s in known if until is None or s.at <= until))
