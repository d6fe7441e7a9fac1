"""A web server of this machine that receives notifications, and can be made to fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from multidict import CIMultiDictProxy


@dataclass
class Receiver:
    """What came in. ``answers`` are the statuses of the next answers; afterwards everything is accepted."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    accepted: list[tuple[CIMultiDictProxy[str], bytes]] = field(default_factory=list)
    asked: int = 0

    async def take(self, request: web.Request) -> web.Response:
        """Answers one request."""
        self.asked += 1
        body = await request.read()
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.accepted.append((request.headers, body))
        return web.Response(status=status, headers=self.headers if status != 200 else None, text="as told")


@asynccontextmanager
async def receiver(*answers: int, **headers: str) -> AsyncIterator[Receiver]:
    """A running receiver on a free port."""
    took = Receiver(answers=list(answers), headers=headers)
    app = web.Application()
    app.router.add_post("/hook", took.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    took.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield took
    finally:
        await runner.cleanup()
