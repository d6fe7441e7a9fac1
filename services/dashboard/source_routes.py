"""The API's answer on feeds: how each was polled last."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.dashboard.answers import FeedItem, Page
from services.dashboard.feeds_health import FeedHealth, health_of, in_words, shareable
from services.dashboard.parameters import Limit
from services.dashboard.shown import Shown

Health = Annotated[FeedHealth | None, Query(description="only those that are so")]
After = Annotated[str | None, Query(max_length=200, description="`next` of an earlier answer, to go on after it")]


def source_routes(shown: Shown) -> APIRouter:
    """The route under ``/api/v1``."""
    router = APIRouter(prefix="/api/v1", tags=["feeds"])

    @router.get("/feeds")
    def feeds(health: Health = None, limit: Limit = 1000, cursor: After = None) -> Page[FeedItem]:
        """Feeds by their ids, each with how it was polled last."""
        now = shown.now()
        states = [state for state in shown.store.feeds() if cursor is None or state.source > cursor]
        found = [state for state in states if health in (None, health_of(state, now))]
        items = [
            FeedItem(health=health_of(state, now), words=in_words(state, now), state=shareable(state))
            for state in found[:limit]
        ]
        return Page(items=items, next=found[limit - 1].source if len(found) > limit else None)

    return router
