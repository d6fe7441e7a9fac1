"""``tocsin deadletters``: what could not be processed, and sending it again once the reason is mended."""

# ruff: noqa: PLC0415 -- `tocsin --help` must not wait for Kafka's client
import asyncio
from typing import Annotated

import typer

from services.commands.cluster import calm_settings, cluster_of
from services.commands.show import plain

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Dead letters: what could not be processed, and sending it again."
)

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object a line on standard output")]
OfTopic = Annotated[str | None, typer.Option(metavar="NAME", help="those that came from this topic, such as articles")]
OfStage = Annotated[str | None, typer.Option(metavar="NAME", help="those that this stage gave up, such as extractor")]
Since = Annotated[str | None, typer.Option(metavar="TIME", help="those given up no longer ago than this, such as 2h")]


@app.command("list")
def list_letters(as_json: AsJson = False, topic: OfTopic = None, stage: OfStage = None, since: Since = None) -> None:
    """The dead letters: id, when, who gave it up, where it came from, how large it is, and the error."""
    from services.commands.letters import as_line, read_letters, wanted_of

    broker, names = cluster_of(calm_settings("deadletters"), "deadletters")
    found = asyncio.run(read_letters(broker, names, wanted_of(names, topic=topic, stage=stage, since=since)))
    for letter in found.wanted.values():
        typer.echo(as_line(letter, names, again=letter.id in found.redriven, as_json=as_json))


@app.command()
def redrive(
    *,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="letters, by id")] = None,
    everything: Annotated[bool, typer.Option("--all", help="all letters, or all that the filters leave")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be sent, and send nothing")] = False,
    topic: OfTopic = None,
    stage: OfStage = None,
    since: Since = None,
) -> None:
    """Sends letters to the topics they came from, as they were; what was sent again before is left out."""
    if bool(ids) is everything:
        raise typer.BadParameter("give either ids or --all")
    from services.commands import letters

    settings = calm_settings("deadletters")
    broker, names = cluster_of(settings, "deadletters")
    wanted = letters.wanted_of(names, topic=topic, stage=stage, since=since, ids=ids or ())
    done = asyncio.run(letters.redrive(settings, broker, wanted, dry_run=dry_run))
    for ident, reason in done.refused.items():
        typer.echo(f"error: {ident}: {plain(reason)}", err=True)
    kept = f", {len(done.before)} were sent before" if done.before else ""
    told = f", {len(done.refused)} refused" if done.refused else ""
    typer.echo(f"{'would send' if dry_run else 'sent'} {len(done.sent)}{kept}{told}")
    if done.refused:
        raise typer.Exit(1)
