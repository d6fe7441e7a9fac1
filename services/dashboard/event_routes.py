"""The API's answers on events and articles. They ask the store, so they run in threads and not in the event loop."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from services.core.event import Event
from services.dashboard.answers import (
    ArticleItem,
    ArticleView,
    Bar,
    EpisodeView,
    Page,
    Paragraph,
    ProblemDetails,
    StepView,
    Timeline,
)
from services.dashboard.board import AlertFilter, Board, alerts_of
from services.dashboard.lookups import Found, T, article_text, days, events_in_article, find_articles, find_events
from services.dashboard.paragraph import around
from services.dashboard.parameters import AskedArticles, AskedEvents, Offset, Stream
from services.dashboard.shown import Shown


def event_routes(shown: Shown) -> APIRouter:
    """The routes under ``/api/v1``."""
    router = APIRouter(prefix="/api/v1", tags=["events"])

    @router.get("/events")
    def events(asked: AskedEvents) -> Page[Event]:
        """Events, those of the latest article first."""
        found = find_events(shown.store, asked)
        return Page(items=found.items, next=_cursor(found))

    @router.get("/articles", tags=["articles"])
    def articles(asked: AskedArticles) -> Page[ArticleItem]:
        """Articles, the latest published first."""
        found = find_articles(shown.store, asked)
        items = [ArticleItem(article=each.article, excerpt=each.excerpt, events=each.events) for each in found.items]
        return Page(items=items, next=_cursor(found))

    @router.get(
        "/articles/{article_id:path}",
        tags=["articles"],
        responses={404: {"model": ProblemDetails, "description": "not known"}},
    )
    def article(article_id: str) -> ArticleView:
        """One article with its text, the events in it, and the alerts that rest on it."""
        found = article_text(shown.store, article_id)
        if not found:
            raise HTTPException(404, "no article of that id is known")
        events = events_in_article(shown.store, article_id)
        return ArticleView(article=found[0], text=found[1], events=events, alerts=_alerts_on(shown.board, article_id))

    _add_paragraph(router, shown)
    _add_timeline(router, shown)
    return router


def _add_paragraph(router: APIRouter, shown: Shown) -> None:
    @router.get("/paragraph", tags=["articles"])
    def paragraph(
        article: Annotated[str, Query(max_length=200, description="the article's id")], start: Offset, end: Offset
    ) -> Paragraph:
        """The paragraph around a sentence of an article."""
        found = article_text(shown.store, article)
        return Paragraph(**around(found[1], start, end)._asdict()) if found else Paragraph()


def _add_timeline(router: APIRouter, shown: Shown) -> None:
    @router.get("/timeline")
    def timeline(stream: Stream = None) -> Timeline:
        """Events by day of publication (UTC) and type, and every alert's stretch of time."""
        bars = [Bar(day=day.date(), type=kind, events=count) for day, kind, count in days(shown.store, stream)]
        return Timeline(days=bars, episodes=_episodes(shown.board, stream))


def _cursor(found: Found[T]) -> str | None:
    return None if found.next is None else str(found.next)


def _alerts_on(board: Board, article_id: str) -> list[str]:
    return [alert.alert_id for alert in alerts_of(board) if any(e.article_id == article_id for e in alert.evidence)]


def _episodes(board: Board, stream: str | None) -> list[EpisodeView]:
    return [
        EpisodeView(
            **alert.model_dump(include=set(EpisodeView.model_fields)),
            steps=[StepView(state=s.state, changed_at=s.changed_at, severity=s.severity) for s in board.steps[ident]],
        )
        for ident, alert in board.alerts.items()
        if AlertFilter(stream=stream).lets(alert)
    ]
