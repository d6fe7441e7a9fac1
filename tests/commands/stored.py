"""Stored articles on disk, as tests need them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.commands.articles import Reading, read_articles
from services.core.article import Article
from services.core.errors import InputError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = datetime(2020, 9, 29, tzinfo=UTC)

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>
<item><title>Shells hit a village</title><link>https://t.example/1</link><guid>1</guid>
<description>Shells hit a village at the border.</description><pubDate>Tue, 29 Sep 2020 08:00:00 GMT</pubDate></item>
<item><title>No date here</title><link>https://t.example/2</link><guid>2</guid><description>Talks.</description></item>
<item><guid>3</guid><pubDate>Tue, 29 Sep 2020 08:00:00 GMT</pubDate></item>
</channel></rss>"""


def reading(**more: Any) -> Reading:
    """Reading into the stream ``test``."""
    return Reading(**{"stream": "test", "now": NOW, **more})


def read(path: Path, **more: Any) -> tuple[list[Article], list[str]]:
    """The articles under a path, and what is said of those that could not be read, without the path."""
    found = list(read_articles(path, reading(**more)))
    articles = [one for one in found if isinstance(one, Article)]
    return articles, [str(one).removeprefix(str(path)) for one in found if isinstance(one, InputError)]


def line(**fields: Any) -> str:
    """A line of JSON Lines with a text and a date."""
    return json.dumps({"text": "Two sides clashed.", "published": "2020-09-29T08:00:00Z", **fields}) + "\n"
