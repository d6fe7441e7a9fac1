"""A headless Chromium, driven over its DevTools protocol: no other program or package is needed."""

import asyncio
import base64
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-debugging-port=0",
)


def chromium() -> str:
    """The browser's path. Without one the test is skipped, or fails under TOCSIN_REQUIRE_CHROMIUM=1."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found and os.environ.get("TOCSIN_REQUIRE_CHROMIUM") == "1":
        pytest.fail("no chromium on PATH, and TOCSIN_REQUIRE_CHROMIUM=1 forbids to skip", pytrace=False)
    if not found:
        pytest.skip("no chromium on PATH (Debian: chromium); the tests of the page in a browser are NOT run")
    return found


class Tab:
    """One page. ``complaints`` collects what the page logs as an error and what it throws."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._count = 0
        self.complaints: list[str] = []
        self.requested: list[str] = []

    async def listen(self) -> None:
        """Takes what the browser says; runs for as long as the tab is used."""
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                self._waiting.pop(told["id"]).set_result(told)
            elif told["method"] == "Runtime.exceptionThrown":
                self.complaints.append(str(told["params"]["exceptionDetails"]))
            elif told["method"] == "Log.entryAdded" and told["params"]["entry"]["level"] == "error":
                self.complaints.append(str(told["params"]["entry"]))
            elif told["method"] == "Network.requestWillBeSent":
                self.requested.append(told["params"]["request"]["url"])

    async def call(self, method: str, **parameters: Any) -> Any:
        """One command of the protocol."""
        self._count += 1
        answer = self._waiting[self._count] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._count, "method": method, "params": parameters})
        told = await asyncio.wait_for(answer, 30)
        assert "error" not in told, told
        return told["result"]

    async def open(self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Goes to a page, in a window of this size."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])
        await self.call("Page.navigate", url=url)

    async def evaluate(self, script: str) -> Any:
        """The value of an expression in the page."""
        told = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    async def until(self, condition: str) -> None:
        """Waits until an expression in the page is true."""
        async with asyncio.timeout(20):
            # An expression about elements that are not there yet is not true yet.
            asked = f"(() => {{ try {{ return Boolean({condition}) }} catch {{ return false }} }})()"
            while not await self.evaluate(asked):  # noqa: ASYNC110 -- asked from outside
                await asyncio.sleep(0.05)

    async def press(self, key: str) -> None:
        """Presses one key."""
        await self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key if len(key) == 1 else "")
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def picture(self, *, whole: bool = False) -> bytes:
        """A picture of the window, or of the whole page, as PNG."""
        told = await self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        return base64.b64decode(told["data"])


@contextmanager
def browser() -> Iterator[int]:
    """A browser with an empty profile; gives the port of its protocol."""
    program = chromium()
    with tempfile.TemporaryDirectory(prefix="tocsin-browser-", ignore_cleanup_errors=True) as profile:
        command = [program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield _port(Path(profile) / "DevToolsActivePort")
        finally:
            process.terminate()
            process.wait()


@asynccontextmanager
async def tab(port: int) -> AsyncIterator[Tab]:
    """A page of its own in the browser at this port."""
    root = f"http://127.0.0.1:{port}/json"
    async with aiohttp.ClientSession() as session:
        async with session.put(f"{root}/new?about:blank") as answer:
            target = await answer.json()
        async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            opened = Tab(socket)
            listening = asyncio.create_task(opened.listen())
            for domain in ("Page", "Runtime", "Log", "Network"):
                await opened.call(f"{domain}.enable")
            yield opened
            listening.cancel()
        await session.get(f"{root}/close/{target['id']}")


def _port(file: Path) -> int:
    """The port the browser chose; it writes it into its profile once it listens."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if file.exists() and "\n" in file.read_text():
            return int(file.read_text().splitlines()[0])
        time.sleep(0.05)
    pytest.fail("the browser did not start within 30 s", pytrace=False)
