"""What was sent of one article: its revisions, and the groups that hold sightings of it. Pure.

An article's events and its revisions meet in one partition, since both topics are keyed by its id; its sightings lie
wherever their groups do. So whoever is to tell the groups of an edit has to remember where the sightings went.
"""

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from typing import Final

from services.core.article import ArticleRef
from services.core.sighting import Revision, Sighting
from services.core.wire import Message, UtcTime, decode, encode

MAX_ARTICLES: Final = 20_000
"""Articles remembered of one partition; an edit of an older one is heard of only where it tells of the same matter."""

_MAX_GROUPS: Final = 200
_MAX_REVISIONS: Final = 50


class Sent(Message):
    """What is remembered of one article of one stream.

    ``fetched`` has each revision with when it was first fetched, ``groups`` the rules and groups that hold sightings of
    any of them. ``partition`` is where the entry lives.
    """

    stream: str
    article_id: str
    published: UtcTime
    fetched: dict[str, UtcTime]
    groups: tuple[tuple[str, str], ...] = ()
    partition: int = -1

    def having(self, article: ArticleRef, sightings: Iterable[Sighting] = ()) -> "Sent":
        """The same with one revision and its sightings more; itself if both were known."""
        fetched = dict(self.fetched)
        fetched[article.revision] = min(article.fetched, fetched.get(article.revision, article.fetched))
        groups = sorted({*self.groups, *((s.rule, s.group) for s in sightings)})
        if fetched == self.fetched and len(groups) == len(self.groups):
            return self
        # An article that was edited so often is a live page: its first revisions no longer matter.
        newest = sorted(fetched.items(), key=lambda each: (each[1], each[0]))[-_MAX_REVISIONS:]
        update = {"fetched": dict(sorted(newest)), "groups": tuple(groups[:_MAX_GROUPS])}
        return self.model_copy(update={**update, "published": min(self.published, article.published)})

    def revisions(self) -> Iterator[Revision]:
        """What the groups are to be told; nothing while there is one revision only."""
        if len(self.fetched) > 1:
            for rule, group in self.groups:
                yield Revision(
                    rule=rule,
                    group=group,
                    stream=self.stream,
                    article_id=self.article_id,
                    published=self.published,
                    fetched=self.fetched,
                )


def new_sent(article: ArticleRef, partition: int) -> Sent:
    """The entry of an article of which nothing was sent yet."""
    return Sent(
        stream=article.stream,
        article_id=article.id,
        published=article.published,
        fetched={article.revision: article.fetched},
        partition=partition,
    )


def sent_key(article: ArticleRef) -> bytes:
    """The key of an article's entry."""
    return f"{article.stream}|{article.id}".encode()


class SentTable:
    """The table of what was sent of which article, kept within bounds."""

    def __init__(self, table: MutableMapping[bytes, bytes], *, most: int = MAX_ARTICLES) -> None:
        self._table = table
        self._most = most
        self._keys: dict[int, dict[bytes, None]] = {}

    def note(self, article: ArticleRef, sightings: Sequence[Sighting], partition: int) -> Sent:
        """The entry of an article with this revision and these sightings in it."""
        key = sent_key(article)
        raw = self._table.get(key)
        before = decode(Sent, raw) if raw else new_sent(article, partition)
        after = before.having(article, sightings)
        # Also when it is known: after a crash only the local store may have it, and not yet the changelog.
        self._table[key] = encode(after)
        self._bound(key, partition)
        return after

    def forget(self) -> None:
        """Reads the table anew when it is next asked: other partitions are in it now."""
        self._keys.clear()

    def _bound(self, key: bytes, partition: int) -> None:
        """Forgets the article that was first heard of longest ago when there are too many."""
        if partition not in self._keys:
            entries = [(known, decode(Sent, raw)) for known, raw in self._table.items()]
            mine = sorted((sent.published, known) for known, sent in entries if sent.partition == partition)
            self._keys[partition] = {known: None for _, known in mine}
        keys = self._keys[partition]
        keys.setdefault(key)
        while len(keys) > self._most:
            oldest = next(iter(keys))
            del keys[oldest]
            self._table.pop(oldest, None)
