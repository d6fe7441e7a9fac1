"""Lists of feeds as other readers keep them: OPML 2.0 (https://opml.org/spec2.opml)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import yaml
from pydantic import ValidationError

from services.core.errors import InputError, Problem
from services.core.rule import problems_of
from services.poller.sources import Kind, Source

UNKNOWN_COUNTRY = "ZZZ"
"""ISO 3166 leaves it to its users; here: nobody has said yet."""

_NAMESPACE = "urn:tocsin:opml"
_OWN = ("outlet", "country", "kind", "interval", "language")
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


@dataclass(frozen=True)
class Imported:
    """What a list of feeds holds: new sources, and the outlines that are none, each with the reason."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


def read_opml(body: bytes, place: str, known: Iterable[Source] = ()) -> Imported:
    """The sources in an OPML list that are not known yet, with ids of their own.

    Another reader's list does not tell who owns a feed: the outlet is then guessed from the host name, the country is
    ``ZZZ`` and the kind media, for a person to correct.

    Raises:
        InputError: it is not OPML; or it declares entities, which no honest list does.
    """
    by_url = {source.url: source.id for source in known}
    taken = dict.fromkeys(by_url.values(), 1)
    new: list[Source] = []
    problems: list[Problem] = []
    for line, outline in _outlines(body, place):
        at = f"{place}: line {line}"
        url = outline["xmlUrl"].strip()
        if url in by_url:
            problems.append(Problem(at, f"{url[:200]} is there already, as {by_url[url]}"))
            continue
        try:
            new.append(_source(outline, url, taken))
            by_url[url] = new[-1].id
        except ValidationError as error:
            problems += problems_of(error, at)
    return Imported(tuple(new), tuple(problems))


def write_opml(sources: Iterable[Source], title: str) -> str:
    """The sources as an OPML list; what OPML has no word for is kept in attributes of a namespace of ours."""
    lines = [_outline(source) for source in sources]
    head = f'<opml version="2.0" xmlns:tocsin="{_NAMESPACE}">\n<head><title>{_escaped(title)}</title></head>\n<body>'
    return "\n".join(("<?xml version='1.0' encoding='UTF-8'?>", head, *lines, "</body>", "</opml>", ""))


def yaml_line(source: Source) -> str:
    """The source as a line to append to the ``feeds:`` list of a feeds file, so that its comments stay."""
    dumped = yaml.safe_dump(_plain(source), default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True)
    return f"  - {dumped.strip()}\n"


def _plain(source: Source) -> Mapping[str, str]:
    return {name: value for name, value in source.model_dump(mode="json").items() if value}


def _outlines(body: bytes, place: str) -> list[tuple[int, Mapping[str, str]]]:
    found: list[tuple[int, Mapping[str, str]]] = []
    names: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        names.append(name)
        if name == "outline" and "xmlUrl" in attributes:
            found.append((parser.CurrentLineNumber, attributes))

    def entity(*_: object) -> None:
        raise InputError(place, "declares entities, which a list of feeds has no use for")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise InputError(place, f"is not XML: {error}") from error
    if names[0] != "opml":
        raise InputError(place, f"is not OPML, but <{names[0][:40]}>")
    return found


def _source(outline: Mapping[str, str], url: str, taken: dict[str, int]) -> Source:
    own = {name: outline[f"tocsin:{name}"] for name in _OWN if outline.get(f"tocsin:{name}")}
    outlet = _outlet(url)
    name = outline.get("tocsin:id") or _slug(outline.get("title") or outline.get("text") or "") or outlet
    guessed = {"outlet": outlet, "country": UNKNOWN_COUNTRY, "kind": Kind.MEDIA}
    return Source.model_validate({**guessed, **own, "id": _free(name, taken), "url": url})


def _free(name: str, taken: dict[str, int]) -> str:
    """The name, with a number where it is taken; ``taken`` has the last number tried of each, and learns this one."""
    free = name
    while free in taken:
        taken[name] += 1
        free = f"{name}-{taken[name]}"
    taken[free] = 1
    return free


def _outlet(url: str) -> str:
    """The owner as far as a host name tells: the part before the public suffix, as ``bbc`` of ``feeds.bbc.co.uk``."""
    try:
        labels = (urlsplit(url).hostname or "").split(".")
    except ValueError:
        return "unknown"
    cut = 2 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 1
    return _slug(labels[-cut - 1] if len(labels) > cut else labels[0]) or "unknown"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:58].strip("-")


def _outline(source: Source) -> str:
    plain = _plain(source)
    own = " ".join(f"tocsin:{name}={quoteattr(plain[name])}" for name in ("id", *_OWN) if name in plain)
    return f'<outline type="rss" text={quoteattr(source.id)} xmlUrl={quoteattr(source.url)} {own}/>'


def _escaped(text: str) -> str:
    return quoteattr(text)[1:-1]
