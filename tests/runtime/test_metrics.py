"""The one table of metrics."""

import re

from services.core.alert import AlertState
from services.core.ontology import SUB_EVENT_TYPES
from services.core.sighting import Verdict
from services.runtime.metrics import DEFINITIONS, Metrics, metrics_table, stream_label

BOUNDED = {
    # Names of our own stages, groups and topics.
    "stage",
    "group",
    "topic",
    # Names from the users' files.
    "rule",
    "source",
    "channel",
    # Members of enums, or of a fixed few.
    "event_type",
    "modality",
    "verdict",
    "severity",
    "state",
    "result",
    "used",
    "reason",
    "stream",
    # One value a process.
    "version",
    "python",
}


def test_every_metric_has_a_name_of_its_own_and_says_what_it_tells() -> None:
    names = [definition.name for definition in DEFINITIONS]
    assert len(names) == len(set(names))
    for definition in DEFINITIONS:
        assert re.fullmatch(r"tocsin_[a-z_]+", definition.name)
        assert definition.name.endswith("_total") is (definition.kind == "counter")
        assert (definition.name.endswith("_seconds") and "timestamp" not in definition.name) is (
            definition.kind == "histogram"
        )
        assert definition.help.endswith(".")
        assert list(definition.buckets) == sorted(set(definition.buckets))


def test_labels_take_values_from_a_bounded_set_only() -> None:
    assert {label for definition in DEFINITIONS for label in definition.labels} <= BOUNDED
    assert {stream_label(name) for name in ("live", "replay-1", "anything at all", "")} == {"live", "replay"}
    assert max(len(AlertState), len(Verdict), len(SUB_EVENT_TYPES)) < 20


def test_what_is_counted_observed_and_set_is_on_the_process_own_registry() -> None:
    one, other = Metrics(), Metrics()
    one.count("tocsin_alerts_total", 2, rule="clashes", severity="warning", state="firing")
    one.gauge("tocsin_consumer_lag", group="g", topic="t").set(7)
    one.observe("tocsin_publish_to_alert_seconds", 61, rule="clashes")
    with one.timed("alerter"):
        pass
    read = one.registry.get_sample_value
    labels = {"rule": "clashes", "severity": "warning", "state": "firing"}
    assert read("tocsin_alerts_total", labels) == 2
    assert read("tocsin_consumer_lag", {"group": "g", "topic": "t"}) == 7
    assert read("tocsin_publish_to_alert_seconds_bucket", {"rule": "clashes", "le": "60.0"}) == 0
    assert read("tocsin_publish_to_alert_seconds_bucket", {"rule": "clashes", "le": "300.0"}) == 1
    assert read("tocsin_stage_seconds_count", {"stage": "alerter"}) == 1
    assert other.registry.get_sample_value("tocsin_alerts_total", labels) is None


def test_the_time_of_a_failing_body_is_observed_too() -> None:
    metrics = Metrics()
    try:
        with metrics.timed("alerter"):
            raise ValueError
    except ValueError:
        pass
    assert metrics.registry.get_sample_value("tocsin_stage_seconds_count", {"stage": "alerter"}) == 1


def test_the_table_names_every_metric() -> None:
    rows = metrics_table().splitlines()[2:]
    assert [re.findall(r"`(\w+)`", row)[0] for row in rows] == [definition.name for definition in DEFINITIONS]
    assert "| `tocsin_alerts_total` | counter | rule, severity, state |" in metrics_table()
