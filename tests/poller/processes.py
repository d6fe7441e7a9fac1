"""Pollers as processes on a real Kafka, to be killed."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.core.topics import ARTICLES, FEEDS, TopicNames
from services.runtime.admin import create_topics
from services.runtime.broker import KafkaBroker, Record
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings, child_environment

# The poller, but that a dead one is missed after 3 seconds; and that the one called "cut" is killed as if by a power
# cut when it is about to write its first state, after the articles were delivered.
_POLLER = """
import functools, os, signal, sys
from services.poller import follow
from services.poller.app import main
from services.runtime import stage
from services.runtime.settings import load_settings

def cut(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] == "cut":
    follow.state_record = cut
stage.KafkaBroker = functools.partial(stage.KafkaBroker, session_ms=3_000)
sys.exit(main(load_settings()))
"""


def settings_of(bootstrap: str, prefix: str) -> Settings:
    """Where topics with this prefix are."""
    return Settings(kafka=bootstrap, topics=TopicSettings(prefix=prefix))


async def created(bootstrap: str, prefix: str) -> None:
    """Makes the two topics of a poller."""
    await create_topics(settings_of(bootstrap, prefix), [ARTICLES, FEEDS])


@asynccontextmanager
async def poller(
    bootstrap: str, feeds: Path, prefix: str, name: str = "whole"
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A running poller, whose name is its User-Agent; stopped at the end of the block."""
    environment = child_environment(
        kafka=bootstrap,
        feeds=str(feeds),
        topics__prefix=prefix,
        http__port="0",
        poller__allow_private_addresses="true",
        poller__user_agent=f"poller-{name}",
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _POLLER, name, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def records(bootstrap: str, prefix: str, *, states: int) -> list[Record]:
    """All records of the two topics, once so many states of feeds are among them; no feed may be due meanwhile."""
    names = TopicNames(prefix)
    topics = [names.of(ARTICLES), names.of(FEEDS)]
    found: list[Record] = []
    broker = KafkaBroker(settings_of(bootstrap, prefix), "test")
    async with broker.consumer(topics, group=None, everything=True) as consumer, asyncio.timeout(60):
        while sum(bool(each.value) for each in found if each.topic == topics[1]) < states:
            found += await consumer.poll(0.5)
        while more := await consumer.poll(1.0):
            found += more
    return found
