"""What all clients of aiokafka need: security, a start that waits for Kafka, topics that must be there, our errors."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stamina
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.helpers import create_ssl_context

from services.core.errors import BrokerError
from services.runtime.settings import Settings

REQUEST_TIMEOUT_MS = 30_000
_TOPIC_TRIES = 10
_TOPIC_PAUSE = 0.2


def security(settings: Settings) -> dict[str, Any]:
    """Arguments of aiokafka for encryption and authentication."""
    chosen = settings.security
    if chosen.protocol == "PLAINTEXT":
        return {}
    arguments: dict[str, Any] = {"security_protocol": chosen.protocol}
    if chosen.protocol.endswith("SSL"):
        arguments["ssl_context"] = create_ssl_context(cafile=str(chosen.ca_file) if chosen.ca_file else None)
    if chosen.protocol.startswith("SASL"):
        arguments |= {
            "sasl_mechanism": chosen.mechanism,
            "sasl_plain_username": chosen.username,
            "sasl_plain_password": chosen.password.get_secret_value(),
        }
    return arguments


@contextmanager
def as_broker_error(doing: str) -> Iterator[None]:
    """Turns whatever Kafka's client raises in the block into a :class:`BrokerError` that says what was being done."""
    try:
        yield
    except (KafkaError, TimeoutError) as error:
        raise BrokerError(f"{doing}: {error!r}") from error


async def started(client: AIOKafkaProducer | AIOKafkaConsumer, seconds: float) -> None:
    """Starts a client, waiting so many seconds for a cluster that is not up yet.

    Raises:
        BrokerError: no broker answered in that time.
    """
    try:
        async for attempt in stamina.retry_context(on=KafkaConnectionError, attempts=None, timeout=seconds):
            with attempt:
                await client.start()
    except KafkaError as error:
        await client.stop()
        raise BrokerError(f"no broker answers: {error}") from error


async def partitions_of(client: AIOKafkaClient, topic: str) -> list[int]:
    """The numbers of the topic's partitions; asking for a topic makes the embedded cluster create it.

    Raises:
        BrokerError: there is no such topic. aiokafka would wait for it: a consumer group for ever, in silence.
    """
    for _ in range(_TOPIC_TRIES):
        numbers = client.cluster.partitions_for_topic(topic)
        if numbers:
            return sorted(numbers)
        # A topic made a moment ago may not be known to every broker yet.
        client.add_topic(topic)
        await client.force_metadata_update()
        if not client.cluster.partitions_for_topic(topic):
            await asyncio.sleep(_TOPIC_PAUSE)
    raise BrokerError(f"no topic {topic}; `tocsin topics` creates it")


async def assignable(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """The topic's partitions, for a consumer that has not subscribed: its public way to ask would join the group."""
    return [TopicPartition(topic, number) for number in await partitions_of(consumer._client, topic)]
