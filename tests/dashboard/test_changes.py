"""Readers of changes: those that stay, those that come back, those that were away too long."""

import asyncio
from contextlib import aclosing

from services.dashboard.changes import Change, Changes, Quiet, Reset
from tests.dashboard.samples import alert


async def read(changes: Changes, after: str | None, count: int, quiet: float = 5.0) -> list[Change | Reset | Quiet]:
    found: list[Change | Reset | Quiet] = []
    async with aclosing(changes.after(after, quiet=quiet)) as steps:
        while len(found) < count:
            found.append(await asyncio.wait_for(anext(steps), 5))
    return found


def with_changes(count: int, kept: int = 10) -> Changes:
    changes = Changes("run", kept)
    for number in range(count):
        changes.add(alert(alert_id=str(number)))
    return changes


def named(steps: list[Change | Reset | Quiet]) -> list[str]:
    return [step.alert.alert_id if isinstance(step, Change) else type(step).__name__ for step in steps]


async def test_a_reader_gets_what_changes_after_it_came() -> None:
    changes = with_changes(3)
    reading = asyncio.create_task(read(changes, None, 2))
    await asyncio.sleep(0.01)
    changes.add(alert(alert_id="new"))
    await asyncio.sleep(0)
    changes.add(alert(alert_id="newer"))
    assert named(await reading) == ["new", "newer"]


async def test_a_reader_that_comes_back_goes_on_where_it_was() -> None:
    assert named(await read(with_changes(5), "run-2", 3)) == ["2", "3", "4"]


async def test_a_reader_that_was_away_too_long_is_told_to_start_anew() -> None:
    changes = with_changes(50)
    steps = await read(changes, "run-2", 2, quiet=0.01)
    assert named(steps) == ["Reset", "Quiet"]
    assert steps[0].id == changes.latest


async def test_a_reader_from_an_earlier_life_of_the_process_is_told_to_start_anew() -> None:
    for stale in ("other-2", "run-99", "run-", "run-²", "nonsense", ""):
        first = (await read(with_changes(5), stale, 1, quiet=0.01))[0]
        assert isinstance(first, Reset if stale else Quiet), stale


async def test_a_slow_reader_holds_nobody_up_and_loses_nothing_that_is_kept() -> None:
    changes = with_changes(0)
    async with aclosing(changes.after(None, quiet=1)) as slow:
        first = asyncio.ensure_future(anext(slow))
        await asyncio.sleep(0)
        for number in range(10):
            changes.add(alert(alert_id=str(number)))
        assert named([await first, *[await anext(slow) for _ in range(9)]]) == [str(n) for n in range(10)]


async def test_all_readers_end_when_the_process_stops() -> None:
    changes = with_changes(0)
    reading = asyncio.create_task(read(changes, None, 1))
    await asyncio.sleep(0)
    changes.close()
    assert isinstance((await asyncio.gather(reading, return_exceptions=True))[0], StopAsyncIteration | RuntimeError)
