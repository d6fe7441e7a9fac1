"""Pydantic's findings about a configuration, in the words of whoever wrote the file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import TypeAliasType

from services.core.errors import Problem
from services.core.written import keys_of, nearest

_WORDS: Final = {
    "missing": "is missing",
    "extra_forbidden": "unknown key",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "string_type": "must be a text; put it in quotes",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "recursion_loop": "holds itself",
}
"""Where pydantic speaks of Python's types, what a writer of YAML knows them as."""

_TOO_SHORT: Final = "too_short"
_BAD_KEY: Final = "invalid_key"
_FOLLOWS: Final = frozenset({"default_factory_not_called"})
"""Findings that only say that something else is wrong."""

_TAG: Final = "<"
"""How the parts of a place begin that name one of several shapes a value may have, and not a key."""


def problems_of(error: ValidationError, place: str, model: type[BaseModel] | None = None) -> tuple[Problem, ...]:
    """Pydantic's findings as problems with readable paths.

    Args:
        error: what pydantic raised.
        place: what stands before each path, such as the name of the file.
        model: what was validated; with it an unknown key is answered with the known ones.
    """
    found = [one for one in error.errors(include_url=False) if one["type"] not in _FOLLOWS]
    places = [one["loc"] for one in found]
    return tuple(
        Problem(f"{place}: {path}" if path else place, _message(one, model))
        for one in found
        if not (one["type"] == _TOO_SHORT and any(_inside(loc, one["loc"]) for loc in places))
        for path in [_path(one["loc"][:-1] if one["type"] == _BAD_KEY else one["loc"])]
    )


def _message(one: ErrorDetails, model: type[BaseModel] | None) -> str:
    kind, loc = one["type"], one["loc"]
    if kind == "extra_forbidden":
        keys = _keys(model, loc[:-1]) if model else ()
        return f"unknown key; allowed: {', '.join(keys)}{nearest(str(loc[-1]), keys)}" if keys else "unknown key"
    if kind == _BAD_KEY:
        return f"the key {one['input']!r} is not a text; put it in quotes"
    if kind == _TOO_SHORT:
        least = one.get("ctx", {}).get("min_length", 1)
        return "needs at least one entry" if least == 1 else f"needs at least {least} entries"
    words = _WORDS.get(kind) or re.sub(r"^(Input|String) should", "must", one["msg"].removeprefix("Value error, "))
    return words + _meant(one)


def _meant(one: ErrorDetails) -> str:
    """The nearest of a few allowed values, for a text that is none of them."""
    expected = one.get("ctx", {}).get("expected", "") if one["type"] in ("enum", "literal_error") else ""
    given = one["loc"][-2] if one["loc"][-1:] == ("[key]",) else one["input"]
    return nearest(given, re.findall(r"'([^']*)'", str(expected))) if isinstance(given, str) else ""


def _inside(loc: tuple[int | str, ...], of: tuple[int | str, ...]) -> bool:
    """Whether one place lies within another: a list whose only entry is wrong counts as empty for pydantic too."""
    return len(loc) > len(of) and loc[: len(of)] == of


def _keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> Sequence[str]:
    """The keys of the mapping at ``loc``; none where that is not for a model to say."""
    kinds: list[Any] = [model]
    for part in loc:
        if not (isinstance(part, str) and part.startswith(_TAG)):
            kinds = [inner for kind in kinds for inner in _step(kind, part)]
    return tuple(key for kind in kinds if _is_model(kind) for key in keys_of(kind))


def _step(kind: Any, part: int | str) -> Iterable[Any]:
    """What may stand under a key or a number of a type."""
    if isinstance(part, int):
        return () if _is_model(kind) else _shapes(next(iter(get_args(kind)), None))
    fields = kind.model_fields.items() if _is_model(kind) else ()
    return (shape for name, field in fields if part == (field.alias or name) for shape in _shapes(field.annotation))


def _shapes(kind: Any) -> Iterator[Any]:
    """The types a value of this type may have, without what only annotates them."""
    if isinstance(kind, TypeAliasType):
        yield from _shapes(kind.__value__)
    elif get_origin(kind) is Annotated:
        yield from _shapes(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for one in get_args(kind):
            yield from _shapes(one)
    else:
        yield kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _path(loc: tuple[int | str, ...]) -> str:
    shown = (part for part in loc if not (isinstance(part, str) and part.startswith(_TAG)))
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in shown)
    return path.removeprefix(".").removesuffix(".[key]")
