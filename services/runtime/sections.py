"""The sections of the settings: what can be set, its default and its meaning."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr

from services.core.window import Duration


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SecuritySettings(_Section):
    """How to authenticate to Kafka and encrypt the way there."""

    protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"], Field(description="security protocol of the brokers")
    ] = "PLAINTEXT"
    mechanism: Annotated[Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], Field(description="SASL mechanism")] = (
        "SCRAM-SHA-512"
    )
    username: Annotated[str, Field(description="SASL user name")] = ""
    password: Annotated[SecretStr, Field(description="SASL password")] = SecretStr("")
    ca_file: Annotated[
        Path | None, Field(description="PEM file of the authority that signed the brokers' certificates")
    ] = None


class TopicSettings(_Section):
    """How topics are named and laid out when ``tocsin topics`` creates them."""

    prefix: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$", description="first part of all topic and group names")
    ] = "tocsin"
    partitions: Annotated[
        int,
        Field(ge=1, le=1000, description="partitions of each topic: the most instances of a stage that share its work"),
    ] = 4
    replication: Annotated[
        int, Field(ge=1, le=9, description="copies of each partition; 3 on a cluster of three or more")
    ] = 1


class HttpSettings(_Section):
    """Where a process answers /metrics, /healthz and /readyz (the dashboard also its page)."""

    host: Annotated[str, Field(description="address to listen on")] = "127.0.0.1"
    port: Annotated[
        int | None,
        Field(
            ge=0,
            le=65535,
            description="port to listen on, 0 for any free one; unset: the service's own (see Operations)",
        ),
    ] = None


class LogSettings(_Section):
    """What is logged and how."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="least grave level that is logged")
    ] = "info"
    format: Annotated[
        Literal["auto", "text", "json"], Field(description="auto is text at a terminal, JSON lines elsewhere")
    ] = "auto"


class PollerSettings(_Section):
    """How feeds are polled."""

    user_agent: Annotated[str, Field(min_length=3, description="User-Agent of the poller; name a contact")] = (
        "Tocsin/0.1 (+https://example.org/contact)"
    )
    interval: Annotated[Duration, Field(description="time between two polls of a feed that names none")] = timedelta(
        minutes=15
    )
    slowest: Annotated[
        Duration, Field(description="longest time between two polls of a feed that is well, however quiet it is")
    ] = timedelta(hours=1)
    full_text: Annotated[
        bool, Field(description="fetch the pages of new articles for their full text; needs the extra `fulltext`")
    ] = False
    timeout: Annotated[Duration, Field(description="longest time one fetch may take in all")] = timedelta(seconds=60)
    max_body: Annotated[int, Field(ge=1024, description="most bytes of a feed, before and after decompression")] = (
        10_000_000
    )
    allow_private_addresses: Annotated[
        bool, Field(description="fetch from loopback, private and link-local addresses too")
    ] = False


class ExtractorSettings(_Section):
    """How events are extracted."""

    pipeline: Annotated[
        Path | None, Field(description="folder of another spaCy pipeline with Universal Dependencies labels")
    ] = None


class DashboardSettings(_Section):
    """What the dashboard keeps, and who may look."""

    keep: Annotated[Duration, Field(description="how long articles, events and sightings are kept")] = timedelta(
        days=30
    )
    keep_alerts: Annotated[Duration, Field(description="how long alerts are kept")] = timedelta(days=365)
    token: Annotated[
        SecretStr,
        Field(
            description="asked of whoever looks, as bearer token or as password of any user; unset: nothing is asked"
        ),
    ] = SecretStr("")
    proxies: Annotated[
        tuple[IPvAnyNetwork, ...],
        Field(description="addresses or networks whose X-Forwarded-Proto and -Host are believed, as a JSON list"),
    ] = ()


class AlerterSettings(_Section):
    """How alerts are judged."""

    store: Annotated[
        Literal["auto", "memory", "rocksdb"],
        Field(description="local tables; auto: rocksdb in state_dir, memory with the embedded cluster"),
    ] = "auto"


class NotifierSettings(_Section):
    """Where alerts are sent."""

    webhook_url: Annotated[
        AnyHttpUrl | None, Field(description="URL that gets each change of an alert's state as a POST of its JSON")
    ] = None
    webhook_secret: Annotated[
        SecretStr, Field(description="key of the HMAC-SHA256 signature over the body; unset: not signed")
    ] = SecretStr("")
    alertmanager_url: Annotated[
        AnyHttpUrl | None, Field(description="Prometheus Alertmanager that is kept told of all that rings")
    ] = None
    apprise_urls: Annotated[
        SecretStr,
        Field(
            description="Apprise URLs, separated by white space, that get a title and a text; needs the extra `notify`"
        ),
    ] = SecretStr("")
    templates: Annotated[Path | None, Field(description="folder of Jinja2 templates (see Notifications)")] = None
    most_per_minute: Annotated[
        int, Field(ge=0, description="most notifications of a channel in a minute, the rest in a summary; 0: no limit")
    ] = 30
    give_up: Annotated[
        Duration, Field(description="how long a channel is tried for each change; then only for what still rings")
    ] = timedelta(hours=1)
    streams: Annotated[tuple[str, ...], Field(description="streams whose alerts are sent, as a JSON list")] = ("live",)
