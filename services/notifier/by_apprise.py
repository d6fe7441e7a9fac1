"""Notifications by way of Apprise, which knows many services: each URL is a channel. Needs the extra ``notify``."""

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

from services.core.alert import Alert
from services.core.errors import ConfigError, Problem
from services.core.rule import Severity
from services.core.wire import content_id
from services.notifier.channels import PATIENCE_SECONDS, Result, TryAgain, persist
from services.notifier.request import summary_of
from services.notifier.templates import NO_TEXTS, Texts, newest

_VARIABLE = "TOCSIN_NOTIFIER__APPRISE_URLS"
_KINDS: Final = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.CRITICAL: "failure"}
_LISTED = 20


class Apprise:
    """Sends a title and a text to one Apprise URL."""

    def __init__(
        self, name: str, notify: Callable[..., Any], *, texts: Texts = NO_TEXTS, patience: float = PATIENCE_SECONDS
    ) -> None:
        """See :func:`apprise_channels`.

        Args:
            name: the channel's name, without what is secret in its URL.
            notify: Apprise's own function; it blocks.
            texts: templates of the texts; short plain ones where there are none.
            patience: seconds over which one delivery is tried again before it counts as unreachable.
        """
        self.name = name
        self._notify = notify
        self._texts = texts
        self._patience = patience

    async def deliver(self, alert: Alert) -> Result:
        """See :class:`services.notifier.channels.Channel`."""
        title = self._texts.title.of(alert) or title_of(alert)
        kind = _KINDS[alert.severity] if alert.state.active else "success"
        return await self._send(title.strip(), self._texts.body.of(alert) or body_of(alert), kind)

    async def summarize(self, alerts: Sequence[Alert]) -> Result:
        """See :class:`services.notifier.channels.Channel`."""
        text = self._texts.summary.of(alerts) or summary_text(alerts)
        return await self._send(f"{len(alerts)} more changes of alerts", text, "warning")

    async def _send(self, title: str, body: str, kind: str) -> Result:
        async def attempt() -> Result:
            if await asyncio.to_thread(self._notify, body=body, title=title, notify_type=kind):
                return Result.DELIVERED
            # It does not say why: a refusal is tried again like an absence.
            raise TryAgain("Apprise could not deliver")

        return await persist(self.name, attempt, patience=self._patience)


def apprise_channels(urls: str, texts: Texts) -> tuple[Apprise, ...]:
    """A channel for each of the URLs, which white space separates.

    Raises:
        ConfigError: Apprise is not installed, or takes one of the URLs for none of its own.
    """
    if not urls.split():
        return ()
    try:
        apprise = import_module("apprise")
    except ImportError as error:
        reason = "needs Apprise, which is not installed: pip install 'tocsin[notify]'"
        raise ConfigError((Problem(_VARIABLE, reason),)) from error
    made = [(url, apprise.Apprise.instantiate(url, suppress_exceptions=True)) for url in dict.fromkeys(urls.split())]
    # URLs hold passwords and tokens: they are named by their place and what stands before the colon only.
    wrong = [number for number, (_, service) in enumerate(made, 1) if service is None]
    if wrong:
        raise ConfigError(tuple(Problem(_VARIABLE, f"URL {number} is none that Apprise knows") for number in wrong))
    return tuple(Apprise(_name(url), service.notify, texts=texts) for url, service in made)


def _name(url: str) -> str:
    return f"apprise-{url.partition(':')[0].lower()}-{content_id(url)[:6]}"


def title_of(alert: Alert) -> str:
    """One line: how the alert stands, its rule and group."""
    return f"{alert.state.upper()} {alert.rule} {alert.group} ({alert.severity})"


def body_of(alert: Alert) -> str:
    """The reason, and the newest sentence with its source."""
    piece = newest(alert)
    told = (piece.sentence, f"{piece.outlet}, {piece.published:%Y-%m-%d}", piece.url) if piece else ()
    return "\n".join(filter(None, (alert.reason, *told)))


def summary_text(alerts: Sequence[Alert]) -> str:
    """A line for each change, the gravest first, and not all of very many."""
    summary = summary_of(alerts)
    lines = [f"{each.state.upper()} {each.rule} {each.group} ({each.severity})" for each in summary.changes[:_LISTED]]
    more = summary.count - len(lines)
    return "\n".join([*lines, *([f"and {more} more"] if more else [])])
