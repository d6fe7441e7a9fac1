"""How a stage takes in the records of a topic: each to its handler, acknowledged when all before it are done."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from services.core.errors import BrokerError
from services.runtime.broker import Producer, Record
from services.runtime.deadletters import dead_letter
from services.runtime.kafka import App, raw_agent
from services.runtime.logs import logger
from services.runtime.stage import Stage

Handler = Callable[[Record], Awaitable[Awaitable[Any] | None]]
"""Takes a record. What it hands back goes on while the next records are taken; the handler bounds how much that is."""


def consume(stage: Stage, app: App, topic: str, *, producer: Producer, handle: Handler) -> None:
    """Hands each record of a topic to ``handle``, a partition's in their order, and acknowledges it when that is over.

    What ``handle`` cannot process becomes a dead letter. Only a failing Kafka gets out of here, and ends the process:
    nothing was acknowledged then, so nothing is lost.
    """
    turns = _Turns()

    async def ended(record: Record, handling: Awaitable[Awaitable[Any] | None]) -> Awaitable[Any] | None:
        try:
            return await handling
        except BrokerError:
            raise
        except Exception as error:
            await _bury(stage, producer, record, error)
            return None

    def done(taken: _Taken) -> None:
        stage.metrics.observe("tocsin_stage_seconds", time.perf_counter() - taken.since, stage=stage.name)
        turns.done(taken)

    async def finish(taken: _Taken, record: Record, rest: Awaitable[Any]) -> None:
        await ended(record, rest)
        done(taken)

    async def agent(stream: Any) -> None:
        with _first_of_group():
            async with asyncio.TaskGroup() as later:
                async for event in stream.noack().events():
                    taken, record = turns.take(event), _record(event)
                    rest = await ended(record, handle(record))
                    if rest:
                        later.create_task(finish(taken, record, rest))
                    else:
                        done(taken)

    raw_agent(app, topic, name=f"{stage.group}.{topic}", body=agent)


@dataclass(eq=False, slots=True)
class _Taken:
    """A record of Faust's that was taken at a time of ``perf_counter``, and whether its handling has ended."""

    event: Any
    since: float
    is_done: bool = False


class _Turns:
    """Acknowledges the records of each partition in their order, in whatever order their handling ends.

    Faust commits the highest run of what is acknowledged. Where nothing is committed yet it does not look whether
    anything before that run is missing: after a crash what was not done would be left out.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[int, deque[_Taken]] = defaultdict(deque)

    def take(self, event: Any) -> _Taken:
        """A record whose handling begins."""
        taken = _Taken(event, time.perf_counter())
        self._waiting[event.message.partition].append(taken)
        return taken

    def done(self, taken: _Taken) -> None:
        """Acknowledges it, and what waited for it, unless one before it is not done."""
        taken.is_done = True
        waiting = self._waiting[taken.event.message.partition]
        while waiting and waiting[0].is_done:
            waiting.popleft().event.ack()


@contextmanager
def _first_of_group() -> Iterator[None]:
    """Raises what failed in a group of tasks itself: whoever runs the agent asks what kind of error it is."""
    try:
        yield
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


def _record(event: Any) -> Record:
    message = event.message
    headers = message.headers.items() if isinstance(message.headers, dict) else message.headers or ()
    return Record(message.topic, message.key, message.value, tuple(headers), message.partition, message.offset)


async def _bury(stage: Stage, producer: Producer, record: Record, error: Exception) -> None:
    logger(__name__).error(
        "dead letter", topic=record.topic, partition=record.partition, offset=record.offset, error=repr(error)
    )
    await producer.send(dead_letter(record, stage.topics, stage=stage.name, error=error, now=stage.now()))
    stage.metrics.count("tocsin_deadletters_total", stage=stage.name)
