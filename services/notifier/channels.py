"""Where notifications go: the network side of the notifier."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import aiohttp
import stamina

from services.core.alert import Alert
from services.notifier.request import WebhookRequest, webhook_request
from services.runtime.logs import logger

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
    """One way to tell people of an alert. ``name`` is its label in the metrics."""

    name: str

    async def deliver(self, alert: Alert) -> Result:
        """Tells of one change, trying again for a while where that makes sense."""
        ...


class NoChannel:
    """Stands where no webhook is configured."""

    name = "webhook"

    async def deliver(self, alert: Alert) -> Result:  # noqa: ARG002 -- the protocol's signature
        """Delivers nothing."""
        return Result.NOT_CONFIGURED


class _TryAgain(Exception):  # noqa: N818 -- not an error of ours: the receiver asks for it
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
        patience: float = 60.0,
    ) -> None:
        """Where and how to post.

        Args:
            session: the connections.
            url: where to.
            secret: key of the signature; empty for none.
            now: the wall clock, UTC.
            patience: seconds over which one delivery is tried again before it counts as unreachable.
        """
        self._session = session
        self._url = url
        self._secret = secret
        self._now = now
        self._patience = patience

    async def deliver(self, alert: Alert) -> Result:
        """See :class:`Channel`. Network errors, 5xx, 408 and 429 are tried again, with growing pauses."""
        try:
            async for attempt in stamina.retry_context(
                on=_pause, attempts=None, timeout=self._patience, wait_max=_LONGEST_WAIT_SECONDS
            ):
                with attempt:
                    # Signed anew each time: the timestamp must be that of the attempt.
                    return await self._post(webhook_request(alert, secret=self._secret, now=self._now()))
        except (aiohttp.ClientError, TimeoutError, _TryAgain) as error:
            logger(__name__).warning("webhook cannot be reached", alert=alert.alert_id, error=repr(error))
        return Result.UNREACHABLE

    async def _post(self, request: WebhookRequest) -> Result:
        async with self._session.post(
            self._url,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS),
        ) as response:
            if response.status in (408, 429) or response.status >= 500:
                raise _TryAgain(f"HTTP {response.status}", _seconds(response.headers.get("Retry-After")))
            if 200 <= response.status < 300:
                return Result.DELIVERED
            excerpt = (await response.content.read(_EXCERPT_BYTES)).decode("utf-8", "replace")
        logger(__name__).error("webhook refused", status=response.status, answer=excerpt)
        return Result.REFUSED


def _pause(error: Exception) -> bool | float:
    """Whether to try again, or the seconds to wait before where the receiver named them."""
    if isinstance(error, _TryAgain) and error.after is not None:
        return min(error.after, _LONGEST_WAIT_SECONDS)
    return isinstance(error, (aiohttp.ClientError, TimeoutError, _TryAgain))


def _seconds(retry_after: str | None) -> float | None:
    """The header's value where it is a number of seconds; dates are not worth their clock trouble here."""
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdecimal() else None
