"""Following alerts as they are published, and waiting until a replay has gone through all stages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

from services.core.alert import Alert
from services.core.errors import WireError
from services.core.topics import ARTICLES, EVENTS, SIGHTINGS, TopicNames
from services.core.wire import decode
from services.runtime.broker import Broker, Consumer
from services.runtime.logs import logger

_POLL_SECONDS = 0.3

CHAIN = (("extractor", ARTICLES), ("alerter", ARTICLES), ("alerter", EVENTS), ("alerter", SIGHTINGS))
"""Who reads what on the way from an article to an alert. Once a link is done and those before it are, it stays done."""


async def alerts_from(consumer: Consumer, stop: asyncio.Event) -> AsyncIterator[Alert]:
    """Each alert as it comes, until ``stop`` is set and nothing more is there."""
    while True:
        stopping = stop.is_set()
        records = await consumer.poll(_POLL_SECONDS)
        for record in records:
            if record.value is None:
                continue
            try:
                yield decode(Alert, record.value)
            except WireError as error:
                logger(__name__).warning("passed over a record", offset=record.offset, error=str(error))
        if stopping and not records:
            return


async def drained(broker: Broker, names: TopicNames) -> None:
    """Returns when all that was sent has gone through extractor and alerter, in the order of the chain."""
    async with AsyncExitStack() as stack:
        lags: dict[str, Callable[[str], Awaitable[int]]] = {}
        for stage in dict.fromkeys(stage for stage, _ in CHAIN):
            lags[stage] = (await stack.enter_async_context(broker.offsets(names.group(stage)))).lag
        for stage, topic in CHAIN:
            while await lags[stage](names.of(topic)):  # noqa: ASYNC110 -- Kafka has no event for it
                await asyncio.sleep(_POLL_SECONDS)
