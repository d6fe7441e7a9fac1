"""The reference tables of rules and events in README, made from the models and what they say of themselves. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.core.event import Event
from services.core.rule import Rules

_MANY: Final = 8
"""Names of a fixed set that are listed; where there are more, the set itself is too long for a table."""

_DEEPER: Final = ("Keywords", "Proximity", "Area", "Circle")
"""Mappings within a condition whose keys get rows of their own."""

_OF_KINDS: Final = ("Spike", "Cardinality", "NewTerm", "Sequence")
"""Mappings within a rule whose keys get rows of their own."""

_WORDS: Final = {"string": "text", "integer": "whole number", "object": "mapping"}

Schema = Mapping[str, Any]


def rules_table() -> str:
    """The keys of a rule: what each takes, what holds without it, what it means."""
    parts = _parts()
    return "\n".join(["| key | takes | without it | meaning |", "|---|---|---|---|", *_keys("Rule", "", parts)])


def _keys(name: str, before: str, parts: Schema) -> Iterator[str]:
    required = parts[name].get("required", ())
    for key, field in parts[name]["properties"].items():
        without = "required" if key in required else _default(field)
        yield f"| `{before}{key}` | {_takes(field, parts)} | {without} | {_said(field)} |"
        for inner in _OF_KINDS:
            if f'"#/$defs/{inner}"' in json.dumps(field):
                yield from _keys(inner, f"{before}{key}.", parts)


def events_table() -> str:
    """The fields of an event: name and meaning."""
    said = {key: field.description for key, field in Event.model_fields.items() if field.description}
    return "\n".join(["| field | meaning |", "|---|---|", *(f"| `{key}` | {text} |" for key, text in said.items())])


def conditions_table() -> str:
    """The keys of a condition and of the mappings within it: what each takes, what it means, an example."""
    parts = _parts()
    return "\n".join(["| key | takes | meaning | example |", "|---|---|---|---|", *_rows("When", "", parts)])


def _rows(name: str, before: str, parts: Schema) -> Iterator[str]:
    for key, field in parts[name]["properties"].items():
        example = next(iter(field.get("examples", ())), None)
        shown = f"`{_flow({key: example})}`" if example is not None else ""
        yield f"| `{before}{key}` | {_takes(field, parts)} | {_said(field)} | {shown} |"
        for inner in _DEEPER:
            if f'"#/$defs/{inner}"' in json.dumps(field):
                yield from _rows(inner, f"{before}{key}.", parts)


def _parts() -> Schema:
    parts: Schema = Rules.model_json_schema(mode="validation")["$defs"]
    return parts


def _said(field: Schema) -> str:
    return " ".join(str(field.get("description", "")).replace("``", "`").replace("|", r"\|").split())


def _takes(field: Schema, parts: Schema) -> str:
    """What may stand under a key, in words."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return "condition" if name == "When" else _takes(parts[name], parts)
    shapes = [shape for shape in (*field.get("anyOf", ()), *field.get("oneOf", ())) if shape != {"type": "null"}]
    if shapes:
        return " or ".join(_takes(shape, parts) for shape in shapes)
    if "enum" in field:
        few = len(field["enum"]) <= _MANY
        return " ".join(f"`{name}`" for name in field["enum"]) if few else "name"
    kind = str(field["type"])
    if kind == "array":
        word, _, rest = _takes(field["items"], parts).partition(" ")
        return f"list of {word if word.startswith('`') else word + 's'} {rest}".rstrip()
    return _WORDS.get(kind, kind) + _between(field)


def _between(field: Schema) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    return f" {low:g} to {high:g}" if low is not None and high is not None else ""


def _default(field: Schema) -> str:
    default = field.get("default")
    return f"`{default}`" if default not in (None, "", [], {}) else ""


def _flow(value: Any) -> str:
    """A value as YAML on one line, with no more quotes than it needs."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_inner(inner)}" for key, inner in value.items())
    return _inner(value)


def _inner(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{_flow(value)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inner, value))}]"
    plain = not isinstance(value, str) or (value[:1].isalpha() and "," not in value)
    return str(value) if plain else f"'{value}'"
