"""Turns at the hosts that are fetched from."""

import asyncio
from datetime import datetime, timedelta

import pytest

from services.poller.hosts import GAP, LONGEST_REST, Hosts
from tests.poller.samples import NOW


class Clock:
    """A clock that jumps to whatever is waited for."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    async def until(self, moment: datetime) -> None:
        await asyncio.sleep(0)
        self.time = max(self.time, moment)


async def test_a_host_has_one_visitor_at_a_time_and_a_pause_between_two() -> None:
    clock = Clock()
    hosts = Hosts(clock)
    visits: list[datetime] = []
    inside = 0

    async def visit(path: str) -> None:
        nonlocal inside
        async with hosts.turn(f"http://One.example{path}"):
            inside += 1
            assert inside == 1
            visits.append(clock.now())
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(visit(f"/{number}") for number in range(4)))
    assert [each - NOW for each in visits] == [GAP * number for number in range(4)]


async def test_hosts_do_not_wait_for_each_other() -> None:
    hosts = Hosts(Clock())
    async with hosts.turn("http://one.example/"), asyncio.timeout(1), hosts.turn("http://two.example/"):
        pass


async def test_a_host_that_asks_for_rest_gets_it_up_to_a_bound() -> None:
    clock = Clock()
    hosts = Hosts(clock)
    for asked, granted in ((timedelta(minutes=2), timedelta(minutes=2)), (timedelta(days=2), LONGEST_REST)):
        before = clock.now()
        hosts.rest("http://one.example/a", asked)
        async with hosts.turn("http://one.example/b"):
            assert clock.now() - before == granted


async def test_hosts_that_nobody_waits_for_are_forgotten_when_there_are_many() -> None:
    clock = Clock()
    hosts = Hosts(clock)
    async with hosts.turn("http://kept.example/"):
        for number in range(25_000):
            clock.time += timedelta(seconds=1)
            hosts.rest(f"http://{number}.example/", GAP)
        assert len(hosts) < 11_000
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), hosts.turn("http://kept.example/"):
                pass
