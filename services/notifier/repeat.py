"""Keeps an Alertmanager told of all that rings."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

import aiohttp

from services.core.alert import Alert
from services.core.errors import WireError
from services.core.receivers import Receiver
from services.core.topics import ALERTS
from services.core.wire import decode
from services.notifier.alertmanager import REPEAT, postable
from services.notifier.channels import Result
from services.notifier.heard import Heard
from services.runtime.broker import Record
from services.runtime.logs import logger
from services.runtime.stage import Stage

NAME = "alertmanager"
_POLL_SECONDS = 0.5
_TIMEOUT_SECONDS = 10.0
_BATCH = 200
_KEPT = 10_000


async def repeat(
    stage: Stage, session: aiohttp.ClientSession, url: str, *, heard: Heard, pause: float | None = None
) -> None:
    """Follows all alerts from the beginning, and posts at once on a change and every minute what is to be posted.

    Reads alone and acknowledges nothing: what is posted depends on what rings, not on what was posted before.

    Args:
        stage: settings and the edge.
        session: the connections.
        url: the Alertmanager's address, without ``/api/v2``.
        heard: what is muted; that is not posted, so that Alertmanager takes it for over.
        pause: seconds between two posts of what has not changed; a minute by default.
    """
    known: dict[str, Alert] = {}
    loop = asyncio.get_running_loop()
    due = loop.time()
    async with stage.broker.consumer([stage.topics.of(ALERTS)], group=None, everything=True) as consumer:
        while not stage.stop.is_set():
            records = await consumer.poll(_POLL_SECONDS)
            changed = _take(known, records, stage.settings.notifier.streams)
            # A full batch means that there is more to read: posting half of the history would say that it rings.
            if (changed or loop.time() >= due) and len(records) < _BATCH:
                now = stage.now()
                audible = [alert for alert in known.values() if _audible(alert, heard, now)]
                await _post(stage, session, url, postable(audible, now))
                due = loop.time() + (REPEAT.total_seconds() if pause is None else pause)


def _audible(alert: Alert, heard: Heard, now: datetime) -> bool:
    return heard.goes_to(alert, Receiver.ALERTMANAGER) and not heard.mutes(alert, now)


def _take(known: dict[str, Alert], records: Collection[Record], streams: Collection[str]) -> bool:
    """Puts the records in; says whether anything is different after it."""
    changed = False
    for record in records:
        # What cannot be decoded is counted and logged where the same topic is read for the webhook.
        with suppress(WireError):
            alert = decode(Alert, record.value)
            before = known.get(alert.alert_id)
            if alert.stream in streams and (before is None or alert.changed_at >= before.changed_at):
                known.pop(alert.alert_id, None)
                known[alert.alert_id] = alert
                changed = True
    while len(known) > _KEPT:
        del known[next((ident for ident, each in known.items() if not each.state.active), next(iter(known)))]
    return changed


async def _post(stage: Stage, session: aiohttp.ClientSession, url: str, posts: list[dict[str, object]]) -> None:
    """Posts; what fails is not tried again, since all of it is due again in a minute."""
    result = Result.DELIVERED
    for start in range(0, len(posts), _BATCH):
        sent = await _sent(session, f"{url.rstrip('/')}/api/v2/alerts", posts[start : start + _BATCH])
        result = result if sent is Result.DELIVERED else sent
    if posts:
        stage.metrics.count("tocsin_notifications_total", channel=NAME, result=result)


async def _sent(session: aiohttp.ClientSession, url: str, posts: list[dict[str, object]]) -> Result:
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)
    try:
        async with session.post(url, json=posts, timeout=timeout, allow_redirects=False) as response:
            if response.status == 200:
                return Result.DELIVERED
            answer = (await response.content.read(300)).decode("utf-8", "replace")
            logger(__name__).error("alertmanager refused", status=response.status, answer=answer)
            return Result.REFUSED if response.status < 500 else Result.UNREACHABLE
    except (aiohttp.ClientError, TimeoutError) as error:
        logger(__name__).warning("alertmanager cannot be reached", error=repr(error))
        return Result.UNREACHABLE
