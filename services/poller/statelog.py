"""The poll states on the compacted feeds topic: written after each poll, read back at the start."""

from services.core.errors import WireError
from services.core.feed_state import FeedState
from services.core.wire import cloud_event, decode, encode
from services.runtime.broker import Broker, Consumer, Producer, Record
from services.runtime.logs import logger

_MARK = b"~end"
"""Key of the empty records that tell where the topic ended when reading began; no source id looks like it."""

_POLL_SECONDS = 1.0


def state_record(topic: str, state: FeedState) -> Record:
    """The record that keeps a state."""
    when = state.polled_at or state.next_poll
    headers = cloud_event(FeedState, state.source, "poller", when) if when else ()
    return Record(topic, state.source.encode(), encode(state), headers)


async def read_states(broker: Broker, producer: Producer, topic: str) -> dict[str, FeedState]:
    """The newest state of each source, by its id.

    Reads until it meets, on each partition, an empty record of its own written after reading began.

    Raises:
        BrokerError: Kafka does not answer.
    """
    async with broker.consumer([topic], group=None, everything=True) as consumer:
        numbers = range(await producer.partitions(topic))
        marks = await producer.send(*(Record(topic, _MARK, None, partition=number) for number in numbers))
        return _newest(await _until(consumer, {mark.partition: mark.offset for mark in marks}))


async def _until(consumer: Consumer, ends: dict[int | None, int]) -> dict[bytes, bytes | None]:
    newest: dict[bytes, bytes | None] = {}
    while ends:
        for record in await consumer.poll(_POLL_SECONDS):
            newest[record.key or b""] = record.value
            if record.offset >= ends.get(record.partition, record.offset + 1):
                del ends[record.partition]
    return newest


def _newest(records: dict[bytes, bytes | None]) -> dict[str, FeedState]:
    states = {}
    for key, value in records.items():
        if value is not None:
            try:
                states[key.decode("utf-8", "replace")] = decode(FeedState, value)
            except WireError as error:
                logger(__name__).warning("poll state unreadable, starting anew", source=repr(key), reason=str(error))
    return states
