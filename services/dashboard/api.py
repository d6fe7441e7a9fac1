"""The HTTP side: the page, the API under ``/api/v1``, metrics and health."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, TypeVar

from fastapi import FastAPI, Header, HTTPException, Query, Response
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services import __version__
from services.core.alert import Alert, AlertState
from services.core.event import Event
from services.dashboard.answers import Page, ProblemDetails, Status
from services.dashboard.board import ACTIVE, AlertFilter, EventFilter, alerts_of, events_of
from services.dashboard.guard import GuardedAnswers, answer_errors_as_problems
from services.dashboard.shown import Shown
from services.dashboard.sse import event_stream
from services.runtime.http import Health, readiness
from services.runtime.metrics import Metrics

WEB: Final = Path(__file__).parent / "web"

_State = AlertState | Annotated[str, Query(pattern=f"^{ACTIVE}$")]
_Stream = Annotated[str | None, Query(max_length=200, description="only of this stream: live, or a replay's name")]
_Rule = Annotated[str | None, Query(max_length=63, description="only of this rule")]
_Limit = Annotated[int, Query(ge=1, le=1000, description="most items in the answer")]

Item = TypeVar("Item", Alert, Event)


def dashboard_app(shown: Shown, *, metrics: Metrics, health: Health) -> FastAPI:
    """The app that serves what is shown."""
    app = FastAPI(
        title="Tocsin",
        version=__version__,
        summary="Alerts, the events behind them, and a stream of changes.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses={422: {"model": ProblemDetails, "description": "the request is not valid"}},
    )
    app.add_middleware(GuardedAnswers)
    answer_errors_as_problems(app)
    _serve_lists(app, shown)
    _serve_stream(app, shown, health)
    _serve_operations(app, metrics, health)
    _serve_page(app)
    return app


def _page(items: Sequence[Item], limit: int) -> Page[Item]:
    return Page(items=items[:limit], total=len(items))


def status_of(shown: Shown, health: Health) -> Status:
    """How the process stands to its topics."""
    return Status(
        now=shown.now(),
        started_at=shown.started_at,
        read_at=shown.read_at,
        ready=health.ready,
        missing=sorted(health.missing),
        streams=shown.board.streams,
        alerts=len(shown.board.alerts),
        events=len(shown.board.events),
        articles=len(shown.board.articles),
    )


def _serve_lists(app: FastAPI, shown: Shown) -> None:
    @app.get("/api/v1/alerts", tags=["alerts"])
    async def alerts(
        stream: _Stream = None, rule: _Rule = None, state: _State | None = None, limit: _Limit = 200
    ) -> Page[Alert]:
        """Alerts: those that ring before those that are over, graver before milder, the latest change first."""
        return _page(alerts_of(shown.board, AlertFilter(stream, rule, state)), limit)

    @app.get("/api/v1/alerts/{alert_id}", tags=["alerts"], responses={404: {"model": ProblemDetails}})
    async def alert(alert_id: str) -> Alert:
        """One alert as it stands now."""
        if alert_id not in shown.board.alerts:
            raise HTTPException(404, "no alert of that id is known")
        return shown.board.alerts[alert_id]

    @app.get("/api/v1/events", tags=["events"])
    async def events(
        stream: _Stream = None,
        type: Annotated[str | None, Query(max_length=100, description="event type or sub-event type")] = None,  # noqa: A002
        article: Annotated[str | None, Query(max_length=200, description="only of this article, by its id")] = None,
        limit: _Limit = 200,
    ) -> Page[Event]:
        """The newest events, those of the latest article first."""
        return _page(events_of(shown.board, EventFilter(stream, type, article)), limit)


def _serve_stream(app: FastAPI, shown: Shown, health: Health) -> None:
    @app.get("/api/v1/status", tags=["operations"])
    async def status() -> Status:
        """How the process stands to its topics."""
        return status_of(shown, health)

    @app.get("/api/v1/stream", tags=["alerts"], response_class=StreamingResponse)
    async def stream(
        stream: _Stream = None,
        rule: _Rule = None,
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


def _serve_operations(app: FastAPI, metrics: Metrics, health: Health) -> None:
    @app.get("/metrics", include_in_schema=False)
    async def scrape() -> Response:
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        status, kind, body = readiness(health)
        return Response(body, status, media_type=kind)


def _serve_page(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(WEB / "index.html")

    app.mount("/web", StaticFiles(directory=WEB), name="web")
