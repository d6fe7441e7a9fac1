"""Creating topics: on Apache Kafka by an admin request, on the embedded cluster by asking for them."""

from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from services.core.errors import BrokerError
from services.core.rule import Rules
from services.core.topics import ARTICLES, TOPICS, Topic, TopicNames, alerts_of
from services.runtime.admin import all_topics, create_topics, touch_topics
from services.runtime.broker import KafkaBroker
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings
from tests.builders import rule


async def configurations(address: str, names: list[str]) -> dict[str, dict[str, str]]:
    """What the broker says of each topic's configuration."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        answers: list[Any] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, n) for n in names])
    finally:
        await admin.close()
    return {found[3]: {entry[0]: entry[1] for entry in found[4]} for answer in answers for found in answer.resources}


@pytest.mark.kafka
async def test_topics_get_their_partitions_cleanup_and_retention_and_asking_twice_is_fine(real_kafka: str) -> None:
    settings = Settings(kafka=real_kafka, topics=TopicSettings(prefix="laid-out", partitions=3))
    names = TopicNames("laid-out")
    topics = all_topics(Rules(rules=(rule(name="border"), rule(name="clashes"))))
    assert {topic.name for topic in topics} == {t.name for t in TOPICS} | {"alerts.border", "alerts.clashes"}
    assert await create_topics(settings, topics) == {names.of(topic): True for topic in topics}
    new = Topic("late-comer", "delete")
    assert await create_topics(settings, [*topics, new]) == {
        **{names.of(topic): False for topic in topics},
        names.of(new): True,
    }
    described = await configurations(real_kafka, [names.of(topic) for topic in topics])
    for topic in topics:
        assert topic.config().items() <= described[names.of(topic)].items()
    async with KafkaBroker(settings, "test").producer() as producer:
        assert {await producer.partitions(names.of(topic)) for topic in topics} == {3}


@pytest.mark.kafka
async def test_a_topic_that_the_broker_refuses_is_an_error_with_its_reason(real_kafka: str) -> None:
    settings = Settings(kafka=real_kafka, topics=TopicSettings(prefix="refused", replication=3))
    with pytest.raises(BrokerError, match=r"cannot create refused\.articles: InvalidReplicationFactor"):
        await create_topics(settings, [ARTICLES])


async def test_no_broker_to_create_topics_on_is_an_error() -> None:
    with pytest.raises(BrokerError, match=r"cannot create topics on 127\.0\.0\.1:9"):
        await create_topics(Settings(kafka="127.0.0.1:9"), [ARTICLES])


async def test_touched_topics_are_there_on_the_embedded_cluster(embedded_kafka: str) -> None:
    names = TopicNames("touched")
    broker = KafkaBroker(Settings(kafka=embedded_kafka), "test")
    await touch_topics(broker, [ARTICLES, alerts_of("clashes")], names)
    async with broker.offsets("nobody") as offsets:
        assert await offsets.ends("touched.alerts.clashes") == {0: 0, 1: 0, 2: 0, 3: 0}
