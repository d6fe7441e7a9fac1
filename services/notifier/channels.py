"""Where notifications go: the network side of the notifier."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import aiohttp
import stamina

from services.core.alert import Alert
from services.notifier.request import WebhookRequest, summary_request, webhook_request
from services.notifier.templates import NO_TEXTS, Texts
from services.runtime.logs import logger

PATIENCE_SECONDS = 60.0
"""How long one delivery is tried again before it counts as unreachable."""

_TIMEOUT_SECONDS = 10.0
_LONGEST_WAIT_SECONDS = 30.0
_EXCERPT_BYTES = 300


class Result(StrEnum):
    """How a delivery ended. ``UNREACHABLE`` is worth another try later, ``REFUSED`` is not."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_CONFIGURED = "not_configured"


class Channel(Protocol):
    """One way to tell people of an alert. ``name`` is its label in the metrics, and begins with its receiver's."""

    name: str

    async def deliver(self, alert: Alert) -> Result:
        """Tells of one change, trying again for a while where that makes sense."""
        ...

    async def summarize(self, alerts: Sequence[Alert]) -> Result:
        """Tells of many changes at once, likewise."""
        ...


class NoChannel:
    """Stands where no webhook is configured."""

    name = "webhook"

    async def deliver(self, alert: Alert) -> Result:  # noqa: ARG002 -- the protocol's signature
        """Delivers nothing."""
        return Result.NOT_CONFIGURED

    async def summarize(self, alerts: Sequence[Alert]) -> Result:  # noqa: ARG002
        """Likewise."""
        return Result.NOT_CONFIGURED


class TryAgain(Exception):  # noqa: N818 -- not an error of ours
    """The receiver asks for another try, ``after`` so many seconds if it says so."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        self.after = after
        super().__init__(reason)


class Webhook:
    """Posts the alert's JSON to a URL; see :func:`webhook_request` for the headers."""

    name = "webhook"

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        secret: str,
        now: Callable[[], datetime],
        texts: Texts = NO_TEXTS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Where and how to post.

        Args:
            session: the connections.
            url: where to.
            secret: key of the signature; empty for none.
            now: the wall clock, UTC.
            texts: templates of the bodies; JSON where there are none.
            patience: seconds over which one delivery is tried again before it counts as unreachable.
        """
        self._session = session
        self._url = url
        self._secret = secret
        self._now = now
        self._texts = texts
        self._patience = patience

    async def deliver(self, alert: Alert) -> Result:
        """See :class:`Channel`. Network errors, 5xx, 408 and 429 are tried again, with growing pauses."""
        text = self._texts.body.of(alert)
        # Signed anew each time: the timestamp must be that of the attempt.
        return await persist(
            self.name,
            lambda: self._post(webhook_request(alert, secret=self._secret, now=self._now(), text=text)),
            patience=self._patience,
        )

    async def summarize(self, alerts: Sequence[Alert]) -> Result:
        """See :class:`Channel`; a :class:`Summary` as JSON unless a template says otherwise."""
        text = self._texts.summary.of(alerts)
        return await persist(
            self.name,
            lambda: self._post(summary_request(alerts, secret=self._secret, now=self._now(), text=text)),
            patience=self._patience,
        )

    async def _post(self, request: WebhookRequest) -> Result:
        async with self._session.post(
            self._url,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS),
        ) as response:
            if response.status in (408, 429) or response.status >= 500:
                raise TryAgain(f"HTTP {response.status}", _seconds(response.headers.get("Retry-After")))
            if 200 <= response.status < 300:
                return Result.DELIVERED
            excerpt = (await response.content.read(_EXCERPT_BYTES)).decode("utf-8", "replace")
        logger(__name__).error("webhook refused", status=response.status, answer=excerpt)
        return Result.REFUSED


async def persist(name: str, attempt_once: Callable[[], Awaitable[Result]], *, patience: float) -> Result:
    """Tries until it works, is refused, or so many seconds have passed; then it is unreachable."""
    try:
        async for attempt in stamina.retry_context(
            on=_pause, attempts=None, timeout=patience, wait_max=_LONGEST_WAIT_SECONDS
        ):
            with attempt:
                return await attempt_once()
    except (aiohttp.ClientError, TimeoutError, TryAgain) as error:
        logger(__name__).warning("cannot be reached", channel=name, error=repr(error))
    return Result.UNREACHABLE


def _pause(error: Exception) -> bool | float:
    """Whether to try again, or the seconds to wait before where the receiver named them."""
    if isinstance(error, TryAgain) and error.after is not None:
        return min(error.after, _LONGEST_WAIT_SECONDS)
    return isinstance(error, (aiohttp.ClientError, TimeoutError, TryAgain))


def _seconds(retry_after: str | None) -> float | None:
    """The header's value where it is a number of seconds; dates are not worth their clock trouble here."""
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdecimal() else None
