"""What the models of hand-written YAML share: strictness, names out of fixed sets, lists that hold something. Pure."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function


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


def one_of(kind: str, allowed: Iterable[str]) -> tuple[AfterValidator, FieldInfo]:
    """What makes a text a name out of a fixed set, with the set in the error and in the JSON Schema."""
    names = tuple(allowed)

    def check(name: str) -> str:
        if name not in names:
            raise ValueError(f"unknown {kind} {name!r}; allowed: {', '.join(names)}{nearest(name, names)}")
        return name

    return AfterValidator(check), Field(json_schema_extra={"enum": list(names)})


def said(what: str, pattern: str) -> AfterValidator:
    """A pattern for the whole of a text, answered in words: that it is not ``what``."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{text!r} is not {what}")
        return text

    return AfterValidator(check)


def shaped(what: str, pattern: str, *examples: str) -> tuple[AfterValidator, FieldInfo]:
    """The same with the pattern in the JSON Schema; it must mean there what it means here."""
    return said(what, pattern), Field(json_schema_extra={"pattern": f"^({pattern})$", "examples": list(examples)})


class Asking(Written):
    """A mapping whose keys may all be left out, but not all at once: it would ask for nothing."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(f"needs at least one of: {', '.join(keys_of(type(self)))}")
        return self


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


class Given:
    """Marks what may be left out but must hold something where its key is written: ``keywords:`` alone is a slip."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """First that there is something, then the value's own check."""
        return no_info_before_validator_function(_given, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Tells an editor of it; over the API what was left out is null."""
        schema = handler(core)
        shapes = [shape for shape in schema.get("anyOf", []) if shape != {"type": "null"}]
        if handler.mode != "validation" or not shapes:
            return schema
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        return {**rest, **shapes[0]} if len(shapes) == 1 else {**rest, "anyOf": shapes}


def _given(value: Any) -> Any:
    if value is None:
        raise ValueError("is empty; say what is asked for, or leave the key out")
    return value


def _filled(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    if not entries:
        raise ValueError("needs at least one entry")
    return entries


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """A model's keys as they are written."""
    return tuple(field.alias or name for name, field in model.model_fields.items())
