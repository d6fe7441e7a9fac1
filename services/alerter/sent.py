"""What was sent of one article: its revisions, and the groups that hold sightings of it. Pure.

An article's events and its revisions meet in one partition, since both topics are keyed by its id; its sightings lie
wherever their groups do. So whoever is to tell the groups of an edit has to remember where the sightings went.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from services.core.article import ArticleRef
from services.core.sighting import Revision, Sighting
from services.core.wire import Message, UtcTime

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
