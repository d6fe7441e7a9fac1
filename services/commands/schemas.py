"""``tocsin schemas``: JSON Schemas of the messages and the rules file, the topics as an AsyncAPI document. Pure."""

import json
from typing import Any, Final

import yaml
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from services.commands.asyncapi import async_api
from services.core.alert import Alert
from services.core.article import Article
from services.core.event import Event
from services.core.feed_state import FeedState
from services.core.rule import Rules
from services.core.sighting import Revision, Sighting, Tick
from services.core.silence import Silence
from services.core.wire import Message

MESSAGES: Final[tuple[type[Message], ...]] = (Article, Event, Sighting, Revision, Tick, Alert, Silence, FeedState)
"""What travels on the topics, apart from dead letters, which are whatever could not be read."""

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The dialect that both editors and AsyncAPI's tools know."""


class _Untitled(GenerateJsonSchema):
    """Leaves out titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 -- the signature is the library's
        return False


def documents() -> dict[str, str]:
    """Every document by the name of its file."""
    files = {file_of(kind): _json(schema_of(kind, "serialization")) for kind in MESSAGES}
    files["rules.schema.json"] = _json(schema_of(Rules, "validation"))
    files["asyncapi.yaml"] = yaml.safe_dump(async_api(file_of), sort_keys=False, allow_unicode=True, width=120)
    return files


def file_of(kind: type[BaseModel]) -> str:
    """The name of the file with a message's schema."""
    return f"{kind.__name__.lower()}.schema.json"


def schema_of(kind: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    """The JSON Schema of a model: as it is written (``serialization``) or as it may be handed in (``validation``)."""
    schema = kind.model_json_schema(mode=mode, schema_generator=_Untitled, ref_template="#/definitions/{model}")
    parts = schema.pop("$defs", {})
    return {"$schema": DRAFT, **schema, **({"definitions": parts} if parts else {})}


def _json(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False).replace("``", "`") + "\n"
