"""Which dead letters there are, what is to become of each, and sending them again."""

import json
from collections.abc import Callable, Collection
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import typer
from rich.console import Console

from services.commands.show import plain
from services.commands.terminal import progress_bar
from services.core.errors import InputError
from services.core.topics import DEADLETTERS, TopicNames
from services.core.window import parse_duration
from services.runtime.broker import Broker, Producer, Record
from services.runtime.deadletters import Letter, letter_of, note_of, noted, redriven
from services.runtime.pacing import open_producer
from services.runtime.reading import held
from services.runtime.settings import Settings

_errors = Console(stderr=True, soft_wrap=True, highlight=False)


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
    async with aclosing(held(broker, names.of(DEADLETTERS), names.group("deadletters"))) as records:
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
    async with aclosing(held(broker, names.of(DEADLETTERS), names.group("deadletters"))) as records:
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


def wanted_of(
    names: TopicNames, *, topic: str | None, stage: str | None, since: str | None, ids: Collection[str] = ()
) -> Wanted:
    """What the options of a command ask for; raises :class:`InputError`."""
    full = topic if topic is None or topic.startswith(f"{names.prefix}.") else f"{names.prefix}.{topic}"
    try:
        begin = None if since is None else datetime.now(UTC) - parse_duration(since)
    except ValueError as error:
        raise InputError("--since", str(error)) from error
    return Wanted(frozenset(ids), full, stage, begin)


def as_line(letter: Letter, names: TopicNames, *, again: bool, as_json: bool) -> str:
    """A letter on one line."""
    state = "redriven" if again else "refused" if letter.unfit(names) else "waiting"
    time = letter.time.isoformat() if letter.time else None
    if as_json:
        return json.dumps({**asdict(letter), "time": time, "state": state}, ensure_ascii=False)
    where = f"{letter.topic}/{letter.partition}@{letter.offset}"
    line = f"{letter.id}  {state:8}  {time or '-'}  {letter.stage}  {where}  {letter.bytes:,} bytes  {letter.error}"
    return plain(" ".join(line.splitlines()))


async def redrive(settings: Settings, broker: Broker, wanted: Wanted, *, dry_run: bool) -> Redriven:
    """Sends what is wanted again, or says what it would send; raises :class:`BrokerError`."""
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
