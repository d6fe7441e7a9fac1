"""The topics, what is on them, who reads them, and how long Kafka keeps it."""

from dataclasses import dataclass
from typing import Final

_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Topic:
    """One topic: its name behind the prefix, its cleanup policy and retention, and the stages that read it.

    ``readers`` are the stages whose consumer group must have committed a record before it may be dropped;
    ``compression`` is what the broker applies, where the writer does not.
    """

    name: str
    cleanup: str
    retention_days: int | None = None
    readers: tuple[str, ...] = ()
    compression: str = ""

    def config(self) -> dict[str, str]:
        """Kafka's topic configuration."""
        config = {"cleanup.policy": self.cleanup}
        if self.compression:
            config["compression.type"] = self.compression
        if self.retention_days is not None:
            config["retention.ms"] = str(self.retention_days * _DAY_MS)
        return config


ARTICLES: Final = Topic("articles", "delete", 30, ("extractor", "alerter", "dashboard"))
EVENTS: Final = Topic("events", "delete", 30, ("alerter", "dashboard"))
SIGHTINGS: Final = Topic("sightings", "delete", 7, ("alerter",))
ALERTS: Final = Topic("alerts", "compact,delete", 365, ("dashboard", "notifier"))
FEEDS: Final = Topic("feeds", "compact")
SILENCES: Final = Topic("silences", "compact")
NOTIFIED: Final = Topic("notified", ALERTS.cleanup, ALERTS.retention_days)
DEADLETTERS: Final = Topic("deadletters", "delete", 90)
HISTORY: Final = Topic("alerter-history-changelog", "compact", compression="gzip")
SENT: Final = Topic("alerter-sent-changelog", "compact", compression="gzip")

TOPICS: Final = (ARTICLES, EVENTS, SIGHTINGS, ALERTS, FEEDS, SILENCES, NOTIFIED, DEADLETTERS, HISTORY, SENT)


def alerts_of(rule: str) -> Topic:
    """The topic that carries one rule's alerts only."""
    return Topic(f"{ALERTS.name}.{rule}", ALERTS.cleanup, ALERTS.retention_days)


@dataclass(frozen=True)
class TopicNames:
    """Full names of topics and consumer groups under one prefix."""

    prefix: str = "tocsin"

    def of(self, topic: Topic) -> str:
        """The name of a topic on the cluster."""
        joint = "-" if topic in (HISTORY, SENT) else "."
        return f"{self.prefix}{joint}{topic.name}"

    def group(self, stage: str) -> str:
        """The consumer group of a stage; for the two Faust stages also the id of the Faust app."""
        return f"{self.prefix}-{stage}"
