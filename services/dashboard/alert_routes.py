"""The API's answers on alerts: the list, one alert, and the stream of changes."""

from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query
from fastapi.responses import StreamingResponse

from services.core.alert import Alert
from services.dashboard.answers import Page, ProblemDetails, Status
from services.dashboard.board import AlertFilter, Place, alerts_of, place_of
from services.dashboard.parameters import Limit, Rule, State, Stream
from services.dashboard.shown import Shown
from services.dashboard.sse import event_stream
from services.runtime.http import Health

After = Annotated[
    str | None,
    Query(pattern=r"^[01]~[0-2]~[0-9]{1,18}~.{1,200}$", description="`next` of an earlier answer, to go on after it"),
]


def status_of(shown: Shown, health: Health) -> Status:
    """How the process stands to its topics."""
    totals = shown.store.totals
    return Status(
        now=shown.now(),
        started_at=shown.started_at,
        read_at=shown.read_at,
        ready=health.ready,
        missing=sorted(health.missing),
        streams=shown.streams,
        alerts=len(shown.board.alerts),
        events=totals.events,
        articles=totals.articles,
    )


def alert_routes(shown: Shown, health: Health) -> APIRouter:
    """The routes under ``/api/v1``."""
    router = APIRouter(prefix="/api/v1", tags=["alerts"])

    @router.get("/alerts")
    async def alerts(
        *, stream: Stream = None, rule: Rule = None, state: State = None, limit: Limit = 200, cursor: After = None
    ) -> Page[Alert]:
        """Alerts: those that ring before those that are over, graver before milder, the latest change first."""
        found = alerts_of(shown.board, AlertFilter(stream, rule, state))
        if cursor:
            found = [alert for alert in found if place_of(alert) < _place(cursor)]
        return Page(items=found[:limit], next=_cursor(found[limit - 1]) if len(found) > limit else None)

    @router.get("/alerts/{alert_id}", responses={404: {"model": ProblemDetails, "description": "not known"}})
    async def alert(alert_id: str) -> Alert:
        """One alert as it stands now."""
        if alert_id not in shown.board.alerts:
            raise HTTPException(404, "no alert of that id is known")
        return shown.board.alerts[alert_id]

    _add_stream(router, shown, health)
    return router


def _cursor(alert: Alert) -> str:
    """The place of an alert in the list: what is after it stays after it, whatever changes in between."""
    active, *rest = place_of(alert)
    return "~".join(map(str, (int(active), *rest)))


def _place(cursor: str) -> Place:
    active, gravity, changed_at, ident = cursor.split("~", 3)
    return active == "1", int(gravity), int(changed_at), ident


def _add_stream(router: APIRouter, shown: Shown, health: Health) -> None:
    @router.get("/status", tags=["operations"])
    async def status() -> Status:
        """How the process stands to its topics."""
        return status_of(shown, health)

    @router.get("/stream", response_class=StreamingResponse)
    async def stream(
        stream: Stream = None,
        rule: Rule = None,
        last_event_id: Annotated[str | None, Header(max_length=100)] = None,
    ) -> StreamingResponse:
        """Changes of alerts as Server-Sent Events; goes on after Last-Event-ID as long as that is kept."""
        events = event_stream(
            shown.changes,
            last_event_id,
            wanted=AlertFilter(stream, rule).lets,
            status=lambda: status_of(shown, health),
        )
        unbuffered = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=unbuffered)
