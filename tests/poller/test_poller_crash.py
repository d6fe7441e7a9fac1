"""Killed between publishing and saving its state, on real Kafka: no article is lost, doubles are the same article."""

import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from services.core.article import Article
from services.core.wire import decode
from tests.poller.processes import created, poller, records
from tests.poller.samples import item, rss
from tests.poller.server import always, serving

ITEMS = 40


@pytest.mark.kafka
async def test_a_kill_between_publishing_and_saving_repeats_but_loses_nothing(real_kafka: str, tmp_path: Path) -> None:
    await created(real_kafka, "crash")
    body = rss(*(item(number) for number in range(ITEMS)))
    async with serving({"/feed": always(body)}) as site:
        feed = {"id": "wire", "url": site.url("/feed"), "outlet": "wire", "country": "GBR", "kind": "media"}
        feeds = tmp_path / "feeds.yaml"
        feeds.write_text(json.dumps({"feeds": [feed]}))
        async with poller(real_kafka, feeds, "crash", "cut") as process:
            assert await process.wait() == -signal.SIGKILL
        assert len(site.asked) == 1
        async with poller(real_kafka, feeds, "crash"):
            found = await records(real_kafka, "crash", states=1)
    articles = [decode(Article, each.value) for each in found if each.topic == "crash.articles"]
    counts = Counter((article.id, article.revision) for article in articles)
    assert len(counts) == ITEMS
    assert set(counts.values()) == {2}
