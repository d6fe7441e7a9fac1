"""The poller as a service."""

import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

from services.core.topics import FEEDS
from services.poller.addresses import is_public
from services.poller.clock import Clock, WallClock
from services.poller.fetch import Allowed, Limits, open_fetcher
from services.poller.files import load_sources
from services.poller.follow import Follower
from services.poller.hosts import Hosts
from services.poller.pages import open_pages, require_extra
from services.poller.parsers import open_parsers
from services.poller.shares import Shares
from services.poller.sources import Source
from services.runtime.broker import Producer
from services.runtime.pacing import open_producer
from services.runtime.sections import PollerSettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage, run_stage


def main(settings: Settings) -> int:
    """Runs the poller until it is told to stop; gives the exit code.

    Raises:
        ConfigError: the feeds file cannot be used, or pages are to be read without the extra for it.
    """
    if settings.poller.full_text:
        require_extra()
    return run_stage("poller", settings, partial(poll_feeds, sources=load_sources(settings.feeds)))


def gate_of(options: PollerSettings) -> Allowed:
    """Which addresses may be fetched from by these settings."""
    return (lambda _: True) if options.allow_private_addresses else is_public


async def poll_feeds(stage: Stage, sources: Sequence[Source] | None = None, clock: Clock | None = None) -> None:
    """Polls the sources (those of the feeds file, if not given) and publishes their articles until the stage stops.

    Pollers with the same settings share the sources as members of a consumer group; on the embedded cluster, whose
    groups take only one member well, there is one poller and no group.

    Raises:
        BrokerError: Kafka does not answer.
        ConfigError: the feeds file cannot be used.
    """
    chosen = load_sources(stage.settings.feeds) if sources is None else sources
    topic = stage.topics.of(FEEDS)
    group = None if stage.settings.embedded else stage.group
    async with AsyncExitStack() as stack:
        opened = stack.enter_async_context
        producer = await opened(open_producer(stage.broker, stage.topics, embedded=stage.settings.embedded))
        follower = await _follower(stage, producer, clock or WallClock(), stack)
        consumer = await opened(stage.broker.consumer([topic], group=group, everything=True))
        shares = Shares(topic, producer, consumer, follower.follow)
        await shares.follow_all(chosen, stage.stop, partial(stage.health.has, "kafka"))


async def _follower(stage: Stage, producer: Producer, clock: Clock, stack: AsyncExitStack) -> Follower:
    options = stage.settings.poller
    limits = Limits(options.timeout, options.max_body)
    hosts = Hosts(clock)
    fetcher = await stack.enter_async_context(open_fetcher(limits, options.user_agent, allowed=gate_of(options)))
    pages = open_pages(fetcher, hosts, clock, metrics=stage.metrics, user_agent=options.user_agent)
    return Follower(
        names=stage.topics,
        producer=producer,
        fetcher=fetcher,
        parsers=await stack.enter_async_context(open_parsers()),
        metrics=stage.metrics,
        hosts=hosts,
        clock=clock,
        interval=options.interval,
        slowest=options.slowest,
        chance=random.random,
        pages=await stack.enter_async_context(pages) if options.full_text else None,
    )
