"""When a feed is polled next. Pure: time and chance are arguments."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.core.feed_state import FeedState, Result
from services.poller.answer import Outcome
from services.poller.sources import Source

LONGEST = timedelta(days=1)
"""No feed is left alone for longer, whatever it asks and however often it failed; hours it skips come on top."""

JITTER = 0.1
"""Share by which chance stretches each interval at most."""

QUIET_SHARE = 0.1
"""A feed that was quiet for a time is left alone for this share of it: its next item is seldom sooner."""

_MAX_STEPS = 20


@dataclass(frozen=True)
class Cadence:
    """Bounds of the time between two polls: ``interval`` at least; ``slowest`` at most while the feed is well."""

    interval: timedelta
    slowest: timedelta

    @property
    def upper(self) -> timedelta:
        """The longest time between two polls of a feed that is well."""
        return max(self.interval, self.slowest)


def state_of(source: Source, known: FeedState | None) -> FeedState:
    """The state to go on from: what is known, or a new one; of a feed whose URL was changed only what it brought."""
    if known and known.url == source.url:
        return known
    return FeedState(source=source.id, url=source.url, seen=known.seen if known else "")


def next_poll(outcome: Outcome, now: datetime, cadence: Cadence, *, luck: float) -> FeedState:
    """The state after a poll, with the time of the next one.

    Args:
        outcome: how the poll ended.
        now: when it ended.
        cadence: bounds of the interval.
        luck: a random number from 0 (inclusive) to 1; stretches the interval by up to a tenth, so that feeds which
            started together do not stay together.
    """
    after = _counted(outcome, now)
    if after.stopped:
        return after.model_copy(update={"next_poll": None})
    wait = _quiet_time(after, outcome, now, cadence) if outcome.result.ok else _back_off(after, outcome, cadence)
    moment = now + min(wait, LONGEST / (1 + JITTER)) * (1 + JITTER * luck)
    return after.model_copy(update={"next_poll": _outside(after.skip_hours, moment, luck)})


def first_poll(state: FeedState, now: datetime, *, spread: timedelta, luck: float) -> datetime:
    """When to poll after a start: as planned, or where that has passed some time within ``spread``."""
    if state.next_poll is None or state.next_poll <= now:
        return now + spread * luck
    return min(state.next_poll, now + LONGEST)


def _counted(outcome: Outcome, now: datetime) -> FeedState:
    state, result = outcome.state, outcome.result
    common = {
        "polled_at": now,
        "result": result,
        "reason": outcome.reason,
        "status": outcome.status,
        "stopped": result is Result.GONE,
    }
    if result.ok:
        return state.model_copy(update=common | {"failures": 0, "steps": 0, "failing_since": None})
    steps = min(_MAX_STEPS, state.steps + (2 if result.hard else 1))
    counts = {"failures": state.failures + 1, "steps": steps, "failing_since": state.failing_since or now}
    return state.model_copy(update=common | counts)


def _quiet_time(state: FeedState, outcome: Outcome, now: datetime, cadence: Cadence) -> timedelta:
    """The interval, or longer where the feed asks for it or has been quiet, up to the upper bound."""
    quiet = (now - state.new_at) * QUIET_SHARE if state.new_at else timedelta()
    asked = max(quiet, outcome.pause, timedelta(seconds=state.pause))
    return max(cadence.interval, min(asked, cadence.upper))


def _back_off(state: FeedState, outcome: Outcome, cadence: Cadence) -> timedelta:
    """Doubles with each soft failure up to the upper bound, fourfold with each hard one up to a day."""
    longest = LONGEST if outcome.result.hard else cadence.upper
    return max(min(cadence.interval * float(2 ** (state.steps - 1)), longest), outcome.wait)


def _outside(skip_hours: tuple[int, ...], moment: datetime, luck: float) -> datetime:
    """The moment, moved behind the hours that the feed skips; a feed that skips all hours is not believed."""
    if len(skip_hours) >= 24:
        return moment
    while moment.hour in skip_hours:
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, minutes=10 * luck)
    return moment
