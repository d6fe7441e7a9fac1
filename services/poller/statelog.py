"""The poll states on the compacted feeds topic: written after each poll, read back at the start."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from services.core.errors import WireError
from services.core.feed_state import FeedState
from services.core.wire import cloud_event, decode, encode
from services.runtime.broker import Broker, Producer, Record
from services.runtime.logs import logger

_MARK = b"~end"
"""Key of the empty records that tell where a partition ended when reading began; no source id looks like it."""

_POLL_SECONDS = 1.0
_NEVER = datetime.min.replace(tzinfo=UTC)


def state_record(topic: str, state: FeedState, partition: int | None = None) -> Record:
    """The record that keeps a state."""
    when = state.polled_at or state.next_poll
    headers = cloud_event(FeedState, state.source, "poller", when) if when else ()
    return Record(topic, state.source.encode(), encode(state), headers, partition)


class Backlog:
    """What was on some partitions when reading began. Ends are known by marks: empty records of our own."""

    def __init__(self) -> None:
        self._ends: dict[int | None, int] = {}
        self._newest: dict[int | None, dict[bytes, bytes | None]] = {}
        self._done: set[int | None] = set()

    async def expect(self, producer: Producer, topic: str, partitions: Iterable[int]) -> None:
        """Wants these partitions whole; a consumer reads them from their beginning.

        Raises:
            BrokerError: Kafka does not take the marks.
        """
        for mark in await producer.send(*(Record(topic, _MARK, None, partition=number) for number in partitions)):
            self._ends[mark.partition] = mark.offset

    @property
    def complete(self) -> bool:
        """Whether nothing is missing of the partitions expected."""
        return not self._ends

    def take(self, record: Record) -> Mapping[str, FeedState]:
        """Takes a record in; gives the states of its partition when that is complete with it, else none.

        What comes before its partition is expected counts too: a group may assign one in the middle of a poll.
        """
        number = record.partition
        if number in self._done:
            return {}
        newest = self._newest.setdefault(number, {})
        newest[record.key or b""] = record.value
        if number not in self._ends or record.offset < self._ends[number]:
            return {}
        self.forget(number)
        self._done.add(number)
        return _states(newest)

    def forget(self, partition: int | None) -> None:
        """Knows nothing of this partition any more."""
        self._ends.pop(partition, None)
        self._newest.pop(partition, None)
        self._done.discard(partition)


async def read_states(broker: Broker, producer: Producer, topic: str) -> dict[str, FeedState]:
    """The newest state of each source, by its id.

    Raises:
        BrokerError: Kafka does not answer.
    """
    states: dict[str, FeedState] = {}
    backlog = Backlog()
    async with broker.consumer([topic], group=None, everything=True) as consumer:
        await backlog.expect(producer, topic, range(await producer.partitions(topic)))
        while not backlog.complete:
            for record in await consumer.poll(_POLL_SECONDS):
                states = newer(states, backlog.take(record))
    return states


def newer(states: Mapping[str, FeedState], others: Mapping[str, FeedState]) -> dict[str, FeedState]:
    """Both together, of each source the state that was polled last: one whose host changed is on two partitions."""
    later = {
        source: state
        for source, state in others.items()
        if source not in states or (state.polled_at or _NEVER) > (states[source].polled_at or _NEVER)
    }
    return {**states, **later}


def _states(records: Mapping[bytes, bytes | None]) -> dict[str, FeedState]:
    states = {}
    for key, value in records.items():
        if value is not None:
            try:
                states[key.decode("utf-8", "replace")] = decode(FeedState, value)
            except WireError as error:
                logger(__name__).warning("poll state unreadable, starting anew", source=repr(key), reason=str(error))
    return states
