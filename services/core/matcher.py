"""Matchers: texts such as ``group=~"AZE.*"`` that say which alerts are meant, in the way of Alertmanager."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

_LONGEST = 300
_FORM = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=(?!=))\s*("(?:[^"\\]|\\.)*"|[^"]*?)\s*')


def _checked(text: str) -> str:
    """The text itself, if it is a matcher.

    Raises:
        ValueError: it is none, or its pattern is not a regular expression.
    """
    _parsed(text)
    return text


@lru_cache(maxsize=2_000)
def _parsed(text: str) -> tuple[str, re.Pattern[str], bool]:
    """The fact's name, the pattern that its whole value is held against, and whether it must fit."""
    found = _FORM.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a matcher; write for example rule=border-incident or group=~ARM-.*")
    name, operator, value = found.groups()
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    try:
        pattern = re.compile(value if "~" in operator else re.escape(value), re.DOTALL)
    except re.error as error:
        raise ValueError(f"{text!r}: {value!r} is not a regular expression: {error}") from error
    return name, pattern, operator in ("=", "=~")


Matcher = Annotated[
    str,
    Field(max_length=_LONGEST, examples=["rule=border-incident", 'group=~"ARM-.*"', "severity!=critical"]),
    AfterValidator(_checked),
]
"""A condition on one fact of an alert: ``=``, ``!=``, or ``=~`` and ``!~`` with a regular expression.

The value is held against the whole of the fact; a fact that an alert does not have is the empty text.
"""


def all_fit(matchers: Iterable[str], facts: Mapping[str, str]) -> bool:
    """Whether every matcher fits these facts."""
    return all(_fits(matcher, facts) for matcher in matchers)


def _fits(matcher: str, facts: Mapping[str, str]) -> bool:
    name, pattern, wanted = _parsed(matcher)
    return bool(pattern.fullmatch(facts.get(name, ""))) is wanted
