"""Deliveries that go on while the next records are taken: many at once, but of one key one after the other."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

_MOST: Final = 32
"""How many go on at once: while one travels to Kafka and back some ten records are taken."""


class Underway:
    """What was begun and is not over, by the key of the records it is for."""

    def __init__(self) -> None:
        self._tasks: dict[bytes, asyncio.Task[Any]] = {}

    async def begin(self, key: bytes, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begins work once there is room for it and nothing else is under way for this key; whoever asked awaits it."""
        await self.over(key)
        while len(self._tasks) >= _MOST:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
        task = self._tasks[key] = asyncio.create_task(work)
        task.add_done_callback(lambda _: self._tasks.pop(key))
        return task

    async def over(self, key: bytes) -> None:
        """Waits until nothing is under way for this key, however it ended."""
        if key in self._tasks:
            await asyncio.wait([self._tasks[key]])

    async def all_over(self) -> None:
        """Waits until nothing at all is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks.values())
