"""``tocsin deadletters``: what could not be processed, and sending it again once the reason is mended."""

import asyncio
import json
from collections.abc import Callable, Collection
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from services.commands.show import plain
from services.core.errors import InputError
from services.core.topics import DEADLETTERS, TopicNames
from services.core.window import parse_duration
from services.runtime.broker import Broker, KafkaBroker, Producer, Record
from services.runtime.deadletters import Letter, letter_of, note_of, noted, redriven
from services.runtime.logs import configure_logs
from services.runtime.pacing import open_producer
from services.runtime.settings import Settings, load_settings
from services.runtime.whole import whole_topic

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Dead letters: what could not be processed, and sending it again."
)
_errors = Console(stderr=True, soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object a line on standard output")]
OfTopic = Annotated[str | None, typer.Option(metavar="NAME", help="those that came from this topic, such as articles")]
OfStage = Annotated[str | None, typer.Option(metavar="NAME", help="those that this stage gave up, such as extractor")]
Since = Annotated[str | None, typer.Option(metavar="TIME", help="those given up no longer ago than this, such as 2h")]


@dataclass(frozen=True)
class Wanted:
    """Which letters: what is None (or empty, of ids) does not matter. ``topic`` is a full name."""

    ids: frozenset[str] = frozenset()
    topic: str | None = None
    stage: str | None = None
    since: datetime | None = None

    def takes(self, letter: Letter) -> bool:
        """Whether it is one of them; a letter that does not say when it was given up is of no time."""
        return (
            (not self.ids or letter.id in self.ids)
            and self.topic in (None, letter.topic)
            and self.stage in (None, letter.stage)
            and (self.since is None or (letter.time is not None and letter.time >= self.since))
        )


@dataclass(frozen=True)
class Letters:
    """The letters that were wanted, by id in the order they were read, and the ids of all that were sent again."""

    wanted: dict[str, Letter] = field(default_factory=dict)
    redriven: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Redriven:
    """What became of the letters that were to be sent again. ``refused`` has the reasons by id."""

    sent: tuple[Letter, ...]
    before: tuple[str, ...]
    refused: dict[str, str]


async def read_letters(broker: Broker, names: TopicNames, wanted: Wanted) -> Letters:
    """Reads all letters without keeping their bytes; raises :class:`BrokerError`."""
    found = Letters()
    async with aclosing(whole_topic(broker, names, names.of(DEADLETTERS))) as records:
        async for record in records:
            if ident := noted(record):
                found.redriven.add(ident)
            elif wanted.takes(letter := letter_of(record)):
                found.wanted.setdefault(letter.id, letter)
    return found


def plan(letters: Letters, wanted: Wanted, names: TopicNames) -> Redriven:
    """What is to become of them: sent again, sent before, or refused with a reason."""
    refused = dict.fromkeys(sorted(wanted.ids - letters.wanted.keys()), "no dead letter has this id")
    before = tuple(ident for ident in letters.wanted if ident in letters.redriven)
    fresh = [letter for ident, letter in letters.wanted.items() if ident not in letters.redriven]
    refused |= {letter.id: reason for letter in fresh if (reason := letter.unfit(names))}
    return Redriven(tuple(letter for letter in fresh if letter.id not in refused), before, refused)


async def send_again(
    broker: Broker,
    producer: Producer,
    names: TopicNames,
    *,
    letters: Collection[Letter],
    sent: Callable[[Letter], None],
) -> None:
    """Sends these letters to where they came from, each once, and notes each among the letters when it was taken.

    A crash between the two sends a letter again the next time: its ids are hashes of content, so it counts once.

    Raises:
        BrokerError: Kafka does not answer; those that were told to ``sent`` are done.
    """
    left = {letter.id: letter for letter in letters}
    async with aclosing(whole_topic(broker, names, names.of(DEADLETTERS))) as records:
        async for record in records:
            letter = None if noted(record) else left.pop(letter_of(record).id, None)
            if letter:
                await _send(producer, names, record, letter)
                sent(letter)
            if not left:
                return


async def _send(producer: Producer, names: TopicNames, record: Record, letter: Letter) -> None:
    await producer.send(redriven(record, letter, partitions=await producer.partitions(letter.topic)))
    await producer.send(note_of(letter, names, datetime.now(UTC)))


def _cluster() -> tuple[Settings, KafkaBroker, TopicNames]:
    settings = load_settings()
    configure_logs("deadletters", "error" if settings.log.level == "info" else settings.log.level, settings.log.format)
    return settings, KafkaBroker(settings, "deadletters"), TopicNames(settings.topics.prefix)


def _wanted(
    names: TopicNames, *, topic: str | None, stage: str | None, since: str | None, ids: Collection[str] = ()
) -> Wanted:
    full = topic if topic is None or topic.startswith(f"{names.prefix}.") else f"{names.prefix}.{topic}"
    try:
        begin = None if since is None else datetime.now(UTC) - parse_duration(since)
    except ValueError as error:
        raise InputError("--since", str(error)) from error
    return Wanted(frozenset(ids), full, stage, begin)


@app.command("list")
def list_letters(as_json: AsJson = False, topic: OfTopic = None, stage: OfStage = None, since: Since = None) -> None:
    """The dead letters: id, when, who gave it up, where it came from, how large it is, and the error."""
    _, broker, names = _cluster()
    found = asyncio.run(read_letters(broker, names, _wanted(names, topic=topic, stage=stage, since=since)))
    for letter in found.wanted.values():
        typer.echo(as_line(letter, names, again=letter.id in found.redriven, as_json=as_json))


def as_line(letter: Letter, names: TopicNames, *, again: bool, as_json: bool) -> str:
    """A letter on one line."""
    state = "redriven" if again else "refused" if letter.unfit(names) else "waiting"
    time = letter.time.isoformat() if letter.time else None
    if as_json:
        return json.dumps({**asdict(letter), "time": time, "state": state}, ensure_ascii=False)
    where = f"{letter.topic}/{letter.partition}@{letter.offset}"
    line = f"{letter.id}  {state:8}  {time or '-'}  {letter.stage}  {where}  {letter.bytes:,} bytes  {letter.error}"
    return plain(" ".join(line.splitlines()))


@app.command()
def redrive(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="letters, by id")] = None,
    everything: Annotated[bool, typer.Option("--all", help="all letters, or all that the filters leave")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be sent, and send nothing")] = False,
    topic: OfTopic = None,
    stage: OfStage = None,
    since: Since = None,
) -> None:
    """Sends letters to the topics they came from, as they were; what was sent again before is left out."""
    if bool(ids) is everything:
        raise typer.BadParameter("give either ids or --all")
    settings, broker, names = _cluster()
    wanted = _wanted(names, topic=topic, stage=stage, since=since, ids=ids or ())
    done = asyncio.run(_redrive(settings, broker, wanted, dry_run=dry_run))
    for ident, reason in done.refused.items():
        typer.echo(f"error: {ident}: {plain(reason)}", err=True)
    kept = f", {len(done.before)} were sent before" if done.before else ""
    told = f", {len(done.refused)} refused" if done.refused else ""
    typer.echo(f"{'would send' if dry_run else 'sent'} {len(done.sent)}{kept}{told}")
    if done.refused:
        raise typer.Exit(1)


async def _redrive(settings: Settings, broker: Broker, wanted: Wanted, *, dry_run: bool) -> Redriven:
    from services.commands.terminal import progress_bar  # noqa: PLC0415 -- `tocsin --help` need not wait for it

    names = TopicNames(settings.topics.prefix)
    todo = plan(await read_letters(broker, names, wanted), wanted, names)
    if dry_run:
        for letter in todo.sent:
            typer.echo(as_line(letter, names, again=False, as_json=False))
    elif todo.sent:
        with progress_bar(_errors) as bar:
            task = bar.add_task("redrive", total=len(todo.sent))
            async with open_producer(broker, names, embedded=settings.embedded) as producer:
                await send_again(broker, producer, names, letters=todo.sent, sent=lambda _: bar.advance(task))
    return todo
