"""Topics, created by us and never by Faust: with our partitions, replication, cleanup and retention."""

from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from services.core.errors import BrokerError
from services.core.rule import Rules
from services.core.topics import TOPICS, Topic, TopicNames, alerts_of
from services.runtime.broker import Broker
from services.runtime.clients import security
from services.runtime.settings import Settings

_TIMEOUT_MS = 30_000


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
