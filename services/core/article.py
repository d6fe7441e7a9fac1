"""One revision of one news item, as it travels on the articles topic."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Literal

from rensa import RMinHash

from services.core.wire import Message, UtcTime, Value, content_id

LIVE = "live"
"""The stream of what the poller fetches; every replay is a stream of another name."""

MAX_TEXT = 200_000
"""Characters of text kept of one article: keeps a record well below Kafka's default limit of 1 MiB in any script."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, which UTF-8 cannot carry; replaced one for one, so that offsets stay as they were."""

_BANDS = 16
_ROWS = 8
_SHINGLE = 3
_SEED = 20200927


class ArticleRef(Value):
    """What a later stage must know of the article an event or sighting comes from."""

    id: str
    revision: str
    stream: str
    url: str
    title: str
    source: str
    outlet: str
    published: UtcTime
    published_known: bool = True
    fetched: UtcTime
    language: str = ""
    fingerprint: tuple[str, ...] = ()


class Article(Message):
    """One revision of one news item.

    ``published`` is never later than ``fetched``; where a feed gives no date it is the fetch time and
    ``published_known`` is false. ``fingerprint`` is as :func:`fingerprint` makes it. ``text_from`` tells whether the
    text is what the feed told or that of the page it links to. Times are UTC.
    """

    id: str
    revision: str
    stream: str = LIVE
    url: str = ""
    title: str = ""
    text: str
    source: str
    outlet: str
    published: UtcTime
    published_known: bool = True
    fetched: UtcTime
    language: str = ""
    fingerprint: tuple[str, ...] = ()
    text_from: Literal["feed", "page"] = "feed"

    @property
    def ref(self) -> ArticleRef:
        """The article without its text."""
        return ArticleRef.model_validate(self, from_attributes=True)


def new_article(
    *,
    text: str,
    source: str,
    fetched: datetime,
    ident: str = "",
    stream: str = LIVE,
    url: str = "",
    title: str = "",
    outlet: str = "",
    published: datetime | None = None,
    language: str = "",
) -> Article:
    """An article with everything derived filled in: ids, revision, fingerprint, a sane publication time.

    ``ident`` defaults to an id of the URL, or of the text where there is none. A publication time in the future is a
    broken clock at the source; it is cut to ``fetched``, because windows count by it.
    """
    text, title, url, source = _whole(text[:MAX_TEXT]), _whole(title), _whole(url), _whole(source)
    when = min(published, fetched) if published else fetched
    return Article(
        id=_whole(ident) or content_id("article", source, url or text),
        revision=content_id("revision", title, text),
        stream=stream,
        url=url,
        title=title,
        text=text,
        source=source,
        outlet=_whole(outlet) or source,
        published=when,
        published_known=published is not None,
        fetched=fetched,
        language=language,
        fingerprint=fingerprint(text),
    )


def from_page(article: Article, text: str) -> Article:
    """The article with the text of its page, as the revision which that makes of it."""
    text = _whole(text[:MAX_TEXT])
    changes = {
        "text": text,
        "revision": content_id("revision", article.title, text),
        "fingerprint": fingerprint(text),
        "text_from": "page",
    }
    return article.model_copy(update=changes)


def _whole(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)


def fingerprint(text: str) -> tuple[str, ...]:
    """Sixteen band hashes of the text's words; two texts that share one are near-duplicates (wire copies).

    MinHash with 128 permutations over runs of three words, cut into 16 bands of 8 rows: two texts share a band with a
    probability of one half at a Jaccard similarity of about 0.71, and almost surely above 0.85 (Leskovec, Rajaraman and
    Ullman, *Mining of Massive Datasets*, section 3.4). Empty for texts of fewer than three words.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    if len(words) < _SHINGLE:
        return ()
    minhash = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
    minhash.update([" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)])
    digest = minhash.digest()
    bands = (digest[i : i + _ROWS] for i in range(0, _BANDS * _ROWS, _ROWS))
    return tuple(content_id(*(str(row) for row in band))[:12] for band in bands)


def is_late(ref: ArticleRef | Article, lateness: timedelta) -> bool:
    """Whether the article came too long after its publication to count; decided by the article alone."""
    return ref.fetched - ref.published > lateness
