"""Stored articles: text files with or without front matter, JSON Lines, feed XML. What cannot be read is told."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from services.core.article import Article, new_article
from services.core.errors import InputError
from services.core.wire import UtcTime, first_problem
from services.poller.feed import FeedError, parse_feed
from services.poller.sources import Kind, Source

TEXTS = (".txt", ".md")
LINES = (".jsonl", ".ndjson")
FEEDS = (".xml", ".rss", ".atom", ".rdf")
MANIFESTS = ("manifest.yaml", "manifest.yml", "manifest.json")

_FIRST_YEAR, _LAST_YEAR = 1600, 2200
"""From the first newspapers to far beyond any replay; windows around such years never leave the calendar."""

_NO_DATE = (
    "has no publication date; give one with --published, "
    "or one for each file in a manifest (--manifest) or in front matter (published: ...)"
)


def _zoned(value: Any) -> Any:
    """A date by hand means its midnight, a time without a zone is UTC."""
    with suppress(ValueError):
        value = datetime.fromisoformat(value.strip()) if isinstance(value, str) else value
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _believable(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"the year must be between {_FIRST_YEAR} and {_LAST_YEAR}")
    return moment


Moment = Annotated[UtcTime, BeforeValidator(_zoned), AfterValidator(_believable)]
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


class Stored(BaseModel):
    """One stored article as it is written down; only the text is required."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    text: str
    id: str = ""
    title: str = ""
    url: str = ""
    source: str = ""
    outlet: str = ""
    language: str = ""
    published: Moment | None = None
    fetched: Moment | None = None


@dataclass(frozen=True)
class Reading:
    """How stored articles are read: the stream they form, and what is said of them besides the files.

    ``manifest`` maps a file's name to its fields. ``now`` stands in for a publication time only where ``dated`` is
    false: without windows to count there is no need to refuse an article that has none.
    """

    stream: str
    now: datetime
    published: datetime | None = None
    manifest: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dated: bool = True


Found = Article | InputError


def read_articles(path: Path, reading: Reading) -> Iterator[Found]:
    """The articles under ``path`` (a file, or a folder read in the order of names) and what could not be read."""
    for file in files_under(path):
        yield from _read_file(file, reading)


def files_under(path: Path) -> list[Path]:
    """The files that hold articles.

    Raises:
        InputError: there is nothing at the path, or no such file in it.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError(str(path), "no such file or folder")
    found = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in TEXTS + LINES + FEEDS)
    if not found:
        raise InputError(str(path), f"holds no articles ({', '.join(TEXTS + LINES + FEEDS)})")
    return found


def _read_file(file: Path, reading: Reading) -> Iterator[Found]:
    suffix = file.suffix.lower()
    try:
        body = file.read_bytes()
        if suffix in FEEDS:
            yield from _from_feed(file, body, reading)
        elif suffix in LINES:
            yield from read_lines(body.split(b"\n"), str(file), reading)
        else:
            yield from_text(body, file, reading)
    except OSError as error:
        yield InputError(str(file), error.strerror or str(error))


def decoded(body: bytes, place: str) -> str | InputError:
    """The text in UTF-8 bytes, without a byte order mark."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return InputError(place, f"is not UTF-8 at byte {error.start}")


def from_text(body: bytes, file: Path, reading: Reading) -> Found:
    """The article of a text file, with its front matter if it has some; the text is kept character for character."""
    text = decoded(body, str(file))
    return text if isinstance(text, InputError) else _from_text(text, file, reading)


def _from_text(text: str, file: Path, reading: Reading) -> Found:
    head, body = split_front_matter(text)
    try:
        fields = yaml.safe_load(head) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return InputError(str(file), f"front matter is not YAML: {error}")
    if not isinstance(fields, dict):
        return InputError(str(file), "front matter must be a mapping")
    first_line = next((line.strip() for line in body.splitlines() if line.strip()), "")
    said = {str(key): value for key, value in fields.items()} | dict(reading.manifest.get(file.name, {}))
    known = {"title": first_line[:200], "source": file.stem, **said}
    return article_from({**known, "text": body}, str(file), reading)


def split_front_matter(text: str) -> tuple[str, str]:
    """YAML between two lines of three dashes at the very top, and the rest without its leading blank lines."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].strip() != "---":
        return "", text
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return "", text
    return "".join(lines[1:end]), "".join(lines[end + 1 :]).lstrip("\r\n")


def read_lines(lines: Iterable[bytes], place: str, reading: Reading) -> Iterator[Found]:
    """The articles of JSON Lines, one object a line; blank lines do not count as articles."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from_line(line, f"{place}:{number}", reading)


def from_line(line: bytes, place: str, reading: Reading) -> Found:
    """The article of one JSON line."""
    text = decoded(line, place)
    if isinstance(text, InputError):
        return text
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        return InputError(place, f"is not JSON: {error}")
    if not isinstance(fields, dict):
        return InputError(place, "is not a JSON object")
    return article_from(fields, place, reading)


def article_from(fields: Mapping[str, Any], place: str, reading: Reading) -> Found:
    """The article with these fields."""
    try:
        stored = Stored.model_validate({key: value for key, value in fields.items() if value is not None})
    except ValidationError as error:
        return InputError(place, first_problem(error))
    published = stored.published or reading.published
    if published is None and reading.dated:
        return InputError(place, _NO_DATE)
    return new_article(
        ident=stored.id,
        text=stored.text,
        title=stored.title,
        url=stored.url,
        source=stored.source or stored.outlet or "stored",
        outlet=stored.outlet or stored.source or "stored",
        published=published,
        fetched=max(stored.fetched or published or reading.now, published or reading.now),
        language=stored.language,
        stream=reading.stream,
    )


def _from_feed(file: Path, body: bytes, reading: Reading) -> Iterator[Found]:
    slug = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:60] or "stored"
    source = Source(id=slug, url="https://stored.invalid/", outlet=slug, country="ZZZ", kind=Kind.MEDIA)
    try:
        parsed = parse_feed(body, source, reading.now)
    except FeedError as error:
        yield InputError(str(file), f"is not a feed: {error}")
        return
    for skipped in parsed.skipped:
        yield InputError(f"{file}: {skipped.ident}", skipped.reason)
    for article in parsed.articles:
        if not article.published_known and reading.published is None:
            yield InputError(f"{file}: {article.title or article.id}", _NO_DATE)
            continue
        published = article.published if article.published_known else reading.published
        yield article.model_copy(
            update={"stream": reading.stream, "published": published, "fetched": published, "published_known": True}
        )


def parse_published(text: str) -> datetime:
    """A publication time given by hand, as :func:`moment_of` reads it."""
    return moment_of(text, "--published")


def moment_of(text: str, option: str) -> datetime:
    """A moment given by hand: an ISO 8601 date or time; without a zone it is UTC.

    Raises:
        InputError: it is not one; names the option.
    """
    try:
        return _MOMENT.validate_python(text)
    except ValidationError as error:
        raise InputError(option, f"{text!r} is not an ISO 8601 date or time of these centuries") from error


def load_manifest(file: Path | None, folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """What a manifest (given, or lying in the folder) says of each file, by file name.

    Raises:
        InputError: it cannot be read or is not a mapping of file names to fields.
    """
    chosen = file or next((folder / name for name in MANIFESTS if folder.is_dir() and (folder / name).is_file()), None)
    if chosen is None:
        return {}
    try:
        data = yaml.safe_load(chosen.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise InputError(str(chosen), str(error)) from error
    if not isinstance(data, dict) or not all(isinstance(fields, dict) for fields in data.values()):
        raise InputError(str(chosen), "must map each file name to its fields, such as {published: 2020-09-29}")
    return {str(name): {str(key): value for key, value in fields.items()} for name, fields in data.items()}
