"""The rules file changes under a running alerter on real Kafka."""

import signal
from pathlib import Path

import pytest

from tests.acceptance.pipeline import ROOT, RULES, pipeline, stored
from tests.runtime.stages import until

NEWCOMER = """
  - {name: newcomer, when: {event_types: [Battles, Explosions/Remote violence]}, window: 24h, severities: {info: 1}}
"""


@pytest.mark.timeout(240)
async def test_a_new_rule_rings_after_a_hangup_and_a_wrong_file_changes_nothing(
    real_kafka: str, tmp_path: Path
) -> None:
    seeds = RULES.read_text(encoding="utf-8")
    rules = tmp_path / "rules.yaml"
    rules.write_text(seeds, encoding="utf-8")
    async with pipeline(real_kafka, tmp_path, embedded=False, rules=rules) as running:
        rules.write_text(seeds.replace("window:", "windoe:"), encoding="utf-8")
        running.end("alerter", signal.SIGHUP)
        await until(lambda: running.total("alerter", "tocsin_rules_valid") == 0)
        rules.write_text(seeds.replace("rules:\n", f"rules:\n{NEWCOMER}", 1), encoding="utf-8")
        running.end("alerter", signal.SIGHUP)
        await until(lambda: running.total("alerter", "tocsin_rules_valid") == 1)
        alerts = await running.alerts_of(stored(ROOT / "seeds", "changed"))
        assert running.total("alerter", "tocsin_rules_reads_total", result="refused") == 1
    assert "unknown key" in (tmp_path / "alerter.log").read_text(encoding="utf-8")
    assert {alert.rule for alert in alerts} >= {"newcomer", "ceasefire-breach", "border-incident"}
    assert running.supervisor.failures["alerter"] == 0
