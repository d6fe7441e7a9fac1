"""Killed between publishing and saving its state, on real Kafka: no article is lost, doubles are the same article."""

import asyncio
import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.core.article import Article
from services.core.topics import ARTICLES, FEEDS, TopicNames
from services.core.wire import decode
from services.runtime.broker import KafkaBroker, Record
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings, child_environment
from tests.kafka_server import KafkaServer, require_kafka
from tests.poller.samples import item, rss
from tests.poller.server import always, serving

NAMES = TopicNames("crash")
ITEMS = 40

# The poller, but that it is killed as if by a power cut when it is about to write its first state, after the articles
# were delivered.
KILLED = """
import os, signal, sys
from services.poller import follow
from services.poller.app import main
from services.runtime.settings import load_settings

def cut(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] == "cut":
    follow.state_record = cut
sys.exit(main(load_settings()))
"""


async def created(bootstrap: str) -> None:
    """Makes the two topics as ``tocsin topics`` would."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        topics = [NewTopic(NAMES.of(topic), 4, 1, topic_configs=topic.config()) for topic in (ARTICLES, FEEDS)]
        await admin.create_topics(topics)
    finally:
        await admin.close()


@asynccontextmanager
async def poller(bootstrap: str, feeds: Path, how: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = child_environment(
        kafka=bootstrap,
        feeds=str(feeds),
        topics__prefix="crash",
        http__port="0",
        poller__allow_private_addresses="true",
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, how, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def records(bootstrap: str, *, feeds: int) -> list[Record]:
    """All records, once there are so many states of feeds among them."""
    settings = Settings(kafka=bootstrap, topics=TopicSettings(prefix="crash"))
    found: list[Record] = []
    topics = [NAMES.of(ARTICLES), NAMES.of(FEEDS)]
    async with (
        KafkaBroker(settings, "test").consumer(topics, group=None, everything=True) as consumer,
        asyncio.timeout(60),
    ):
        while sum(bool(each.value) for each in found if each.topic == topics[1]) < feeds:
            found += await consumer.poll(0.5)
        while more := await consumer.poll(1.0):
            found += more
    return found


@pytest.mark.kafka
async def test_a_kill_between_publishing_and_saving_repeats_but_loses_nothing(tmp_path: Path) -> None:
    require_kafka()
    body = rss(*(item(number) for number in range(ITEMS)))
    with KafkaServer() as kafka:
        await created(kafka.bootstrap)
        async with serving({"/feed": always(body)}) as site:
            feed = {"id": "wire", "url": site.url("/feed"), "outlet": "wire", "country": "GBR", "kind": "media"}
            feeds = tmp_path / "feeds.yaml"
            feeds.write_text(json.dumps({"feeds": [feed]}))
            async with poller(kafka.bootstrap, feeds, "cut") as process:
                assert await process.wait() == -signal.SIGKILL
            assert len(site.asked) == 1
            async with poller(kafka.bootstrap, feeds, "whole"):
                found = await records(kafka.bootstrap, feeds=1)
    articles = [decode(Article, each.value) for each in found if each.topic == NAMES.of(ARTICLES)]
    counts = Counter((article.id, article.revision) for article in articles)
    assert len(counts) == ITEMS
    assert set(counts.values()) == {2}
