"""Stored articles: text files with or without front matter, JSON Lines, feed XML. What cannot be read is told."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from services.core.article import Article, new_article
from services.core.errors import InputError
from services.core.wire import UtcTime
from services.poller.feed import FeedError, parse_feed
from services.poller.sources import Kind, Source

TEXTS = (".txt", ".md")
LINES = (".jsonl", ".ndjson")
FEEDS = (".xml", ".rss", ".atom", ".rdf")
MANIFESTS = ("manifest.yaml", "manifest.yml", "manifest.json")

_NO_DATE = (
    "has no publication date; give one with --published, "
    "or one for each file in a manifest (--manifest) or in front matter (published: ...)"
)


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
    published: UtcTime | None = None
    fetched: UtcTime | None = None


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
            yield from read_lines(body.decode("utf-8-sig").splitlines(), str(file), reading)
        else:
            yield from_text(body.decode("utf-8-sig"), file, reading)
    except OSError as error:
        yield InputError(str(file), error.strerror or str(error))
    except UnicodeDecodeError as error:
        yield InputError(str(file), f"is not UTF-8 at byte {error.start}")


def from_text(text: str, file: Path, reading: Reading) -> Found:
    """The article of a text file, with its front matter if it has some."""
    head, body = split_front_matter(text)
    try:
        fields = yaml.safe_load(head) or {}
    except yaml.YAMLError as error:
        return InputError(str(file), f"front matter is not YAML: {error}")
    if not isinstance(fields, dict):
        return InputError(str(file), "front matter must be a mapping")
    first_line = next((line.strip() for line in body.splitlines() if line.strip()), "")
    known = {"title": first_line[:200], "source": file.stem, **fields, **reading.manifest.get(file.name, {})}
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


def read_lines(lines: Iterable[str], place: str, reading: Reading) -> Iterator[Found]:
    """The articles of JSON Lines, one object a line; blank lines do not count as articles."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from_line(line, f"{place}:{number}", reading)


def from_line(line: str, place: str, reading: Reading) -> Found:
    """The article of one JSON line."""
    try:
        fields = json.loads(line)
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
        problem = error.errors(include_url=False, include_input=False)[0]
        return InputError(place, f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}")
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
    source = Source(id="stored", url="https://stored.invalid/", outlet=file.stem, country="ZZZ", kind=Kind.MEDIA)
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
    """A publication time given by hand: an ISO 8601 date or time; without a zone it is UTC.

    Raises:
        InputError: it is not one.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError("--published", f"{text!r} is not an ISO 8601 date or time") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


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
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(str(chosen), str(error)) from error
    if not isinstance(data, dict) or not all(isinstance(fields, dict) for fields in data.values()):
        raise InputError(str(chosen), "must map each file name to its fields, such as {published: 2020-09-29}")
    return {str(name): {key: _plain(value) for key, value in fields.items()} for name, fields in data.items()}


def _plain(value: Any) -> Any:
    """YAML reads dates as dates; a date without a time means its midnight, UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return f"{value.isoformat()}T00:00:00Z" if hasattr(value, "isoformat") else value
