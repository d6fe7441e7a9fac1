"""What the alerter does besides its records."""

import asyncio
from pathlib import Path

from services.alerter.app import Alerter, Tables
from services.core.rule import Rules
from tests.builders import rule
from tests.fakes import BrokenProducer
from tests.runtime.stages import stage_on


async def test_the_live_clock_goes_on_ticking_after_kafka_was_away(tmp_path: Path) -> None:
    stage = stage_on("127.0.0.1:9", "ticks", tmp_path)
    stage.health.has("kafka")
    alerter = Alerter(stage, Rules(rules=(rule(),)), producer=BrokenProducer(), tables=Tables(history={}, sent={}))
    ticking = asyncio.create_task(alerter.tick_live())
    await asyncio.sleep(0.1)
    assert not ticking.done()
    stage.stop.set()
    await asyncio.wait_for(ticking, 5)
