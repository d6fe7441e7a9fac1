"""Alerts are plain records: a client that knows nothing of Tocsin reads them."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from services.core.alert import Alert
from services.core.topics import ALERTS, alerts_of
from tests.acceptance.pipeline import ROOT, pipeline, stored


@pytest.mark.kafka
async def test_kcat_reads_the_alerts_of_all_rules_and_of_one(real_kafka: str, tmp_path: Path) -> None:
    if not shutil.which("kcat"):
        reason = "kcat is not installed (Debian: kcat)"
        pytest.fail(reason) if os.environ.get("TOCSIN_REQUIRE_TOOLS") == "1" else pytest.skip(reason)
    async with pipeline(real_kafka, tmp_path, embedded=False) as running:
        published = await running.alerts_of(stored(ROOT / "seeds", "kcat"))
        everything = kcat(real_kafka, running.names.of(ALERTS))
        one_rule = kcat(real_kafka, running.names.of(alerts_of("border-incident")))
    assert {record["key"] for record in everything} == {alert.alert_id for alert in published}
    assert all(dict(pairs(record["headers"]))["ce_type"] == "tocsin.alert.v1" for record in everything)
    assert {Alert.model_validate_json(record["payload"]).rule for record in one_rule} == {"border-incident"}


def kcat(broker: str, topic: str) -> list[dict[str, object]]:
    """Everything on a topic, as kcat's JSON envelopes."""
    command = ["kcat", "-C", "-q", "-J", "-e", "-o", "beginning", "-b", broker, "-t", topic]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def pairs(flat: object) -> list[tuple[str, str]]:
    """Headers, which kcat writes as name, value, name, value, ..., in pairs."""
    values = [str(value) for value in flat] if isinstance(flat, list) else []
    return list(zip(values[::2], values[1::2], strict=True))
