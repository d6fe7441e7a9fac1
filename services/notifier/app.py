"""The notifier's process: reads changes of alerts, has each channel told, and acknowledges what all were told."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import aiohttp

from services.core.alert import Alert
from services.core.errors import WireError
from services.core.topics import ALERTS, NOTIFIED, SILENCES
from services.core.wire import decode
from services.notifier.by_apprise import Apprise, apprise_channels
from services.notifier.channels import Channel, NoChannel, Webhook
from services.notifier.delivery import Delivery
from services.notifier.heard import Heard
from services.notifier.limit import Limit
from services.notifier.notified import note_on
from services.notifier.repeat import repeat
from services.notifier.templates import Texts, load_texts
from services.runtime.broker import Consumer, Record
from services.runtime.files import load_rules
from services.runtime.logs import logger
from services.runtime.offsets import ahead
from services.runtime.rulesfile import RulesFile
from services.runtime.settings import Settings
from services.runtime.stage import Stage, report_lag, run_stage

_POLL_SECONDS = 1.0
_POLL_BUSY_SECONDS = 0.1


@dataclass(frozen=True)
class Prepared:
    """What the settings ask for, checked."""

    texts: Texts
    apprise: tuple[Apprise, ...]


def prepare(settings: Settings) -> Prepared:
    """Checks templates and Apprise URLs; raises :class:`ConfigError`."""
    texts = load_texts(settings.notifier.templates)
    urls = settings.notifier.apprise_urls.get_secret_value()
    return Prepared(texts["webhook"], apprise_channels(urls, texts["apprise"]))


def main(settings: Settings) -> int:
    """Runs the notifier until it is told to stop; returns the exit code, as :func:`run_stage` has it.

    Raises:
        ConfigError: the rules file, a template or an Apprise URL is wrong.
    """
    load_rules(settings.rules)
    prepare(settings)
    return run_stage("notifier", settings, serve)


async def serve(stage: Stage) -> None:
    """The notifier's body."""
    prepared = prepare(stage.settings)
    file = RulesFile(stage)
    file.first()
    async with aiohttp.ClientSession() as session:
        heard = Heard(file.in_force)
        ready = asyncio.Event()
        jobs = [
            asyncio.create_task(_listen(stage, heard, ready)),
            asyncio.create_task(_work(stage, _channels(stage, session, prepared), heard, ready)),
        ]
        if url := stage.settings.notifier.alertmanager_url:
            jobs.append(asyncio.create_task(repeat(stage, session, str(url), heard=heard)))
        others = [
            asyncio.create_task(report_lag(stage, (stage.topics.of(ALERTS),))),
            asyncio.create_task(file.keep()),  # what it mutes or lets go is looked at every second
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


def _channels(stage: Stage, session: aiohttp.ClientSession, prepared: Prepared) -> tuple[Channel, ...]:
    chosen = stage.settings.notifier
    if chosen.webhook_url is None and not prepared.apprise:
        logger(__name__).warning("neither webhook nor Apprise is configured: alerts are counted, nobody is told by it")
        return (NoChannel(),)
    if chosen.webhook_url is None:
        return prepared.apprise
    secret = chosen.webhook_secret.get_secret_value()
    webhook = Webhook(session, str(chosen.webhook_url), secret=secret, now=stage.now, texts=prepared.texts)
    return (webhook, *prepared.apprise)


async def _listen(stage: Stage, heard: Heard, ready: asyncio.Event) -> None:
    """Follows all alerts, silences and notes from the beginning; ``ready`` once it knows all there were when it began.

    Reads alone and acknowledges nothing: what mutes an alert is how all the others stand.
    """
    names = [stage.topics.of(topic) for topic in (ALERTS, SILENCES, NOTIFIED)]
    async with (
        stage.broker.consumer(names, group=None, everything=True) as consumer,
        stage.broker.offsets(stage.topics.group("nobody")) as offsets,
    ):
        left: dict[tuple[str, int], int] = {}
        for name in names:
            left |= {(name, number): end for number, end in (await ahead(offsets, name)).items()}
        while not stage.stop.is_set():
            records = await consumer.poll(_POLL_SECONDS if ready.is_set() else 0.1)
            heard.take(records, names[1], names[2])
            for record in records:
                if record.offset + 1 >= left.get((record.topic, record.partition or 0), 0):
                    left.pop((record.topic, record.partition or 0), None)
            if not left:
                ready.set()


async def _work(stage: Stage, channels: Sequence[Channel], heard: Heard, ready: asyncio.Event) -> None:
    async with (
        stage.broker.consumer([stage.topics.of(ALERTS)], group=stage.group) as consumer,
        stage.broker.producer() as producer,
    ):
        await ready.wait()
        stage.health.has("kafka")
        note = note_on(producer, stage.topics)
        most = stage.settings.notifier.most_per_minute
        deliveries = [
            Delivery(stage, channel, heard, note=note, limit=Limit(0 if isinstance(channel, NoChannel) else most))
            for channel in channels
        ]
        # Not a TaskGroup: whoever runs this tells by the error's type what failed.
        tasks = [asyncio.create_task(each.run()) for each in deliveries]
        tasks.append(asyncio.create_task(_read(stage, consumer, deliveries)))
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _read(stage: Stage, consumer: Consumer, deliveries: Sequence[Delivery]) -> None:
    """Gives what it reads to all deliveries, and acknowledges it when all are done with it.

    A channel that was told when another one was away knows so from its notes when the same comes again.
    It goes on polling while a receiver is away: a consumer that does not poll for five minutes loses its place in the
    group.
    """
    read = False
    while True:
        done = all(delivery.done for delivery in deliveries)
        if read and done:
            await consumer.commit()
            read = False
        if any(delivery.full for delivery in deliveries):
            await asyncio.sleep(_POLL_BUSY_SECONDS)
            continue
        records = await consumer.poll(_POLL_SECONDS if done else _POLL_BUSY_SECONDS)
        alerts = tuple(_alerts(stage, records))
        for delivery in deliveries:
            delivery.put(alerts)
        read = read or bool(records)


def _alerts(stage: Stage, records: Sequence[Record]) -> Iterator[Alert]:
    for record in (record for record in records if record.value is not None):
        try:
            yield decode(Alert, record.value)
        except WireError as error:
            stage.metrics.count("tocsin_deadletters_total", stage="notifier")
            where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
            logger(__name__).warning("passed over a record", error=str(error), **where)
