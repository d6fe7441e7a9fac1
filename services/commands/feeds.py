"""``tocsin feeds``: try a feed by hand, see how all are, bring lists of feeds in and out."""

# ruff: noqa: PLC0415 -- `tocsin --help` must not wait for the poller's libraries
import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from services.commands.cluster import calm_settings, cluster_of
from services.core.errors import InputError
from services.runtime.files import read_yaml
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.core.feed_state import FeedState
    from services.poller.by_hand import Trial
    from services.poller.sources import Source

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Feeds: try one, see how all are, import and export."
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output")]


def _sources(settings: Settings) -> tuple["Source", ...]:
    from services.poller.sources import parse_sources

    return parse_sources(read_yaml(settings.feeds), str(settings.feeds))


@app.command("test")
def try_out(url: str, as_json: AsJson = False) -> None:
    """What the feed at URL would bring, and why not. Exit code 0 if a feed was read, also an empty one, else 1."""
    from services.poller.by_hand import try_feed

    trial = asyncio.run(try_feed(url, calm_settings("feeds")))
    typer.echo(json.dumps(trial.as_json(), ensure_ascii=False) if as_json else told(trial))
    raise typer.Exit(0 if trial.ok else 1)


def told(trial: "Trial") -> str:
    """A trial in words."""
    if not trial.ok:
        return f"{trial.url}: {trial.reason}"
    lines = [f"{trial.url}: {trial.form} “{trial.title}”, {len(trial.articles)} items {trial.reason}".rstrip()]
    lines += [f"  {a.published:%Y-%m-%d %H:%M}  {a.title}\n                    {a.url}" for a in trial.articles]
    lines += [f"  left out: {skipped.ident} {skipped.reason}" for skipped in trial.skipped]
    return "".join(character for character in "\n".join(lines) if character.isprintable() or character == "\n")


@app.command("list")
def list_feeds(as_json: AsJson = False) -> None:
    """Each configured feed with its last result and next poll; those that fail longest come first."""
    from services.poller.by_hand import feed_rows, feed_states

    settings = calm_settings("feeds")
    states = asyncio.run(feed_states(*cluster_of(settings, "feeds")))
    for source, state in feed_rows(_sources(settings), states):
        typer.echo(json.dumps(state.model_dump(mode="json", exclude={"seen"})) if as_json else row(source, state))


def row(source: "Source", state: "FeedState") -> str:
    """A feed and its state on one line."""
    result = "stopped" if state.stopped else (state.result.value if state.result else "not polled yet")
    following = f"next {state.next_poll:%Y-%m-%d %H:%M}" if state.next_poll and not state.stopped else ""
    failing = f"{state.failures} failures: {state.reason}" if state.failures else ""
    return "  ".join(part for part in (f"{source.id:32}", f"{result:16}", following, failing) if part).rstrip()


@app.command("import")
def import_opml(file: Path) -> None:
    """Appends the feeds of an OPML list to the feeds file; outlines that are no feeds are told by line."""
    from services.commands.terminal import progress_bar
    from services.poller.opml import read_opml, yaml_line

    settings = calm_settings("feeds")
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(str(file), error.strerror or str(error)) from error
    imported = read_opml(body, str(file), _sources(settings))
    text = settings.feeds.read_text(encoding="utf-8")
    if imported.sources:
        with progress_bar(Console(stderr=True)) as bar:
            lines = [yaml_line(each) for each in bar.track(imported.sources, description="importing")]
        settings.feeds.write_text(text.rstrip("\n") + "\n" + "".join(lines), encoding="utf-8")
        _still_right(settings, text)
    for problem in imported.problems:
        typer.echo(f"error: {problem}", err=True)
    typer.echo(f"{len(imported.sources)} feeds added to {settings.feeds}")
    raise typer.Exit(1 if imported.problems else 0)


def _still_right(settings: Settings, before: str) -> None:
    """Puts the feeds file back if what was appended does not fit how it is written."""
    try:
        _sources(settings)
    except Exception:
        settings.feeds.write_text(before, encoding="utf-8")
        raise


@app.command("export")
def export_opml() -> None:
    """The configured feeds as an OPML list on standard output."""
    from services.poller.opml import write_opml

    sources: Sequence[Source] = _sources(calm_settings("feeds"))
    typer.echo(write_opml(sources, f"Tocsin feeds, {datetime.now(UTC):%Y-%m-%d}"), nl=False)
