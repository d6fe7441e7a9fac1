"""Words of a rule, found in texts: with their inflections, as they stand, near each other. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from services.core.inflect import forms
from services.core.wanted import Keywords, Proximity

Place = tuple[int, int]
"""Where something stands in a text: start and end, in characters."""


def holds(keywords: Keywords, texts: Sequence[str]) -> bool:
    """Whether what is asked of the words is so in these texts taken together; nearness holds within one of them."""
    return (
        (not keywords.any or _stands(_inflected(keywords.any), texts))
        and all(_stands(_inflected((word,)), texts) for word in keywords.all)
        and not (keywords.none and _stands(_inflected(keywords.none), texts))
        and (keywords.near is None or any(stretch(keywords.near, text) for text in texts))
    )


def phrases_hold(phrases: tuple[str, ...], texts: Sequence[str]) -> bool:
    """Whether any of the phrases stands in any of the texts."""
    return _stands(_as_written(phrases), texts)


def _stands(pattern: re.Pattern[str], texts: Iterable[str]) -> bool:
    return any(pattern.search(text) for text in texts)


def word_places(keywords: Keywords, text: str) -> Iterator[Place]:
    """Where words that are asked for stand first in a text: of any of the list, of each of all, of those near."""
    for words in ((keywords.any,) if keywords.any else ()) + tuple((word,) for word in keywords.all):
        if hit := _inflected(words).search(text):
            yield hit.span()
    if keywords.near and (place := stretch(keywords.near, text)):
        yield place


def phrase_place(phrases: tuple[str, ...], text: str) -> Place | None:
    """Where the first of the phrases stands in a text; of those that begin there the longest."""
    hit = _as_written(phrases).search(text)
    return hit.span() if hit else None


@lru_cache(maxsize=2000)
def _as_written(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words, any case, any white space between them; the longest phrase wins."""
    return _whole(r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(phrases, key=len, reverse=True))


@lru_cache(maxsize=2000)
def _inflected(words: tuple[str, ...]) -> re.Pattern[str]:
    """The same with each word in any of its forms; what is written in quotes stands as it is."""
    ordered = sorted(words, key=lambda word: (len(word.split()), len(word)), reverse=True)
    return _whole(r"\s+".join(map(_any_form, _parts(word))) for word in ordered)


def _parts(word: str) -> list[tuple[str, ...]]:
    """Each word of an entry in its forms, the longest first."""
    exact = len(word) > 2 and word[0] == word[-1] == '"'
    if exact:
        return [(part,) for part in word[1:-1].split()]
    return [tuple(sorted(forms(part), key=lambda form: (-len(form), form))) for part in word.split()]


def _any_form(spelled: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(map(re.escape, spelled))})"


def _whole(sources: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(sources)})(?!\w)", re.IGNORECASE)


def stretch(near: Proximity, text: str) -> Place | None:
    """The first stretch of at most ``within`` words that holds each of the words; None if there is none."""
    places = [[hit.span() for hit in _inflected((word,)).finditer(text)] for word in near.words]
    if not all(places):
        return None
    starts = _word_starts(text)
    for first in sorted({place for of_word in places for place in of_word}):
        at = [bisect_left(of_word, first) for of_word in places]
        if any(i == len(of_word) for i, of_word in zip(at, places, strict=True)):
            return None
        end = max(of_word[i][1] for i, of_word in zip(at, places, strict=True))
        if bisect_left(starts, end) - bisect_left(starts, first[0]) <= near.within:
            return first[0], end
    return None


@lru_cache(maxsize=16)
def _word_starts(text: str) -> tuple[int, ...]:
    return tuple(hit.start() for hit in re.finditer(r"\w+", text))
