"""Changes as Server-Sent Events (HTML standard, section 9.2)."""

from collections.abc import AsyncIterator, Callable

from services.core.alert import Alert
from services.dashboard.answers import Status
from services.dashboard.changes import Change, Changes, Reset

HEARTBEAT_SECONDS = 10.0
_RETRY_MS = 2_000


def event_block(event: str, data: str, *, ident: str) -> bytes:
    """One event. ``data`` must hold no line break, which JSON never does."""
    return f"id: {ident}\nevent: {event}\ndata: {data}\n\n".encode()


async def event_stream(
    changes: Changes,
    after: str | None,
    *,
    wanted: Callable[[Alert], bool],
    status: Callable[[], Status],
    heartbeat: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[bytes]:
    """The events of one connection, until the process stops or the reader leaves.

    ``alert`` carries an alert, ``reset`` asks the reader to load everything again, ``status`` comes at once and then
    with every heartbeat. A heartbeat is also a comment, which keeps proxies from closing the connection.

    Args:
        changes: where they come from.
        after: the last id the reader has seen, if it had been here before.
        wanted: which alerts this reader asked for.
        status: how the process stands at the moment.
        heartbeat: seconds between signs of life when nothing changes.
    """
    yield f"retry: {_RETRY_MS}\n\n".encode()
    yield event_block("status", status().model_dump_json(), ident=after or changes.latest)
    async for step in changes.after(after, quiet=heartbeat):
        match step:
            case Change(ident, alert):
                if wanted(alert):
                    yield event_block("alert", alert.model_dump_json(), ident=ident)
            case Reset(ident):
                yield event_block("reset", "{}", ident=ident)
            case _:
                yield b": still here\n" + event_block("status", status().model_dump_json(), ident=step.id)
