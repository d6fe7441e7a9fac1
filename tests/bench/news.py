"""News made up for the bench: calm articles from sentence patterns, dense ones from the seed articles; seeded."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from services.core.article import Article, new_article

ROOT = Path(__file__).parents[2]
WORDS = 600
"""Words of one article."""

DENSE_EVERY = 20
"""In a general news mix one article in so many tells of armed conflict."""

_START = datetime(2020, 10, 1, tzinfo=UTC)
_ONSETS = ("b", "br", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "z")
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ei", "ou")
_CODAS = ("n", "r", "l", "s", "rt", "nd", "lin", "ker", "man", "sky", "dez", "wick")
_RARE = "~ "
_PLACES = ("Agdam", "Marib", "Idlib", "Goma", "Sirte", "Mekelle", "Donetsk", "Lashio", "Maiduguri", "Tripoli")


def mixed(seed: int) -> Iterator[Article]:
    """A general news mix without end: one article in twenty is dense conflict text, no two are the same."""
    dice = random.Random(seed)
    for number in range(10**9):
        text = _dense(dice) if number % DENSE_EVERY == 0 else _calm(dice)
        yield _article(text, number)


def dense(seed: int) -> Iterator[Article]:
    """The five seed articles as they are, then their paragraphs in new company, with other places and numbers."""
    dice = random.Random(seed)
    for number, text in enumerate(_seeds()):
        yield _article(text, number)
    for number in range(len(_seeds()), 10**9):
        yield _article(_dense(dice), number)


def _article(text: str, number: int) -> Article:
    moment = _START + timedelta(minutes=number)
    return new_article(text=text, source="bench", ident=str(number), stream="bench", published=moment, fetched=moment)


@cache
def _seeds() -> tuple[str, ...]:
    paths = sorted((ROOT / "seeds" / "articles").glob("*.md"))
    return tuple(path.read_text(encoding="utf-8").split("---\n", 2)[2].strip() for path in paths)


@cache
def _paragraphs() -> tuple[str, ...]:
    return tuple(part for text in _seeds() for part in text.split("\n\n") if part.count(" ") > 8)


def _dense(dice: random.Random) -> str:
    order = dice.sample(_paragraphs(), len(_paragraphs()))
    text = "\n\n".join(_until(order))
    other = dict(
        zip(dice.sample(("Stepanakert", "Shusha", "Martakert", "Fizuli"), 4), dice.sample(_PLACES, 4), strict=True)
    )
    text = re.sub("|".join(other), lambda found: other[found.group()], text)
    return re.sub(r"\b[2-9]\d\b", lambda _: str(dice.randint(20, 99)), text)


@cache
def _patterns() -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, ...], ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    topics: list[list[str]] = []
    for line in (Path(__file__).with_name("calm.txt")).read_text(encoding="utf-8").splitlines():
        name, equals, values = line.partition(" = ")
        if line.startswith("["):
            topics.append([])
        elif equals and not topics:
            lists[name] = tuple(values.split(" | "))
        elif topics:
            topics[-1].append(line)
    return lists, tuple(map(tuple, topics))


def _calm(dice: random.Random) -> str:
    """One topic for nine lines in ten, any for the rest: real pages carry teasers of other news."""
    _, topics = _patterns()
    topic = dice.choice(topics)
    lines = (dice.choice(topic if dice.random() < 0.9 else dice.choice(topics)) for _ in range(10**6))
    kept = (line for line in lines if not line.startswith(_RARE) or dice.random() < 0.1)
    filled = _until(_filled(dice, line.removeprefix(_RARE)) for line in kept)
    return "\n\n".join(" ".join(filled[k : k + 3]) for k in range(0, len(filled), 3))


def _until(parts: Iterator[str] | list[str]) -> list[str]:
    taken: list[str] = []
    words = 0
    for part in parts:
        taken.append(part)
        words += part.count(" ") + 1
        if words >= WORDS:
            break
    return taken


def _filled(dice: random.Random, line: str) -> str:
    lists, _ = _patterns()

    def value(found: re.Match[str]) -> str:
        slot = found.group(1)
        if slot == "n":
            return str(dice.randint(2, 99))
        return f"{_name(dice)} {_name(dice)}" if slot == "Person" else dice.choice(lists[slot])

    made = re.sub(r"\{(\w+)\}", value, line)
    return made[:1].upper() + made[1:]


def _name(dice: random.Random) -> str:
    """An invented name: their number has no end, as in the news, so a store that keeps every word shows it."""
    syllable = dice.choice(_ONSETS) + dice.choice(_MIDDLES)
    return (syllable + dice.choice(_ONSETS) + dice.choice(_MIDDLES) + dice.choice(_CODAS)).capitalize()
