"""Pydantic's findings about a configuration, in the words of whoever wrote the file."""

from collections.abc import Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from services.core.errors import Problem

_WORDS: Final = {
    "missing": "is missing",
    "extra_forbidden": "unknown key",
    "too_short": "needs at least one entry",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "string_type": "must be a text; put it in quotes",
}
"""Where pydantic speaks of Python's types, what a writer of YAML knows them as."""


def problems_of(error: ValidationError, place: str, model: type[BaseModel] | None = None) -> tuple[Problem, ...]:
    """Pydantic's findings as problems with readable paths.

    Args:
        error: what pydantic raised.
        place: what stands before each path, such as the name of the file.
        model: what was validated; with it an unknown key is answered with the known ones.
    """
    found = error.errors(include_url=False, include_context=False, include_input=False)
    places = [one["loc"] for one in found]
    return tuple(
        Problem(f"{place}: {_path(one['loc'])}" if one["loc"] else place, _message(one["type"], one["msg"], keys))
        for one in found
        if not (one["type"] == "too_short" and any(_inside(loc, one["loc"]) for loc in places))
        for keys in [_keys(model, one["loc"][:-1]) if model and one["type"] == "extra_forbidden" else ()]
    )


def _message(kind: str, text: str, keys: Sequence[str]) -> str:
    words = _WORDS.get(kind) or text.removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{words}; allowed: {', '.join(keys)}" if keys else words


def _inside(loc: tuple[int | str, ...], of: tuple[int | str, ...]) -> bool:
    """Whether one place lies within another: a list whose only entry is wrong counts as empty for pydantic too."""
    return len(loc) > len(of) and loc[: len(of)] == of


def _keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys of the mapping at ``loc``; none where that is not for a model to say."""
    here: Any = model
    for part in loc:
        if isinstance(part, str):
            field = here.model_fields.get(part) if _is_model(here) else None
            here = field.annotation if field else None
        else:
            here = next(iter(get_args(here)), None)
    return tuple(here.model_fields) if _is_model(here) else ()


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _path(loc: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return path.removeprefix(".").removesuffix(".[key]")
