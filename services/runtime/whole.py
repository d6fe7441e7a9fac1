"""Reading a topic from its beginning to where it ends now."""

from collections.abc import AsyncGenerator

from services.core.topics import TopicNames
from services.runtime.broker import Broker, Record

_POLL_SECONDS = 0.3


async def whole_topic(broker: Broker, names: TopicNames, topic: str) -> AsyncGenerator[Record, None]:
    """All records that the topic holds now, in the order of each partition; commits nothing.

    Args:
        broker: the cluster.
        names: names of topics and groups.
        topic: full name of the topic.

    Raises:
        BrokerError: Kafka does not answer, or there is no such topic.
    """
    async with (
        broker.consumer([topic], group=None, everything=True) as consumer,
        # A group that never commits: what it has committed is where each partition begins.
        broker.offsets(names.group("nobody")) as offsets,
    ):
        begins, ends = await offsets.committed(topic), await offsets.ends(topic)
        # A partition whose records have all expired ends behind zero and has nothing to read.
        left = {number: end for number, end in ends.items() if end > begins[number]}
        while left:
            for record in await consumer.poll(_POLL_SECONDS):
                number, end = record.partition or 0, ends[record.partition or 0]
                if record.offset < end:
                    yield record
                if record.offset + 1 >= end:
                    left.pop(number, None)
