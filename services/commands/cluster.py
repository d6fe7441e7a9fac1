"""What a command that answers by its own lines needs first: its settings, calm logs, and the cluster they name."""

from typing import TYPE_CHECKING

from services.core.topics import TopicNames
from services.runtime.logs import configure_logs
from services.runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from services.runtime.broker import KafkaBroker


def calm_logs(settings: Settings, command: str, level: str) -> None:
    """Logs from ``level`` up, unless the settings ask for another level than the usual one."""
    configure_logs(command, level if settings.log.level == "info" else settings.log.level, settings.log.format)


def calm_settings(command: str) -> Settings:
    """The settings, with logs of errors only."""
    settings = load_settings()
    calm_logs(settings, command, "error")
    return settings


def cluster_of(settings: Settings, command: str) -> "tuple[KafkaBroker, TopicNames]":
    """The cluster that the settings name, and the names of its topics."""
    from services.runtime.broker import KafkaBroker  # noqa: PLC0415 -- `tocsin --help` must not wait for its client

    return KafkaBroker(settings, command), TopicNames(settings.topics.prefix)
