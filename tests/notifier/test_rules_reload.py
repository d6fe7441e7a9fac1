"""The rules file changes under a running notifier: inhibitions and routes hold from then on."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from services.core.errors import ConfigError
from services.notifier.app import main, serve
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from tests.dashboard.samples import alert
from tests.fakes import MemoryBroker
from tests.notifier.receiver import receiver
from tests.notifier.test_notifier_app import settings_for, until
from tests.notifier.test_restart import NAMES, InMemory, acknowledged, publish, told

RULES = "rules: [{name: one, when: {event_types: [Battles]}, window: 6h, severities: {info: 1}}]\n"
QUIET = RULES + "inhibit: [{source: [severity=critical], target: [severity=warning]}]\n"
ELSEWHERE = RULES + "routes: [{matchers: [alert_id=c], receiver: none}]\n"


async def test_a_changed_rules_file_mutes_lets_go_and_routes_without_a_restart(tmp_path: Path) -> None:
    path, broker = tmp_path / "rules.yaml", MemoryBroker()
    path.write_text(QUIET, encoding="utf-8")
    async with receiver() as took:
        settings = settings_for("127.0.0.1:1", NAMES.prefix, webhook_url=took.url).model_copy(update={"rules": path})
        stage = InMemory("notifier", settings, Metrics(), Health({"kafka"}), asyncio.Event(), broker)
        task = asyncio.create_task(serve(stage))
        await publish(broker, alert(alert_id="a", severity="critical"))
        await until(acknowledged(broker, 1))
        await publish(broker, alert(alert_id="b"))
        await until(acknowledged(broker, 2))
        assert told(took) == [("a", "firing")]
        path.write_text(QUIET.replace("source", "sauce"), encoding="utf-8")
        os.kill(os.getpid(), signal.SIGHUP)
        wrong = {"stage": "notifier"}
        await until(lambda: stage.metrics.registry.get_sample_value("tocsin_rules_valid", wrong) == 0)
        assert told(took) == [("a", "firing")]
        path.write_text(ELSEWHERE, encoding="utf-8")
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: told(took) == [("a", "firing"), ("b", "firing")])
        await publish(broker, alert(alert_id="c"))
        await until(acknowledged(broker, 3))
        stage.stop.set()
        await asyncio.wait_for(task, 10)
        assert told(took) == [("a", "firing"), ("b", "firing")]


def test_a_notifier_does_not_start_with_a_wrong_rules_file(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("rules: []\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="needs at least one entry"):
        main(settings_for("127.0.0.1:1", "x").model_copy(update={"rules": tmp_path / "rules.yaml"}))
