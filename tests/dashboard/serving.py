"""A dashboard on a free port of this machine, without Kafka: what it shows is put in by the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from services.dashboard.api import dashboard_app
from services.dashboard.app import listening, serving
from services.dashboard.shown import Shown
from services.runtime.http import Health
from services.runtime.metrics import Metrics


class Desk:
    """The running dashboard: ``shown`` takes messages, ``health`` decides on readiness."""

    def __init__(self) -> None:
        self.shown = Shown("run", lambda: datetime.now(UTC))
        self.health = Health()
        self.metrics = Metrics()
        self.url = ""


@asynccontextmanager
async def dashboard(*messages: object) -> AsyncIterator[Desk]:
    """A dashboard that shows these messages."""
    desk = Desk()
    for message in messages:
        desk.shown.take(message)  # type: ignore[arg-type]
    app = dashboard_app(desk.shown, metrics=desk.metrics, health=desk.health)
    with listening("127.0.0.1", 0) as listener:
        desk.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with serving(app, listener):
            try:
                yield desk
            finally:
                desk.shown.changes.close()
