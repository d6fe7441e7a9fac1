"""The HTTP side, put together: pages, the API under ``/api/v1``, metrics and health."""

from typing import Final

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services import __version__
from services.core.answer import Answering
from services.dashboard.access import BehindProxies, Guarded
from services.dashboard.alert_routes import alert_routes
from services.dashboard.answers import ProblemDetails
from services.dashboard.event_routes import event_routes
from services.dashboard.explain_routes import explain_routes
from services.dashboard.feed_routes import feed_routes
from services.dashboard.guard import HeadedAnswers, TaggedAnswers
from services.dashboard.pages import serve_pages
from services.dashboard.problems import answer_errors_as_problems
from services.dashboard.rule_routes import rule_routes
from services.dashboard.shown import Shown
from services.dashboard.silence_routes import Silencing, silence_routes
from services.dashboard.source_routes import source_routes
from services.runtime.http import Health, readiness
from services.runtime.metrics import Metrics
from services.runtime.rulesfile import InForce
from services.runtime.sections import DashboardSettings

_OPEN_TO_ALL: Final = DashboardSettings()
_NO_SILENCING: Final = Silencing()


def dashboard_app(
    shown: Shown,
    *,
    metrics: Metrics,
    health: Health,
    answering: Answering,
    rules: InForce | None = None,
    silencing: Silencing = _NO_SILENCING,
    settings: DashboardSettings = _OPEN_TO_ALL,
) -> FastAPI:
    """The app that serves what is shown; ``rules`` are those in force, ``answering`` says why one did not ring."""
    app = FastAPI(
        title="Tocsin",
        version=__version__,
        summary="Alerts, the events behind them, and a stream of changes.",
        openapi_url="/api/v1/openapi.json",
        # Both would load their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        responses={
            401: {"model": ProblemDetails, "description": "a token is asked for"},
            422: {"model": ProblemDetails, "description": "the request is not valid"},
        },
    )
    # The last one is asked first.
    app.add_middleware(TaggedAnswers)
    if token := settings.token.get_secret_value():
        app.add_middleware(Guarded, token=token)
    app.add_middleware(BehindProxies, networks=settings.proxies)
    app.add_middleware(HeadedAnswers)
    answer_errors_as_problems(app)
    app.include_router(alert_routes(shown, health))
    app.include_router(event_routes(shown))
    in_force = rules or InForce()
    app.include_router(rule_routes(shown, in_force))
    app.include_router(explain_routes(shown, in_force, answering))
    app.include_router(source_routes(shown))
    app.include_router(silence_routes(shown, silencing))
    app.include_router(feed_routes(shown))
    app.include_router(_operations(metrics, health))
    serve_pages(app)
    return app


def _operations(metrics: Metrics, health: Health) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    async def scrape() -> Response:
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> Response:
        status, kind, body = readiness(health)
        return Response(body, status, media_type=kind)

    return router
