"""The topics as an AsyncAPI 3.0 document: addresses, keys, headers, messages, and who sends and reads them. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from services import __version__
from services.core.alert import Alert
from services.core.article import Article
from services.core.event import Event
from services.core.feed_state import FeedState
from services.core.sighting import Revision, Sighting, Tick
from services.core.silence import Silence
from services.core.topics import (
    ALERTS,
    ARTICLES,
    DEADLETTERS,
    EVENTS,
    FEEDS,
    SIGHTINGS,
    SILENCES,
    Topic,
    TopicNames,
    alerts_of,
)
from services.core.wire import Message, cloud_event

FileOf = Callable[[type[Message]], str]
"""For a message the name of the file with its schema."""

_NAMES = TopicNames()
_BINDING = "0.5.0"


@dataclass(frozen=True)
class Channel:
    """One topic of the contract: what is on it, by which key, and which stages send it."""

    topic: Topic
    about: str
    messages: tuple[type[Message], ...]
    senders: tuple[str, ...]


CHANNELS: Final = {
    "articles": Channel(ARTICLES, "Each revision of each article, once.", (Article,), ("poller", "replay")),
    "events": Channel(EVENTS, "What the sentences of an article say happened.", (Event,), ("extractor",)),
    "sightings": Channel(
        SIGHTINGS,
        "Events and keywords that matched a rule, keyed so that all that is judged together meets in one place; "
        "the edits of their articles; and the clocks of the streams, sent to every partition.",
        (Sighting, Revision, Tick),
        ("alerter",),
    ),
    "alerts": Channel(
        ALERTS, "The state of each episode; the newest record of a key is how it stands.", (Alert,), ("alerter",)
    ),
    "alertsOfRule": Channel(alerts_of("{rule}"), "The alerts of one rule only.", (Alert,), ("alerter",)),
    "feeds": Channel(
        FEEDS, "What the poller remembers of each feed; the newest record counts.", (FeedState,), ("poller",)
    ),
    "silences": Channel(
        SILENCES,
        "Who does not want to hear of which alerts; the newest record of a key counts.",
        (Silence,),
        ("people",),
    ),
    "deadletters": Channel(
        DEADLETTERS, "What could not be decoded or processed, byte for byte.", (), ("extractor", "alerter")
    ),
}
"""The topics that others may read. The changelogs of the alerter's tables and the notifier's
notes are their own affair and not among them."""

KEYS: Final[dict[type[Message], str]] = {
    Article: "id of the article",
    Event: "id of the article",
    Sighting: "rule|stream|group",
    Revision: "rule|stream|group",
    Tick: "the word tick",
    Alert: "id of the alert",
    FeedState: "id of the source",
    Silence: "id of the silence",
}

_DEADLETTER = {
    "name": "DeadLetter",
    "title": "What could not be decoded or processed",
    "contentType": "application/octet-stream",
    "headers": {
        "type": "object",
        "properties": {
            "tocsin-stage": {"type": "string", "description": "stage that gave it up"},
            "tocsin-error": {"type": "string", "description": "type and text of the error"},
            "tocsin-topic": {"type": "string", "description": "topic it comes from"},
            "tocsin-partition": {"type": "string", "description": "its partition there, in decimal digits"},
            "tocsin-offset": {"type": "string", "description": "its offset there, in decimal digits"},
            "tocsin-time": {"type": "string", "format": "date-time", "description": "when it was given up"},
            "tocsin-cut-from": {"type": "string", "description": "its length in bytes, where it was cut"},
        },
        "description": "The headers it came with are kept next to these. A record with the header tocsin-redriven is "
        "no letter: it says that the letter with this id was sent again.",
    },
    "bindings": {"kafka": {"key": {"type": "string", "description": "as it came"}, "bindingVersion": _BINDING}},
}


def async_api(file_of: FileOf) -> dict[str, Any]:
    """The document; schemas are referred to by the files that ``file_of`` names, next to it."""
    messages = {_name(kind): _message(kind, file_of) for kind in KEYS}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tocsin",
            "version": __version__,
            "description": "The Kafka topics of Tocsin. The first part of every name is the setting "
            "TOCSIN_TOPICS__PREFIX; here it has its default. Values are JSON; readers must ignore fields they do not "
            "know. CloudEvents 1.0 attributes are headers (binary mode).",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "local": {"host": "127.0.0.1:9092", "protocol": "kafka", "description": "what `make kafka` starts"}
        },
        "channels": {ident: _channel(channel) for ident, channel in CHANNELS.items()},
        "operations": {
            name: operation for ident, channel in CHANNELS.items() for name, operation in _operations(ident, channel)
        },
        "components": {"messages": {**messages, "deadLetter": _DEADLETTER}},
    }


def _name(kind: type[Message]) -> str:
    return kind.__name__[0].lower() + kind.__name__[1:]


def _names(channel: Channel) -> list[str]:
    return [_name(kind) for kind in channel.messages] or ["deadLetter"]


def _message(kind: type[Message], file_of: FileOf) -> dict[str, Any]:
    return {
        "name": kind.__name__,
        "title": (kind.__doc__ or "").split("\n", maxsplit=1)[0].replace("``", "`"),
        "headers": headers_schema(kind),
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-07",
            "schema": {"$ref": f"./{file_of(kind)}"},
        },
        "bindings": {"kafka": {"key": {"type": "string", "description": KEYS[kind]}, "bindingVersion": _BINDING}},
    }


def headers_schema(kind: type[Message]) -> dict[str, Any]:
    """The schema of a message's headers, told by the headers of two made-up records: what both share is fixed."""
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    one = dict(cloud_event(kind, "one", "poller", moment))
    other = dict(cloud_event(kind, "other", "replay", moment + timedelta(days=1)))
    fixed = {name for name, value in one.items() if other[name] == value}
    properties: dict[str, dict[str, str]] = {
        name: {"type": "string", **({"const": value.decode()} if name in fixed else {})} for name, value in one.items()
    }
    properties["ce_time"]["format"] = "date-time"
    return {"type": "object", "required": list(properties), "properties": properties}


def _channel(channel: Channel) -> dict[str, Any]:
    topic = channel.topic
    described: dict[str, Any] = {
        "address": _NAMES.of(topic),
        "description": channel.about,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _names(channel)},
    }
    if "{rule}" in topic.name:
        described["parameters"] = {"rule": {"description": "name of the rule"}}
    config = {key: int(value) if value.isdigit() else value.split(",") for key, value in topic.config().items()}
    described["bindings"] = {"kafka": {"topicConfiguration": config, "bindingVersion": _BINDING}}
    return described


def _operations(ident: str, channel: Channel) -> list[tuple[str, dict[str, Any]]]:
    """Who sends on a channel, and whose consumer groups read it; to anyone else the whole of it is open to read."""
    title, link = ident[0].upper() + ident[1:], {"$ref": f"#/channels/{ident}"}
    sent = {"action": "send", "channel": link, "summary": f"sent by {' and '.join(channel.senders)}"}
    if not channel.topic.readers:
        return [(f"send{title}", sent)]
    groups = [_NAMES.group(stage) for stage in channel.topic.readers]
    group = {"groupId": {"type": "string", "enum": groups}, "bindingVersion": _BINDING}
    read = {"action": "receive", "channel": link, "summary": f"read by {', '.join(channel.topic.readers)}"}
    return [(f"send{title}", sent), (f"receive{title}", {**read, "bindings": {"kafka": group}})]
