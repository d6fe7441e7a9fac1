"""``tocsin check``: everything that is wrong with settings, rules and feeds, at once."""

from collections.abc import Callable, Sized
from dataclasses import dataclass
from pathlib import Path

from services.core.errors import ConfigError, Problem
from services.poller.sources import parse_sources
from services.runtime.files import load_rules, read_yaml
from services.runtime.settings import Settings, load_settings


@dataclass(frozen=True)
class Checked:
    """What a check found: every problem, how many rules and feeds there are, and which files it could not look at."""

    problems: tuple[Problem, ...]
    rules: int
    feeds: int
    unread: tuple[str, ...]


def check(rules: Path | None, feeds: Path | None) -> Checked:
    """Checks the settings, and the rules and feeds in these files or else in those that the settings name."""
    problems: list[Problem] = []
    settings = _settings(problems)
    rules = rules or (settings.rules if settings else None)
    feeds = feeds or (settings.feeds if settings else None)
    found_rules = _count(lambda: load_rules(rules).rules, problems) if rules else 0
    found_feeds = _count(lambda: parse_sources(read_yaml(feeds), str(feeds)), problems) if feeds else 0
    if settings:
        _count(lambda: _channels(settings), problems)
    unread = tuple(name for name, file in (("rules", rules), ("feeds", feeds)) if file is None)
    return Checked(tuple(problems), found_rules, found_feeds, unread)


def _settings(problems: list[Problem]) -> Settings | None:
    try:
        return load_settings()
    except ConfigError as error:
        problems += error.problems
        return None


def _channels(settings: Settings) -> tuple[str, ...]:
    """The names of the notifier's Apprise channels; raises :class:`ConfigError` also where a template is wrong."""
    from services.notifier.app import prepare  # noqa: PLC0415 -- needs its libraries

    return tuple(channel.name for channel in prepare(settings).apprise)


def _count(load: Callable[[], Sized], problems: list[Problem]) -> int:
    try:
        return len(load())
    except ConfigError as error:
        problems += error.problems
        return 0
