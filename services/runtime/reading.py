"""Reading what a topic holds now, and no further."""

from collections.abc import AsyncGenerator

from services.core.errors import BrokerError
from services.runtime.broker import Broker, Record
from services.runtime.offsets import ahead

_POLL_SECONDS = 0.3
_SILENT_POLLS = 100
"""After half a minute without a record of those that are due, Kafka is taken for gone."""


async def held(broker: Broker, topic: str, group: str) -> AsyncGenerator[Record, None]:
    """Every record that the topic holds when reading begins; ``group`` is one that has committed nothing.

    Raises:
        BrokerError: Kafka does not answer.
    """
    async with (
        broker.consumer([topic], group=None, everything=True) as consumer,
        broker.offsets(group) as offsets,
    ):
        left = await ahead(offsets, topic)
        silent = 0
        while left:
            records = await consumer.poll(_POLL_SECONDS)
            silent = 0 if records else silent + 1
            if silent > _SILENT_POLLS:
                raise BrokerError(f"Kafka stopped sending what {topic} holds")
            for record in records:
                number = record.partition or 0
                if record.offset < left.get(number, 0):
                    yield record
                if record.offset + 1 >= left.get(number, 0):
                    left.pop(number, None)
