"""``tocsin deadletters``: what is listed, what is sent again, and what is refused."""

import json
from dataclasses import replace
from datetime import timedelta

from services.commands.letters import Letters, Wanted, plan, read_letters, send_again
from services.core.topics import ARTICLES, DEADLETTERS, EVENTS, TopicNames
from services.runtime.broker import MAX_RECORD_BYTES, KafkaBroker, Record
from services.runtime.deadletters import REDRIVEN, Letter, dead_letter
from services.runtime.settings import Settings
from tests.builders import NOON, at
from tests.commands.tocsin import tocsin
from tests.fakes import MemoryBroker

NAMES = TopicNames("test")


def letter(names: TopicNames = NAMES, *, stage: str = "extractor", hours: float = 0, **changes: object) -> Record:
    original = Record(names.of(ARTICLES), b"key", b"\x00broken", (("ce_id", b"7"),), partition=2, offset=5)
    dead = replace(original, **changes)  # type: ignore[arg-type]
    return dead_letter(dead, names, stage=stage, error=ValueError("no text"), now=at(hours))


async def cluster(*letters: Record) -> MemoryBroker:
    broker = MemoryBroker()
    async with broker.producer() as producer:
        await producer.send(*letters)
    return broker


async def redriven(broker: MemoryBroker) -> list[Letter]:
    wanted = Wanted()
    todo, sent = plan(await read_letters(broker, NAMES, wanted), wanted, NAMES), []
    async with broker.producer() as producer:
        await send_again(broker, producer, NAMES, letters=todo.sent, sent=sent.append)
    assert tuple(sent) == todo.sent
    return list(todo.sent)


async def test_a_letter_goes_back_as_it_was_once_however_often_it_is_asked_for() -> None:
    # The stage crashed after it had written the letter, and wrote it again.
    broker = await cluster(letter(), letter(hours=1))
    (sent,) = await redriven(broker)
    assert await redriven(broker) == []
    (back,) = broker.records(NAMES.of(ARTICLES))
    assert (back.key, back.value, back.partition) == (b"key", b"\x00broken", 2)
    assert back.headers == (("ce_id", b"7"), (REDRIVEN, sent.id.encode()))


async def test_a_letter_that_dies_again_can_be_sent_again() -> None:
    broker = await cluster(letter())
    (first,) = await redriven(broker)
    (back,) = broker.records(NAMES.of(ARTICLES))
    async with broker.producer() as producer:
        await producer.send(dead_letter(back, NAMES, stage="extractor", error=ValueError(), now=NOON))
    (second,) = await redriven(broker)
    assert first.id != second.id
    assert len(broker.records(NAMES.of(ARTICLES))) == 2


async def test_letters_are_chosen_by_topic_stage_and_time() -> None:
    broker = await cluster(
        letter(offset=1), letter(offset=2, stage="alerter", topic=NAMES.of(EVENTS)), letter(offset=3, hours=2)
    )

    async def offsets(wanted: Wanted) -> set[int]:
        return {each.offset for each in (await read_letters(broker, NAMES, wanted)).wanted.values()}

    assert await offsets(Wanted()) == {1, 2, 3}
    assert await offsets(Wanted(topic=NAMES.of(EVENTS))) == {2}
    assert await offsets(Wanted(stage="extractor")) == {1, 3}
    assert await offsets(Wanted(since=NOON + timedelta(hours=1))) == {3}


async def test_cut_letters_and_unknown_ids_are_refused_and_the_rest_is_sent() -> None:
    broker = await cluster(letter(), letter(offset=6, value=bytes(MAX_RECORD_BYTES + 1)))
    found = await read_letters(broker, NAMES, Wanted())
    ids = frozenset({*found.wanted, "no-such"})
    todo = plan(found, Wanted(ids), NAMES)
    assert [each.offset for each in todo.sent] == [5]
    assert sorted(todo.refused.values()) == [
        "no dead letter has this id",
        "only 1,000,000 of its 1,000,001 bytes were kept",
    ]
    assert plan(Letters(), Wanted(), NAMES).sent == ()


async def test_the_commands_list_and_send_and_tell_by_their_exit_code(embedded_kafka: str) -> None:
    env = {"TOCSIN_KAFKA": embedded_kafka, "TOCSIN_TOPICS__PREFIX": "buried"}
    names = TopicNames("buried")
    settings = Settings.model_validate({"kafka": embedded_kafka, "topics": {"prefix": "buried"}})
    broker = KafkaBroker(settings, "test")
    async with broker.producer() as producer:
        await producer.send(letter(names), letter(names, offset=6, topic=names.of(DEADLETTERS)))
    listed = [json.loads(line) for line in tocsin("deadletters", "list", "--json", **env).stdout.splitlines()]
    assert {(each["offset"], each["state"]) for each in listed} == {(5, "waiting"), (6, "refused")}
    (fits,) = (each["id"] for each in listed if each["state"] == "waiting")
    tried = tocsin("deadletters", "redrive", fits, "--dry-run", **env)
    assert (tried.returncode, tried.stdout.splitlines()[-1]) == (0, "would send 1")
    done = tocsin("deadletters", "redrive", "--all", **env)
    assert (done.returncode, done.stdout) == (1, "sent 1, 1 refused\n")
    assert "is no topic that a stage reads" in done.stderr
    again = tocsin("deadletters", "redrive", fits, **env)
    assert (again.returncode, again.stdout) == (0, "sent 0, 1 were sent before\n")
    assert tocsin("deadletters", "list", "--topic", "events", **env).stdout == ""
    async with broker.consumer([names.of(ARTICLES)], group=None, everything=True) as consumer:
        (back,) = await consumer.poll(10)
    assert (back.key, back.value, back.partition) == (b"key", b"\x00broken", 2)


def test_ids_and_all_are_one_or_the_other() -> None:
    env = {"TOCSIN_KAFKA": "127.0.0.1:1"}
    for arguments in ((), ("x", "--all")):
        assert tocsin("deadletters", "redrive", *arguments, **env).returncode == 2
    wrong = tocsin("deadletters", "list", "--since", "soon", **env)
    assert (wrong.returncode, "--since" in wrong.stderr) == (1, True)
