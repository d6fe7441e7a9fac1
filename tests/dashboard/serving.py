"""A dashboard on a free port of this machine, without Kafka: what it shows is put in by the test."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from services.alerter.whynot import answered_by
from services.core.errors import Problem
from services.core.rule import Rule
from services.core.silence import Silence
from services.core.wire import Message
from services.dashboard.api import dashboard_app
from services.dashboard.app import listening, serving
from services.dashboard.shown import Shown
from services.dashboard.silence_routes import Silencing
from services.dashboard.store import Store
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.rulesfile import InForce
from services.runtime.sections import DashboardSettings

OPEN = DashboardSettings()


class Desk:
    """The running dashboard: ``shown`` takes messages, ``health`` decides on readiness."""

    def __init__(self, store: Store) -> None:
        self.shown = Shown("run", store, lambda: datetime.now(UTC))
        self.health = Health()
        self.metrics = Metrics()
        self.url = ""

    async def write(self, silence: Silence, _: datetime) -> None:
        """Takes a silence as it would come back from its topic."""
        self.take(silence)

    def take(self, *messages: Message) -> None:
        """Shows these messages."""
        self.shown.keep(messages)
        self.shown.take(messages)


@asynccontextmanager
async def dashboard(
    *messages: Message,
    rules: Sequence[Rule] = (),
    problems: Sequence[Problem] = (),
    settings: DashboardSettings = OPEN,
) -> AsyncIterator[Desk]:
    """A dashboard that shows these messages."""
    with (
        TemporaryDirectory(prefix="tocsin-desk-") as folder,
        Store(Path(folder) / "desk.sqlite") as store,
        listening("127.0.0.1", 0) as listener,
    ):
        desk = Desk(store)
        desk.take(*messages)
        app = dashboard_app(
            desk.shown,
            metrics=desk.metrics,
            health=desk.health,
            answering=answered_by,
            rules=InForce(tuple(rules), tuple(problems)),
            silencing=Silencing(desk.write),
            settings=settings,
        )
        desk.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with serving(app, listener):
            try:
                yield desk
            finally:
                desk.shown.changes.close()
