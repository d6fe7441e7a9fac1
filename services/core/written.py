"""What the models of hand-written YAML share: strictness, names out of fixed sets, lists that hold something. Pure."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Written(BaseModel):
    """A mapping that people write: unknown keys are mistakes, and each key is explained in its docstring."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, serialize_by_alias=True, allow_inf_nan=False
    )


def nearest(name: str, allowed: Iterable[str]) -> str:
    """A question after the allowed name that looks most like ``name``; empty where none does."""
    by_fold = {other.casefold(): other for other in allowed}
    found = get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    return f"; did you mean {by_fold[found[0]]}?" if found else ""


def one_of(kind: str, allowed: Iterable[str], *, in_words: str = "") -> tuple[AfterValidator, FieldInfo]:
    """What makes a text a name out of a fixed set, with the set in the error and in the JSON Schema.

    Args:
        kind: what the name is one of, in words.
        allowed: the set.
        in_words: what the error says instead of the whole set, where that is long.
    """
    names = tuple(allowed)
    told = in_words or ", ".join(names)

    def check(name: str) -> str:
        if name not in names:
            raise ValueError(f"unknown {kind} {name!r}; allowed: {told}{nearest(name, names)}")
        return name

    return AfterValidator(check), Field(json_schema_extra={"enum": list(names)})


W = TypeVar("W", bound=Written)


class Filled:
    """Marks a list that must hold something where it is written; left out, it asks for nothing.

    Not ``min_length``, because what was left out is empty when a rule is read over the API.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """The list's own check, and then this one."""
        return AfterValidator(_filled).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Tells an editor of it, and only an editor."""
        schema = handler(core)
        return {**schema, "minItems": 1} if handler.mode == "validation" else schema


def _filled(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    if not entries:
        raise ValueError("needs at least one entry")
    return entries


def asking(model: W, what: str) -> W:
    """The model, if any of its keys is given.

    Raises:
        ValueError: it is empty, and would ask for nothing.
    """
    if all(getattr(model, key) is None for key in model.model_fields_set):
        raise ValueError(f"{what} needs at least one of: {', '.join(keys_of(type(model)))}")
    return model


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """A model's keys as they are written."""
    return tuple(field.alias or name for name, field in model.model_fields.items())
