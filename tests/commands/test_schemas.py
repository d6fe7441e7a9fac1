"""The documents in ``deploy/schemas`` are those of the code, and real messages hold to them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker, ValidationError

from services.commands.asyncapi import CHANNELS, KEYS, headers_schema
from services.commands.schemas import MESSAGES, documents, file_of
from services.core.alert import Alert
from services.core.feed_state import FeedState
from services.core.topics import HISTORY, NOTIFIED, SENT, TOPICS, TopicNames
from services.core.wire import Message, cloud_event, encode
from tests.builders import NOON
from tests.core.messages import KINDS

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "deploy" / "schemas"
ASYNCAPI = Path(__file__).parent / "asyncapi" / "schema-3.0.0.json.gz"
RULE = {"name": "a", "when": {"flags": ["border_incident"]}, "window": "1d", "severities": {"info": 1}}


def kept(name: str) -> Any:
    return yaml.safe_load((KEPT / name).read_text(encoding="utf-8"))


def validator(name: str) -> Draft7Validator:
    return Draft7Validator(kept(name), format_checker=FormatChecker())


def test_the_kept_documents_are_those_that_the_code_makes() -> None:
    on_disk = {file.name: file.read_text(encoding="utf-8") for file in KEPT.iterdir()}
    assert on_disk == documents(), "run: tocsin schemas deploy/schemas"


@pytest.mark.parametrize("name", [name for name in documents() if name.endswith(".json")])
def test_schemas_are_right_in_the_dialect_they_name_and_in_the_newest(name: str) -> None:
    assert kept(name)["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(kept(name))
    Draft202012Validator.check_schema({key: value for key, value in kept(name).items() if key != "$schema"})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_message_that_can_be_sent_holds_to_its_schema(kind: type[Message]) -> None:
    held = validator(file_of(kind))

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(KINDS[kind])
    def holds(message: Message) -> None:
        held.validate(json.loads(encode(message)))

    holds()


def test_the_state_of_a_feed_holds_to_its_schema() -> None:
    state = FeedState(source="a", url="https://a.example/", polled_at=NOON)
    validator(file_of(FeedState)).validate(json.loads(encode(state)))


def test_schemas_are_not_so_loose_that_anything_holds() -> None:
    for kind in MESSAGES:
        with pytest.raises(ValidationError):
            validator(file_of(kind)).validate({})


def test_a_reader_may_meet_fields_it_does_not_know() -> None:
    @settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(KINDS[Alert])
    def holds(message: Message) -> None:
        validator(file_of(Alert)).validate({**json.loads(encode(message)), "mood": "grim"})

    holds()


def test_the_rules_of_the_seeds_hold_to_the_schema_that_editors_are_shown() -> None:
    text = (ROOT / "seeds" / "rules.yaml").read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (ROOT / "seeds" / first.partition("$schema=")[2]).resolve() == KEPT / "rules.schema.json"
    validator("rules.schema.json").validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    "changes",
    [
        {"window": "3 moons"},
        {"window": 90},
        {"count": "articles"},
        {"colour": "red"},
        {"severities": {"huge": 1}},
        {"severities": {"info": 0}},
        {"when": {"event_types": ["War"]}},
        {"when": {"sub_event_types": ["War"]}},
        {"when": {"countries": ["Armenia"]}},
        {"name": "Not A Slug"},
    ],
)
def test_an_editor_marks_what_the_check_would_refuse(changes: dict[str, Any]) -> None:
    held = validator("rules.schema.json")
    held.validate({"rules": [RULE]})
    with pytest.raises(ValidationError):
        held.validate({"rules": [{**RULE, **changes}]})


def test_every_key_of_a_rule_is_explained_to_whoever_writes_one() -> None:
    rules = kept("rules.schema.json")
    for part in ("Rule", "When"):
        keys = rules["definitions"][part]["properties"]
        told = {key: field.get("description", "") for key, field in keys.items()}
        assert all(told.values()), told


def test_the_document_of_the_topics_holds_to_the_schema_of_asyncapi() -> None:
    schema = json.loads(gzip.decompress(ASYNCAPI.read_bytes()))
    held = Draft7Validator(schema)
    held.validate(kept("asyncapi.yaml"))
    for broken in ({"channels": {"a": {"addres": "x"}}}, {"asyncapi": "2.6.0"}, {"operations": {"a": {"action": "x"}}}):
        with pytest.raises(ValidationError):
            held.validate({**kept("asyncapi.yaml"), **broken})


def test_every_topic_but_those_that_stages_keep_for_themselves_is_in_the_document() -> None:
    addresses = {channel["address"] for channel in kept("asyncapi.yaml")["channels"].values()}
    names = {TopicNames().of(topic) for topic in TOPICS if topic not in (HISTORY, NOTIFIED, SENT)}
    assert addresses == names | {"tocsin.alerts.{rule}"}
    assert {kind for channel in CHANNELS.values() for kind in channel.messages} == set(KEYS) == set(MESSAGES)


def referred(node: Any) -> list[str]:
    """Every ``$ref`` in a document."""
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in referred(value)]
    return [ref for value in node for ref in referred(value)] if isinstance(node, list) else []


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = kept("asyncapi.yaml")
    for ref in referred(document):
        if ref.startswith("./"):
            assert (KEPT / ref).is_file()
            continue
        node = document
        for part in ref.removeprefix("#/").split("/"):
            node = node[part]


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_the_headers_of_a_record_hold_to_the_document(kind: type[Message]) -> None:
    name = kind.__name__[0].lower() + kind.__name__[1:]
    schema = kept("asyncapi.yaml")["components"]["messages"][name]["headers"]
    assert schema == headers_schema(kind)
    sent = {key: value.decode() for key, value in cloud_event(kind, "x", "alerter", NOON)}
    held = Draft7Validator(schema, format_checker=FormatChecker())
    held.validate(sent)
    with pytest.raises(ValidationError):
        held.validate({**sent, "ce_type": "tocsin.rumour.v1"})
