"""The feeds that other programs read: Atom, GeoJSON, CAP."""

from datetime import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from services.core.alert import Alert
from services.dashboard.answers import ProblemDetails
from services.dashboard.atom import TYPE as ATOM_TYPE
from services.dashboard.atom import atom_feed
from services.dashboard.board import AlertFilter, alerts_of
from services.dashboard.cap import TYPE as CAP_TYPE
from services.dashboard.cap import cap_message
from services.dashboard.geojson import alert_features, collection, event_features, positions
from services.dashboard.lookups import find_events
from services.dashboard.parameters import AskedEvents, AskedWithin, Limit, Rule, State, Stream
from services.dashboard.shown import Shown

_GEOJSON = "application/geo+json"
_ENTRIES = 100


def feed_routes(shown: Shown) -> APIRouter:
    """The routes under ``/feeds``."""
    router = APIRouter(prefix="/feeds", tags=["feeds"])

    @router.get("/alerts.atom", response_class=Response, responses={200: {"content": {ATOM_TYPE: {}}}})
    async def atom(request: Request, stream: Stream = None, rule: Rule = None, state: State = None) -> Response:
        """Alerts as an Atom feed, the last changed first; for all rules or one."""
        found = alerts_of(shown.board, AlertFilter(stream, rule, state))
        newest = sorted(found, key=lambda alert: alert.changed_at, reverse=True)[:_ENTRIES]
        query = f"?{request.url.query}" if request.url.query else ""
        body = atom_feed(
            newest,
            base=_base(request),
            path=request.url.path + query,
            title=f"Tocsin: {rule.replace('-', ' ') if rule else 'all alerts'}",
            empty=shown.started_at,
        )
        return Response(body, media_type=ATOM_TYPE)

    @router.get(
        "/alerts/{alert_id}/cap.xml",
        response_class=Response,
        responses={200: {"content": {CAP_TYPE: {}}}, 404: {"model": ProblemDetails, "description": "not known"}},
    )
    async def cap(request: Request, alert_id: str) -> Response:
        """The last change of an alert as a CAP 1.2 message."""
        alert = shown.board.alerts.get(alert_id)
        if alert is None:
            raise HTTPException(404, "no alert of that id is known")
        sender = request.url.hostname or "localhost"
        body = cap_message(alert, shown.board.steps[alert_id], sender=sender, web=f"{_base(request)}/#alert-{alert_id}")
        return Response(body, media_type=CAP_TYPE)

    _add_geojson(router, shown)
    return router


def _add_geojson(router: APIRouter, shown: Shown) -> None:
    @router.get("/alerts.geojson", response_class=JSONResponse, responses={200: {"content": {_GEOJSON: {}}}})
    async def alerts(
        *,
        within: AskedWithin,
        stream: Stream = None,
        rule: Rule = None,
        state: State = None,
        limit: Limit = 1000,
    ) -> Response:
        """Alerts as GeoJSON: for each the places of what counted; within a box and a time where asked."""
        wanted = alerts_of(shown.board, AlertFilter(stream, rule, state))
        found = [alert for alert in wanted if within.meets(alert.started_at, _end(alert), positions(alert))]
        return JSONResponse(collection(alert_features(found[:limit])), media_type=_GEOJSON)

    @router.get("/events.geojson", response_class=JSONResponse, responses={200: {"content": {_GEOJSON: {}}}})
    def events(asked: AskedEvents) -> Response:
        """Events as GeoJSON, within a box and a time where asked; those without a known place are left out."""
        return JSONResponse(collection(event_features(find_events(shown.store, asked).items)), media_type=_GEOJSON)


def _end(alert: Alert) -> datetime | None:
    return None if alert.state.active else alert.changed_at


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
