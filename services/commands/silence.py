"""``tocsin silence``: who does not want to hear of which alerts, until when, and why."""

# ruff: noqa: PLC0415 -- `tocsin --help` must not wait for the Kafka client.

import asyncio
import getpass
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError

from services.commands.cluster import calm_settings, cluster_of
from services.core.errors import InputError
from services.core.silence import Silence, SilenceState, new_silence
from services.core.window import parse_duration
from services.core.wire import first_problem

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Silences: alerts that nobody is told of for a while."
)

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object a line on standard output")]


@app.command()
def add(
    matchers: Annotated[list[str], typer.Argument(metavar="MATCHER...", help='such as rule=border or group=~"AZE.*"')],
    comment: Annotated[str, typer.Option(help="why")],
    length: Annotated[str, typer.Option("--for", metavar="TIME", help="how long, such as 2h or 3d")] = "2h",
    author: Annotated[str, typer.Option(help="who; your user name by default")] = "",
) -> None:
    """Silences the alerts that fit every MATCHER, from now on; prints the silence's id."""
    silence = silence_of(matchers, length=length, author=author or _user(), comment=comment, now=datetime.now(UTC))
    broker, names = cluster_of(calm_settings("silence"), "silence")
    from services.runtime.silences import write_silence

    asyncio.run(write_silence(broker, names, silence, silence.starts_at))
    typer.echo(silence.silence_id)


def silence_of(matchers: Sequence[str], *, length: str, author: str, comment: str, now: datetime) -> Silence:
    """The silence that the options describe.

    Raises:
        InputError: one of them is wrong.
    """
    try:
        ends = now + parse_duration(length)
        return new_silence(matchers, starts_at=now, ends_at=ends, author=author, comment=comment)
    except ValidationError as error:
        raise InputError("silence", first_problem(error)) from error
    except ValueError as error:
        raise InputError("--for", str(error)) from error


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return "unknown"


@app.command("list")
def list_silences(
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="also those that are over")] = False,
) -> None:
    """The silences that last or are to come, the one that ends first at the top."""
    broker, names = cluster_of(calm_settings("silence"), "silence")
    now = datetime.now(UTC)
    from services.runtime.silences import read_silences

    silences = sorted(asyncio.run(read_silences(broker, names)).values(), key=lambda s: (s.ends_at, s.silence_id))
    for silence in silences:
        if everything or silence.state(now) is not SilenceState.EXPIRED:
            state = {"state": silence.state(now).value}
            told = json.dumps({**silence.model_dump(mode="json"), **state}, ensure_ascii=False)
            typer.echo(told if as_json else row(silence, now))


def row(silence: Silence, now: datetime) -> str:
    """A silence on one line."""
    state, until = silence.state(now).value, f"until {silence.ends_at:%Y-%m-%d %H:%M} UTC"
    line = (
        f"{silence.silence_id}  {state:7}  {until}  {' '.join(silence.matchers)}  {silence.author}: {silence.comment}"
    )
    return "".join(character for character in line if character.isprintable())


@app.command()
def expire(ident: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Ends a silence now."""
    broker, names = cluster_of(calm_settings("silence"), "silence")
    now = datetime.now(UTC)

    async def end() -> None:
        from services.runtime.silences import read_silences, write_silence

        silence = (await read_silences(broker, names)).get(ident)
        if silence is None:
            raise InputError(ident, "no silence has this id")
        await write_silence(broker, names, silence.expired(now), now)

    asyncio.run(end())
    typer.echo(ident)
