"""Topics: names, configurations, readers."""

from services.core.topics import ALERTS, ARTICLES, DEADLETTERS, FEEDS, HISTORY, SENT, TOPICS, TopicNames, alerts_of

NAMES = TopicNames("acme")


def test_names_are_those_of_the_contract() -> None:
    assert [TopicNames().of(topic) for topic in TOPICS] == [
        "tocsin.articles",
        "tocsin.events",
        "tocsin.sightings",
        "tocsin.alerts",
        "tocsin.feeds",
        "tocsin.silences",
        "tocsin.notified",
        "tocsin.deadletters",
        "tocsin-alerter-history-changelog",
        "tocsin-alerter-sent-changelog",
    ]


def test_the_prefix_stands_before_every_name() -> None:
    assert NAMES.of(ARTICLES) == "acme.articles"
    assert NAMES.of(alerts_of("border-incident")) == "acme.alerts.border-incident"
    assert NAMES.group("extractor") == "acme-extractor"


def test_the_changelogs_have_the_names_that_faust_gives_them() -> None:
    assert NAMES.of(HISTORY) == f"{NAMES.group('alerter')}-history-changelog"
    assert NAMES.of(SENT) == f"{NAMES.group('alerter')}-sent-changelog"


def test_configurations_are_those_of_the_contract() -> None:
    day = 86_400_000
    assert {topic.name: topic.config() for topic in TOPICS} == {
        "articles": {"cleanup.policy": "delete", "retention.ms": str(30 * day)},
        "events": {"cleanup.policy": "delete", "retention.ms": str(30 * day)},
        "sightings": {"cleanup.policy": "delete", "retention.ms": str(7 * day)},
        "alerts": {"cleanup.policy": "compact,delete", "retention.ms": str(365 * day)},
        "feeds": {"cleanup.policy": "compact"},
        "silences": {"cleanup.policy": "compact"},
        "notified": {"cleanup.policy": "compact,delete", "retention.ms": str(365 * day)},
        "deadletters": {"cleanup.policy": "delete", "retention.ms": str(90 * day)},
        "alerter-history-changelog": {"cleanup.policy": "compact", "compression.type": "gzip"},
        "alerter-sent-changelog": {"cleanup.policy": "compact", "compression.type": "gzip"},
    }


def test_a_rule_s_own_topic_is_kept_as_that_of_all_alerts() -> None:
    assert alerts_of("x").config() == ALERTS.config()


def test_nobody_has_to_have_read_what_is_kept_for_people() -> None:
    assert (FEEDS.readers, DEADLETTERS.readers, alerts_of("x").readers) == ((), (), ())
