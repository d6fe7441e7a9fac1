"""The commands as a terminal sees them: progress on standard error, results on standard output."""

import asyncio
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.alerter.alerts import phase_of
from services.commands import run as running
from services.commands.articles import Reading, load_manifest, moment_of, parse_published, read_articles
from services.commands.follow import alerts_from
from services.commands.kept import kept_stream
from services.commands.outcome import Stored
from services.commands.replay import check_stream, parse_speed, stream_name
from services.commands.replay import replay as replay_articles
from services.commands.show import show_alert, tell
from services.core.alert import Alert
from services.core.article import Article
from services.core.errors import InputError
from services.core.topics import ALERTS, TopicNames, alerts_of
from services.core.wire import Message
from services.runtime.broker import KafkaBroker
from services.runtime.files import load_rules
from services.runtime.pacing import open_producer
from services.runtime.settings import Settings


@dataclass(frozen=True)
class StoredStream:
    """Stored articles, read: their stream's name, the good ones, and what is wrong with the others."""

    stream: str
    articles: tuple[Article, ...]
    bad: tuple[InputError, ...]

    def tell(self, console: Console) -> None:
        """Says what could not be read."""
        for error in self.bad:
            tell(console, error)


def stored(
    path: Path, *, now: datetime, published: str | None, manifest: Path | None, stream: str | None
) -> StoredStream:
    """Reads the articles at ``path``.

    Raises:
        InputError: nothing there can be read at all.
    """
    name = check_stream(stream) if stream else stream_name(path.resolve().name, now)
    reading = Reading(
        stream=name,
        now=now,
        published=parse_published(published) if published else None,
        manifest=load_manifest(manifest, path),
    )
    found = list(read_articles(path, reading))
    articles = tuple(one for one in found if isinstance(one, Article))
    bad = tuple(one for one in found if isinstance(one, InputError))
    if not articles:
        raise InputError(str(path), "no article could be read\n" + "\n".join(f"  {error}" for error in bad))
    return StoredStream(name, articles, bad)


def print_json(message: Message) -> None:
    """One JSON object on a line of standard output, at once."""
    sys.stdout.write(message.model_dump_json() + "\n")
    sys.stdout.flush()


def shown_by(console: Console, *, as_json: bool) -> Callable[[Alert], None]:
    """What shows one alert after the other."""
    told: dict[str, str] = {}

    def show(alert: Alert) -> None:
        phase = phase_of(alert)
        if as_json:
            print_json(alert)
        elif told.get(phase) != alert.reason:
            show_alert(console, alert, update=phase in told)
        told[phase] = alert.reason

    return show


def progress_bar(console: Console) -> Progress:
    """A progress bar on standard error, only at a terminal, gone when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def replay(settings: Settings, stream: StoredStream, *, speed: str, console: Console) -> bool:
    """Sends a stored stream; returns whether something in it could not be read."""
    stream.tell(console)
    names, pace = TopicNames(settings.topics.prefix), parse_speed(speed)

    async def send(sent: Callable[[int], None]) -> None:
        async with open_producer(KafkaBroker(settings, "replay"), names, embedded=settings.embedded) as producer:
            await replay_articles(stream.articles, producer, names=names, speed=pace, sent=sent)

    with progress_bar(console) as bar:
        task = bar.add_task("replay", total=len(stream.articles))
        asyncio.run(send(lambda number: bar.advance(task, number)))
    console.print(f"{len(stream.articles)} articles sent as stream {stream.stream}", markup=False)
    return bool(stream.bad)


def run(
    settings: Settings,
    stream: StoredStream | None,
    *,
    speed: str,
    leave: bool,
    as_json: bool,
    consoles: tuple[Console, Console],
) -> tuple[int, bool]:
    """Runs everything; returns how many alerts were raised, and whether something could not be read."""
    output, errors = consoles
    rules = load_rules(settings.rules)
    pace = parse_speed(speed)
    if stream:
        stream.tell(errors)
    _announce(settings, errors)
    with progress_bar(errors) as bar:
        task = bar.add_task("replay", total=len(stream.articles) if stream else 0)
        played = running.Played(stream.articles, pace, lambda n: bar.advance(task, n)) if stream else None
        seen = running.Seen(shown_by(output, as_json=as_json), stream.stream if stream and leave else None)
        raised = asyncio.run(
            running.run(
                settings,
                rules,
                played=played,
                seen=seen,
                ready=lambda up: _invite(up, errors),
                leave=leave and bool(stream),
            )
        )
    return raised, bool(stream and stream.bad)


def _announce(settings: Settings, console: Console) -> None:
    if settings.kafka:
        console.print(f"using Kafka at {settings.kafka}")
    else:
        console.print(
            "starting the embedded Kafka cluster: in memory, for trying out and demos only "
            "(set TOCSIN_KAFKA=host:port for a real one)"
        )
    console.print(f"starting {', '.join(running.SERVICES)}; logs in {settings.state_dir / 'logs'}")


def _invite(up: running.Running, console: Console) -> None:
    console.print(
        f"\nTocsin is up. Page: {up.page}\n"
        f"  follow alerts   TOCSIN_KAFKA={up.settings.brokers} tocsin subscribe\n"
        f"  replay yours    TOCSIN_KAFKA={up.settings.brokers} tocsin replay PATH\n"
        f"  metrics         {up.page}metrics\n"
        "  stop            Ctrl-C",
        markup=False,
    )


def told_by(settings: Settings, stream: StoredStream, console: Console) -> Stored:
    """A stored stream with its events, which are extracted now; says what could not be read."""
    from services.commands.backtest import extracted  # noqa: PLC0415 -- loads spaCy
    from services.extractor.text.pipeline import load_pipeline  # noqa: PLC0415

    stream.tell(console)
    return extracted(load_pipeline(settings.extractor.pipeline), stream.articles)


def kept(settings: Settings, stream: str, *, since: str | None, until: str | None, now: datetime) -> Stored:
    """What Kafka holds of a stream, with its events as they were extracted when they came.

    Raises:
        InputError: a time is none, or nothing is held.
        BrokerError: Kafka does not answer.
    """
    first, last = (moment_of(text, name) if text else None for text, name in ((since, "--since"), (until, "--until")))
    broker, names = KafkaBroker(settings, "reading"), TopicNames(settings.topics.prefix)
    found = asyncio.run(kept_stream(broker, names, stream, now=now, since=first, until=last))
    if not found.articles and not found.events:
        raise InputError(stream, "Kafka holds nothing of this stream and time")
    return found


def extract(
    settings: Settings, lines: Iterable[bytes], *, now: datetime, published: str | None, console: Console
) -> bool:
    """Prints events as they are found; returns whether something could not be read."""
    from services.commands.extract import extract as events  # noqa: PLC0415 -- loads spaCy
    from services.extractor.text.pipeline import load_pipeline  # noqa: PLC0415

    bad = False
    when = parse_published(published) if published else None
    for found in events(load_pipeline(settings.extractor.pipeline), lines, now=now, published=when):
        if isinstance(found, InputError):
            bad = True
            tell(console, found)
        else:
            sys.stdout.write(found.model_dump_json(exclude={"article"}) + "\n")
            sys.stdout.flush()
    return bad


def subscribe(
    settings: Settings, *, rule: str | None, stream: str | None, since_start: bool, as_json: bool, console: Console
) -> None:
    """Shows alerts as they come, until interrupted."""
    show = shown_by(console, as_json=as_json)
    topic = TopicNames(settings.topics.prefix).of(alerts_of(rule) if rule else ALERTS)

    async def follow() -> None:
        broker = KafkaBroker(settings, "subscribe")
        async with broker.consumer([topic], group=None, everything=since_start) as consumer:
            async for alert in alerts_from(consumer, asyncio.Event()):
                if stream in (None, alert.stream):
                    show(alert)

    asyncio.run(follow())
