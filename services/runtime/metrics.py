"""Every metric of every process, in one table.

Label values are bounded: names from configuration files, members of enums, or one of two kinds of stream.
"""

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services import __version__
from services.core.article import LIVE

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_MINUTES: Final = (1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21_600.0, 86_400.0)


@dataclass(frozen=True)
class Definition:
    """One metric: its name, kind, label names and what it tells."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    help: str
    buckets: tuple[float, ...] = _SECONDS


DEFINITIONS: Final = (
    Definition("tocsin_articles_total", "counter", ("stage", "stream"), "Articles that a stage published or read."),
    Definition("tocsin_events_total", "counter", ("event_type", "modality"), "Events extracted, by ACLED event type."),
    Definition(
        "tocsin_extractions_total",
        "counter",
        ("result",),
        "Articles read, by how it went: events, nothing told, no trigger, empty, not English, cut.",
    ),
    Definition("tocsin_sightings_total", "counter", ("rule", "verdict"), "Sightings judged, by first verdict."),
    Definition(
        "tocsin_alerts_total", "counter", ("rule", "severity", "state"), "Changes of an alert's state published."
    ),
    Definition("tocsin_deadletters_total", "counter", ("stage",), "Records that could not be decoded or processed."),
    Definition(
        "tocsin_notifications_total", "counter", ("channel", "result"), "Notifications by how their delivery ended."
    ),
    Definition("tocsin_feed_polls_total", "counter", ("source", "result"), "Polls of a feed by their result."),
    Definition("tocsin_feed_failures", "gauge", ("source",), "Polls of a feed that failed in a row."),
    Definition(
        "tocsin_article_texts_total",
        "counter",
        ("used", "reason"),
        "New articles whose pages were to be read, by the text they got.",
    ),
    Definition("tocsin_stage_seconds", "histogram", ("stage",), "Time a stage spends on one record."),
    Definition(
        "tocsin_publish_to_alert_seconds",
        "histogram",
        ("rule",),
        "From the publication of the live article that rang to its alert.",
        _MINUTES,
    ),
    Definition(
        "tocsin_consumer_lag",
        "gauge",
        ("group", "topic"),
        "Records on a topic that a consumer group has not committed.",
    ),
    Definition("tocsin_rules_valid", "gauge", ("stage",), "1 while the rules file is right, 0 while older rules hold."),
    Definition("tocsin_rules_reads_total", "counter", ("stage", "result"), "Rules files read: loaded or refused."),
    Definition(
        "tocsin_rules_loaded_timestamp_seconds", "gauge", ("stage",), "When the rules in force were read, Unix time."
    ),
    Definition("tocsin_ready", "gauge", ("stage",), "1 while the stage has its partitions and its broker."),
    Definition("tocsin_build_info", "gauge", ("version", "python"), "Always 1; the labels tell what runs."),
)

_KINDS: Final[dict[str, type[Counter | Gauge]]] = {"counter": Counter, "gauge": Gauge}


class Metrics:
    """The metrics of one process, on a registry of its own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._metrics = {definition.name: self._register(definition) for definition in DEFINITIONS}
        self.gauge("tocsin_build_info", version=__version__, python=platform.python_version()).set(1)

    def _register(self, definition: Definition) -> Counter | Gauge | Histogram:
        if definition.kind == "histogram":
            return Histogram(
                definition.name, definition.help, definition.labels, registry=self.registry, buckets=definition.buckets
            )
        return _KINDS[definition.kind](definition.name, definition.help, definition.labels, registry=self.registry)

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Adds to a counter."""
        self._metrics[name].labels(**labels).inc(amount)  # type: ignore[union-attr]

    def gauge(self, name: str, **labels: str) -> Gauge:
        """The gauge with these labels."""
        return self._metrics[name].labels(**labels)  # type: ignore[return-value]

    def forget(self, name: str, *labels: str) -> None:
        """Takes a gauge with these labels away, whose subject is no longer this process's."""
        self._metrics[name].remove(*labels)

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Adds one observation to a histogram."""
        self._metrics[name].labels(**labels).observe(seconds)  # type: ignore[union-attr]

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Observes the time that the body takes as ``tocsin_stage_seconds``."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.observe("tocsin_stage_seconds", time.perf_counter() - started, stage=stage)


def stream_label(stream: str) -> str:
    """``live`` or ``replay``: names of replays are chosen freely, so they would not stay bounded."""
    return stream if stream == LIVE else "replay"


def metrics_table() -> str:
    """All metrics as a Markdown table: name, kind, labels, meaning."""
    rows = ["| metric | kind | labels | meaning |", "|---|---|---|---|"]
    rows += [f"| `{d.name}` | {d.kind} | {', '.join(d.labels)} | {d.help} |" for d in DEFINITIONS]
    return "\n".join(rows)
