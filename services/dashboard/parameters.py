"""The parameters that several questions to the API share, and how they become what is asked of the store."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from services.core.alert import AlertState
from services.core.ontology import Modality
from services.dashboard.asked import Asked, Box, Within, parse_box
from services.dashboard.board import ACTIVE
from services.dashboard.moment import Moment

_LON = r"-?(180([.]0{1,9})?|(1[0-7][0-9]|[0-9]?[0-9])([.][0-9]{1,9})?)"
_LAT = r"-?(90([.]0{1,9})?|[0-8]?[0-9]([.][0-9]{1,9})?)"
_BOX = f"^{_LON},{_LAT},{_LON},{_LAT}$"
_LAST_PLACE = 2**63 - 1

_BBox = Annotated[
    str | None, Field(pattern=_BOX, description="west,south,east,north in degrees; south not above north")
]

Stream = Annotated[str | None, Query(max_length=200, description="only of this stream: live, or a replay's name")]
Rule = Annotated[str | None, Query(max_length=63, description="only of this rule")]
State = Annotated[
    AlertState | Annotated[str, Query(pattern=f"^{ACTIVE}$")] | None,
    Query(description="only in this state; active stands for all that ring"),
]
Limit = Annotated[int, Query(ge=1, le=10_000, description="most items in the answer")]
Cursor = Annotated[
    str | None, Query(pattern=r"^[0-9]{1,19}$", description="`next` of an earlier answer, to go on after it")
]

Offset = Annotated[int, Query(ge=0, le=10**9, description="in characters (code points) of the article's text")]


class _Stretch(BaseModel):
    since: Annotated[Moment | None, Field(description="then or later")] = None
    until: Annotated[Moment | None, Field(description="before then")] = None


class _Within(_Stretch):
    """Where and when."""

    bbox: _BBox = None


class _Search(_Stretch):
    """What events and articles can be searched by; times are those of publication."""

    stream: Stream = None
    q: Annotated[str | None, Field(max_length=500, description='words, "phrases" in quotes; all must be there')] = None
    limit: Limit = 50
    cursor: Cursor = None


def _of_articles(search: Annotated[_Search, Query()]) -> Asked:
    return Asked(
        stream=search.stream,
        text=search.q,
        since=search.since,
        until=search.until,
        before=_place(search.cursor),
        limit=search.limit,
    )


def _place(cursor: str | None) -> int | None:
    return min(int(cursor), _LAST_PLACE) if cursor else None


class _EventSearch(_Search):
    """What events can be searched by."""

    type: Annotated[str | None, Field(max_length=100, description="event type or sub-event type")] = None
    modality: Modality | None = None
    country: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$", description="ISO 3166 alpha-3")] = None
    article: Annotated[str | None, Field(max_length=200, description="only of this article, by its id")] = None
    bbox: _BBox = None


def _of_events(search: Annotated[_EventSearch, Query()]) -> Asked:
    return Asked(
        stream=search.stream,
        text=search.q,
        type=search.type,
        modality=search.modality,
        country=search.country,
        article=search.article,
        since=search.since,
        until=search.until,
        box=_box(search.bbox),
        before=_place(search.cursor),
        limit=search.limit,
    )


def _of_alerts(asked: Annotated[_Within, Query()]) -> Within:
    return Within(since=asked.since, until=asked.until, box=_box(asked.bbox))


def _box(text: str | None) -> Box | None:
    try:
        return parse_box(text) if text else None
    except ValueError as error:
        raise RequestValidationError([{"loc": ("query", "bbox"), "msg": str(error)}]) from error


AskedWithin = Annotated[Within, Depends(_of_alerts)]
AskedArticles = Annotated[Asked, Depends(_of_articles)]
AskedEvents = Annotated[Asked, Depends(_of_events)]
