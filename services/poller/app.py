"""The poller as a service."""

import random
from collections.abc import Sequence
from functools import partial

from services.core.topics import FEEDS
from services.poller.addresses import is_public
from services.poller.clock import Clock, WallClock
from services.poller.fetch import Allowed, Limits, open_fetcher
from services.poller.files import load_sources
from services.poller.follow import Follower
from services.poller.hosts import Hosts
from services.poller.parsers import open_parsers
from services.poller.schedule import state_of
from services.poller.sources import Source
from services.poller.statelog import read_states
from services.runtime.logs import logger
from services.runtime.pacing import open_producer
from services.runtime.sections import PollerSettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage, run_stage


def main(settings: Settings) -> int:
    """Runs the poller until it is told to stop; gives the exit code.

    Raises:
        ConfigError: the feeds file cannot be used.
    """
    return run_stage("poller", settings, partial(poll_feeds, sources=load_sources(settings.feeds)))


def gate_of(options: PollerSettings) -> Allowed:
    """Which addresses may be fetched from by these settings."""
    return (lambda _: True) if options.allow_private_addresses else is_public


async def poll_feeds(stage: Stage, sources: Sequence[Source] | None = None, clock: Clock | None = None) -> None:
    """Polls the sources (those of the feeds file, if not given) and publishes their articles until the stage stops.

    Raises:
        BrokerError: Kafka does not answer.
        ConfigError: the feeds file cannot be used.
    """
    chosen = load_sources(stage.settings.feeds) if sources is None else sources
    options = stage.settings.poller
    limits = Limits(options.timeout, options.max_body)
    async with (
        open_producer(stage.broker, stage.topics, embedded=stage.settings.embedded) as producer,
        open_fetcher(limits, options.user_agent, allowed=gate_of(options)) as fetcher,
        open_parsers() as parsers,
    ):
        states = await read_states(stage.broker, producer, stage.topics.of(FEEDS))
        stage.health.has("kafka")
        logger(__name__).info("following feeds", feeds=len(chosen), known=sum(each.id in states for each in chosen))
        clock = clock or WallClock()
        follower = Follower(
            names=stage.topics,
            producer=producer,
            fetcher=fetcher,
            parsers=parsers,
            metrics=stage.metrics,
            hosts=Hosts(clock),
            clock=clock,
            interval=options.interval,
            chance=random.random,
        )
        await follower.follow_all([(each, state_of(each, states.get(each.id))) for each in chosen], stage.stop)
