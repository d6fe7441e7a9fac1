"""Reading and writing the topic of silences."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from services.core.errors import WireError
from services.core.silence import Silence
from services.core.topics import SILENCES, TopicNames
from services.core.wire import cloud_event, decode, encode
from services.runtime.broker import Broker, Record
from services.runtime.reading import held


async def read_silences(broker: Broker, names: TopicNames) -> dict[str, Silence]:
    """All silences as they stand, by id.

    Raises:
        BrokerError: Kafka does not answer.
    """
    known: dict[str, Silence] = {}
    async for record in held(broker, names.of(SILENCES), names.group("silences")):
        take_silences(known, (record,))
    return known


def take_silences(known: dict[str, Silence], records: Iterable[Record]) -> None:
    """Puts the records of the topic in; the newest of a key is how the silence stands."""
    for record in records:
        # What cannot be read silences nothing: an alert too many is better than one too few.
        with suppress(WireError):
            silence = decode(Silence, record.value)
            known[silence.silence_id] = silence


async def write_silence(broker: Broker, names: TopicNames, silence: Silence, now: datetime) -> None:
    """Makes the silence stand as it is given.

    Raises:
        BrokerError: Kafka did not take it.
    """
    headers = cloud_event(Silence, f"{silence.silence_id}@{silence.ends_at.isoformat()}", "silence", now)
    async with broker.producer() as producer:
        await producer.send(Record(names.of(SILENCES), silence.silence_id.encode(), encode(silence), headers))
