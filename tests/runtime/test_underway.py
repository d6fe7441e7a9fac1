"""Deliveries go on side by side, of one key one after the other."""

import asyncio

import pytest

from services.runtime.underway import Underway


async def test_deliveries_of_different_keys_go_on_at_once_and_of_one_key_in_turn() -> None:
    underway, order, gate = Underway(), [], asyncio.Event()

    async def deliver(name: str, *, waits: bool = False) -> None:
        if waits:
            await gate.wait()
        order.append(name)

    slow = await underway.begin(b"a", deliver("slow", waits=True))
    await (await underway.begin(b"b", deliver("other")))
    assert order == ["other"]
    after = asyncio.create_task(underway.begin(b"a", deliver("after")))
    await asyncio.sleep(0)
    assert not after.done()
    gate.set()
    await (await after)
    assert order == ["other", "slow", "after"]
    assert slow.done()


async def test_no_more_are_begun_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.underway._MOST", 3)
    underway, gate = Underway(), asyncio.Event()
    for key in (b"a", b"b", b"c"):
        await underway.begin(key, gate.wait())
    fourth = asyncio.create_task(underway.begin(b"d", gate.wait()))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(fourth), 0.05)
    gate.set()
    await (await fourth)


async def test_waiting_for_what_is_under_way_does_not_fail_with_it() -> None:
    underway = Underway()

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("not delivered")

    failing = await underway.begin(b"a", fails())
    await underway.over(b"a")
    await underway.all_over()
    with pytest.raises(ValueError, match="not delivered"):
        await failing
