"""Sources: the configured feeds, as users write them in ``feeds.yaml``."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from services.core.errors import ConfigError, Problem
from services.core.rule import problems_of
from services.core.window import Duration

MAX_SOURCES = 20_000
MAX_URL = 2_000
"""Characters of a URL that is still believed to be one."""

_SLUG = r"^[a-z0-9][a-z0-9-]{0,62}$"


class Kind(StrEnum):
    """What the owner of a feed is."""

    MEDIA = "media"
    STATE = "state"
    AGENCY = "agency"
    NGO = "ngo"


def feed_url(text: str) -> str:
    """The text, if it is a URL that can be polled.

    Raises:
        ValueError: it is not an absolute http or https URL; the text says what is wrong with it.
    """
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https"):
        raise ValueError("must be a URL that starts with http:// or https://")
    if not parts.hostname or any(character <= " " for character in text):
        raise ValueError("must be a URL with a host name and without spaces")
    if len(text) > MAX_URL:
        raise ValueError(f"is longer than {MAX_URL} characters")
    _ = parts.port  # raises ValueError for a port that is none
    return text


def _within_a_day(length: timedelta) -> timedelta:
    if not timedelta(seconds=1) <= length <= timedelta(days=1):
        raise ValueError("must be between 1s and 1d")
    return length


class Source(BaseModel):
    """One configured feed.

    ``outlet`` owns it: two feeds of one outlet are one voice. ``country`` is where the owner sits, ISO 3166-1 alpha-3.
    ``interval`` is the shortest time between two polls; without it the setting ``poller.interval`` holds. ``language``
    is ISO 639-1; without it the feed's own word is taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=_SLUG)]
    url: Annotated[str, AfterValidator(feed_url)]
    outlet: Annotated[str, Field(pattern=_SLUG)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    kind: Kind
    interval: Annotated[Duration, AfterValidator(_within_a_day)] | None = None
    language: Annotated[str, Field(pattern=r"^([a-z]{2,3})?$")] = ""


class _Feeds(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    feeds: Annotated[tuple[Source, ...], Field(min_length=1, max_length=MAX_SOURCES)]


def parse_sources(data: Any, place: str) -> tuple[Source, ...]:
    """The sources in parsed YAML ``data``, checked whole.

    Raises:
        ConfigError: every problem, each with its path behind ``place``, such as ``feeds.yaml: feeds[3].url``.
    """
    if not isinstance(data, Mapping):
        raise ConfigError((Problem(place, "must be a mapping with the key 'feeds'"),))
    problems = (*_repeats(data, place, "id"), *_repeats(data, place, "url"))
    try:
        sources = _Feeds.model_validate(data).feeds
    except ValidationError as error:
        raise ConfigError(problems_of(error, place) + problems) from error
    if problems:
        raise ConfigError(problems)
    return sources


def _repeats(data: Mapping[str, Any], place: str, field: str) -> list[Problem]:
    feeds = data.get("feeds")
    seen: set[str] = set()
    problems = []
    for index, feed in enumerate(feeds if isinstance(feeds, list) else ()):
        value = feed.get(field) if isinstance(feed, Mapping) else None
        if isinstance(value, str) and value in seen:
            problems.append(Problem(f"{place}: feeds[{index}].{field}", f"{value!r} is that of an earlier feed"))
        elif isinstance(value, str):
            seen.add(value)
    return problems
