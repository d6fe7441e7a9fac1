"""A stage's edge for tests, and waiting for what another task or process does."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage


def stage_on(kafka: str, prefix: str, state_dir: Path, **topics: int) -> Stage:
    """The edge of an extractor with topics and groups of its own."""
    settings = Settings(kafka=kafka, topics=TopicSettings(prefix=prefix, **topics), state_dir=state_dir)
    return Stage("extractor", settings, Metrics(), Health({"kafka"}), asyncio.Event())


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Waits until it is so."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 -- asked from outside
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
