"""Topics, created by us and never by Faust: with our partitions, replication, cleanup and retention."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from services.core.errors import BrokerError
from services.core.rule import Rules
from services.core.topics import TOPICS, Topic, TopicNames, alerts_of
from services.runtime.broker import Broker
from services.runtime.clients import security
from services.runtime.logs import logger
from services.runtime.settings import Settings
from services.runtime.stage import Stage

_TIMEOUT_MS = 30_000
_RETRY_SECONDS = 5.0


def all_topics(rules: Rules) -> tuple[Topic, ...]:
    """Every topic there must be: the fixed ones and one for each rule's alerts."""
    return (*TOPICS, *(alerts_of(rule.name) for rule in rules.rules))


async def create_topics(settings: Settings, topics: Sequence[Topic]) -> dict[str, bool]:
    """Creates the topics that do not exist; for each full name, whether it is new.

    Raises:
        BrokerError: no broker answers, or one refuses.
    """
    names = TopicNames(settings.topics.prefix)
    admin = AIOKafkaAdminClient(
        bootstrap_servers=settings.brokers, request_timeout_ms=_TIMEOUT_MS, **security(settings)
    )
    try:
        await admin.start()
        answer = await admin.create_topics([_new(topic, names, settings) for topic in topics])
    except KafkaError as error:
        raise BrokerError(f"cannot create topics on {settings.brokers}: {error}") from error
    finally:
        await admin.close()
    created = {}
    for name, code, *message in answer.topic_errors:
        failed = for_code(code)
        if code and failed is not TopicAlreadyExistsError:
            raise BrokerError(f"cannot create {name}: {failed.__name__} {' '.join(filter(None, message))}")
        created[name] = not code
    return created


def _new(topic: Topic, names: TopicNames, settings: Settings) -> NewTopic:
    return NewTopic(
        names.of(topic), settings.topics.partitions, settings.topics.replication, topic_configs=topic.config()
    )


async def touch_topics(broker: Broker, topics: Sequence[Topic], names: TopicNames) -> None:
    """Makes the embedded cluster create the topics: it does so when one is first asked for, and knows no admin."""
    async with broker.producer() as producer:
        for topic in topics:
            await producer.partitions(names.of(topic))


async def topics_for(stage: Stage, rules: Rules, *, besides: Rules) -> bool:
    """Makes the topics of rules that were not there before; tries on until it can; False: it was stopped."""
    new = [alerts_of(rule.name) for rule in rules.rules if besides.named(rule.name) is None]
    while new and not stage.stop.is_set():
        try:
            if stage.settings.embedded:
                await touch_topics(stage.broker, new, stage.topics)
            else:
                await create_topics(stage.settings, new)
        except BrokerError as error:
            logger(__name__).error("the changed rules wait for their topics", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stage.stop.wait(), _RETRY_SECONDS)
        else:
            return True
    return not stage.stop.is_set()
