"""The API's answers on silences: which there are, a new one, the end of one, and which alerts they mute."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from services.core.errors import BrokerError
from services.core.inhibit import Inhibit
from services.core.mute import Mute, MutedBy, muted_by
from services.core.notified import Notified, Outcome
from services.core.silence import Silence, SilenceState, new_silence
from services.core.wire import first_problem
from services.dashboard.answers import Muted, MutedList, NewSilence, Page, ProblemDetails, SilenceItem
from services.dashboard.parameters import Limit
from services.dashboard.shown import Shown
from services.runtime.rulesfile import InForce

Writer = Callable[[Silence, datetime], Awaitable[None]]
"""Puts a silence on its topic; raises :class:`BrokerError` where Kafka does not take it."""


@dataclass(frozen=True)
class Silencing:
    """What the routes need beside what is shown: how a silence is written (None: it cannot be), and what inhibits."""

    write: Writer | None = None
    in_force: InForce = field(default_factory=InForce)


def _problem(description: str) -> dict[str, Any]:
    return {"model": ProblemDetails, "description": description}


_NOT_KNOWN: Final[dict[int | str, dict[str, Any]]] = {404: _problem("not known")}
_WRITES: Final[dict[int | str, dict[str, Any]]] = {
    400: _problem("the body cannot be read"),
    403: _problem("asked for by the page of another site"),
    503: _problem("Kafka does not take it"),
}

State = Annotated[SilenceState | None, Query(description="only in this state")]
After = Annotated[str | None, Query(max_length=200, description="`next` of an earlier answer, to go on after it")]


def silence_routes(shown: Shown, silencing: Silencing) -> APIRouter:
    """The routes under ``/api/v1``."""
    router = APIRouter(prefix="/api/v1", tags=["silences"])

    @router.get("/silences")
    def silences(state: State = None, limit: Limit = 1000, cursor: After = None) -> Page[SilenceItem]:
        """Silences by their ids."""
        now = shown.now()
        later = [each for each in shown.store.silences() if cursor is None or each.silence_id > cursor]
        found = [_item(each, now) for each in later if state in (None, each.state(now))]
        return Page(items=found[:limit], next=found[limit - 1].silence.silence_id if len(found) > limit else None)

    @router.get("/silences/{silence_id}", responses=_NOT_KNOWN)
    def silence(silence_id: str) -> SilenceItem:
        """One silence."""
        return _item(_known(shown, silence_id), shown.now())

    @router.get("/muted")
    def muted() -> MutedList:
        """The alerts that ring but are not delivered, each with what mutes it and the channels that did not take it."""
        return MutedList(items=_muted(shown, silencing.in_force.inhibit))

    _add_writes(router, shown, silencing)
    return router


def _add_writes(router: APIRouter, shown: Shown, silencing: Silencing) -> None:
    @router.post("/silences", status_code=201, responses=_WRITES, dependencies=[Depends(_of_this_site)])
    async def create(wanted: NewSilence, response: Response) -> SilenceItem:
        """Makes a silence; the same one made twice is one."""
        now = shown.now()
        made = _made(wanted, now)
        await _write(silencing, made, now)
        response.headers["Location"] = f"/api/v1/silences/{made.silence_id}"
        return _item(made, now)

    @router.delete("/silences/{silence_id}", responses={**_NOT_KNOWN, **_WRITES}, dependencies=[Depends(_of_this_site)])
    async def expire(silence_id: str) -> SilenceItem:
        """Ends a silence now; it stays known."""
        now = shown.now()
        ended = _known(shown, silence_id).expired(now)
        await _write(silencing, ended, now)
        return _item(ended, now)


async def _write(silencing: Silencing, silence: Silence, now: datetime) -> None:
    if silencing.write is None:
        raise HTTPException(503, "silences cannot be written here")
    try:
        await silencing.write(silence, now)
    except BrokerError as error:
        raise HTTPException(503, "Kafka did not take the silence; try again") from error


def _of_this_site(request: Request) -> None:
    """Refuses what a page of another site made its reader's browser ask for."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "asked for by the page of another site")


def _made(wanted: NewSilence, now: datetime) -> Silence:
    try:
        return new_silence(
            wanted.matchers,
            starts_at=wanted.starts_at or now,
            ends_at=wanted.ends_at,
            author=wanted.author,
            comment=wanted.comment,
        )
    except ValidationError as error:
        raise RequestValidationError([{"loc": ("body",), "msg": first_problem(error)}]) from error


def _known(shown: Shown, silence_id: str) -> Silence:
    found = next((each for each in shown.store.silences() if each.silence_id == silence_id), None)
    if found is None:
        raise HTTPException(404, "no silence of that id is known")
    return found


def _item(silence: Silence, now: datetime) -> SilenceItem:
    return SilenceItem(state=silence.state(now), silence=silence)


def _muted(shown: Shown, inhibits: Sequence[Inhibit]) -> list[Muted]:
    now, silences, lost = shown.now(), shown.store.silences(), shown.store.lost()
    ringing = [alert for alert in shown.board.alerts.values() if alert.state.active]
    found: list[Muted] = []
    for alert in ringing:
        mutes = muted_by(alert, ringing, silences=silences, inhibits=inhibits, now=now)
        missed = tuple(_missed(note) for note in lost if note.alert_id == alert.alert_id)
        found.append(Muted(alert_id=alert.alert_id, mutes=(*mutes, *missed)))
    return [each for each in found if each.mutes]


def _missed(note: Notified) -> Mute:
    how = "refused it" if note.outcome is Outcome.REFUSED else "did not answer for too long"
    return Mute(kind=MutedBy.CHANNEL, ident=note.channel, reason=f"{note.channel} {how}")
