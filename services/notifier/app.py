"""The notifier's process: reads changes of alerts, sends them, and acknowledges what was delivered."""

import asyncio
from collections import deque

import aiohttp

from services.core.alert import Alert
from services.core.errors import WireError
from services.core.topics import ALERTS, SILENCES
from services.core.wire import decode
from services.notifier.channels import Channel, NoChannel, Result, Webhook
from services.notifier.heard import Heard, Held
from services.notifier.repeat import repeat
from services.notifier.route import Decision, Sent, decide
from services.runtime.broker import Consumer, Record
from services.runtime.files import load_rules
from services.runtime.logs import logger
from services.runtime.settings import Settings
from services.runtime.stage import Stage, report_lag, run_stage

_POLL_SECONDS = 1.0
_MOST_WAITING = 1_000


def main(settings: Settings) -> int:
    """Runs the notifier until it is told to stop; returns the exit code, as :func:`run_stage` has it."""
    return run_stage("notifier", settings, serve)


async def serve(stage: Stage) -> None:
    """The notifier's body."""
    async with aiohttp.ClientSession() as session:
        heard = Heard(load_rules(stage.settings.rules).inhibit)
        ready = asyncio.Event()
        jobs = [
            asyncio.create_task(_listen(stage, heard, ready)),
            asyncio.create_task(_work(stage, _channel(stage, session), heard, ready)),
        ]
        if url := stage.settings.notifier.alertmanager_url:
            jobs.append(asyncio.create_task(repeat(stage, session, str(url), heard=heard)))
        others = [
            asyncio.create_task(report_lag(stage, (stage.topics.of(ALERTS),))),
            asyncio.create_task(stage.stop.wait()),
        ]
        try:
            await asyncio.wait({*jobs, others[-1]}, return_when=asyncio.FIRST_COMPLETED)
            for job in jobs:
                if job.done():
                    job.result()
        finally:
            # What was not acknowledged comes again at the next start, with the same idempotency key.
            for task in (*jobs, *others):
                task.cancel()
            await asyncio.gather(*jobs, *others, return_exceptions=True)


def _channel(stage: Stage, session: aiohttp.ClientSession) -> Channel:
    chosen = stage.settings.notifier
    if chosen.webhook_url is None:
        logger(__name__).warning("no webhook is configured: alerts are counted, nobody is told by it")
        return NoChannel()
    secret = chosen.webhook_secret.get_secret_value()
    return Webhook(session, str(chosen.webhook_url), secret=secret, now=stage.now)


async def _listen(stage: Stage, heard: Heard, ready: asyncio.Event) -> None:
    """Follows all alerts and silences from the beginning; ``ready`` once it knows all there were when it began.

    Reads alone and acknowledges nothing: what mutes an alert is how all the others stand.
    """
    names = [stage.topics.of(ALERTS), stage.topics.of(SILENCES)]
    async with (
        stage.broker.consumer(names, group=None, everything=True) as consumer,
        stage.broker.offsets(stage.group) as offsets,
    ):
        left = {(name, number): end for name in names for number, end in (await offsets.ends(name)).items() if end}
        while not stage.stop.is_set():
            records = await consumer.poll(_POLL_SECONDS if ready.is_set() else 0.1)
            heard.take(records, names[1])
            for record in records:
                if (record.offset or 0) + 1 >= left.get((record.topic, record.partition or 0), 0):
                    left.pop((record.topic, record.partition or 0), None)
            if not left:
                ready.set()


async def _work(stage: Stage, channel: Channel, heard: Heard, ready: asyncio.Event) -> None:
    async with stage.broker.consumer([stage.topics.of(ALERTS)], group=stage.group) as consumer:
        await ready.wait()
        stage.health.has("kafka")
        await Delivery(stage, channel, heard).run(consumer)


class Delivery:
    """Sends what is read, in order, each change once; holds on to what could not be delivered.

    What is muted is acknowledged and held until it may be heard. After a start that is again all that rings and is
    muted: someone who was told of it before the silence may be told again, with the same idempotency key.
    """

    def __init__(self, stage: Stage, channel: Channel, heard: Heard) -> None:
        self._stage = stage
        self._channel = channel
        self._heard = heard
        self._held = Held()
        self._sent = Sent()
        for alert in heard.alerts.values():
            if alert.state.active and heard.mutes(alert, stage.now()):
                self._held.hold(alert)
        self._waiting: deque[Record] = deque()

    async def run(self, consumer: Consumer) -> None:
        """Reads and sends without end.

        It goes on polling while a receiver is away: a consumer that does not poll for five minutes loses its place in
        the group. Nothing is acknowledged before all that was read is delivered.
        """
        while True:
            if len(self._waiting) < _MOST_WAITING:
                self._waiting.extend(await consumer.poll(0.0 if self._waiting else _POLL_SECONDS))
            if self._waiting and await self._send_waiting():
                await consumer.commit()
            if not self._waiting:
                await self.send_held()

    async def send_held(self) -> None:
        """Sends what was muted and is to be heard now."""
        for alert in self._held.due(self._heard, self._sent.changes, self._stage.now()):
            if await self._send(alert) is Result.UNREACHABLE:
                return
            self._held.release(alert)

    async def _send_waiting(self) -> bool:
        """Sends until nothing waits, or until the receiver does not answer."""
        while self._waiting:
            if await self.handle(self._waiting[0]) is Result.UNREACHABLE:
                self._stage.health.waits_for(self._channel.name)
                return False
            self._stage.health.has(self._channel.name)
            self._waiting.popleft()
        return True

    async def handle(self, record: Record) -> Result | Decision | None:
        """Sends what one record tells, if it is to be sent; None for a record that is no alert."""
        alert = self._decoded(record)
        if alert is None:
            return None
        muted = bool(self._heard.mutes(alert, self._stage.now()))
        decision = decide(alert, self._sent, streams=self._stage.settings.notifier.streams, muted=muted)
        if decision is Decision.MUTED:
            self._held.hold(alert)
            self._stage.metrics.count("tocsin_notifications_total", channel=self._channel.name, result=decision)
        if decision is not Decision.SEND:
            return decision
        result = await self._send(alert)
        if result is not Result.UNREACHABLE:
            self._held.release(alert)
        return result

    async def _send(self, alert: Alert) -> Result | Decision:
        decision = decide(alert, self._sent, streams=self._stage.settings.notifier.streams)
        if decision is not Decision.SEND:
            return decision
        with self._stage.metrics.timed("notifier"):
            result = await self._channel.deliver(alert)
        self._stage.metrics.count("tocsin_notifications_total", channel=self._channel.name, result=result)
        if result is not Result.UNREACHABLE:
            self._sent = self._sent.having(alert)
        return result

    def _decoded(self, record: Record) -> Alert | None:
        if record.value is None:
            return None
        try:
            return decode(Alert, record.value)
        except WireError as error:
            self._stage.metrics.count("tocsin_deadletters_total", stage="notifier")
            where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
            logger(__name__).warning("passed over a record", error=str(error), **where)
            return None
