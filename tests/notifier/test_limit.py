"""Above the limit of a channel comes one summary, and nothing is acknowledged before it is delivered."""

import json
from collections.abc import Sequence
from datetime import timedelta

from services.core.alert import Alert
from services.core.notified import Outcome
from services.core.rule import Severity
from services.notifier.channels import Result
from services.notifier.delivery import Delivery
from services.notifier.heard import Heard
from services.notifier.limit import Limit
from services.notifier.request import LISTED, summary_request
from services.notifier.route import Decision
from tests.dashboard.samples import NOON, alert
from tests.notifier.test_muted import At, Taken, Told, silence

MINUTE = timedelta(minutes=1)


def test_so_many_a_minute_are_let_through() -> None:
    limit = Limit(2)
    assert [limit.take(NOON + timedelta(seconds=s)) for s in (0, 59, 59.9, 60, 61, 62)] == [1, 1, 0, 1, 1, 0]
    assert limit.take(NOON - timedelta(hours=1))  # the clock was set back
    assert all(Limit(0).take(NOON) for _ in range(100))


class Flooded(Taken):
    """Takes summaries too."""

    def __init__(self) -> None:
        super().__init__()
        self.summaries: list[list[str]] = []

    async def summarize(self, alerts: Sequence[Alert]) -> Result:
        if self.away:
            return Result.UNREACHABLE
        self.summaries.append([each.alert_id for each in alerts])
        return Result.DELIVERED


class Flood:
    """A channel that is told of two changes a minute, and its notes."""

    def __init__(self) -> None:
        self.told, self.channel, self.noted = Told(), Flooded(), []
        self.heard: Heard = self.told.heard
        self.delivery = Delivery(self.told.stage, self.channel, self.heard, note=self._note, limit=Limit(2))

    async def _note(self, channel: str, alerts: Sequence[Alert], _: Outcome) -> None:
        assert channel == "webhook"
        self.noted += [each.alert_id for each in alerts]

    async def tell(self, *names: str) -> list[object]:
        return [await self.delivery.handle(alert(alert_id=name, group=name)) for name in names]

    async def later(self) -> None:
        At.moment = At.moment + MINUTE
        await self.delivery.send_surplus()


async def test_what_is_above_the_limit_comes_in_one_summary() -> None:
    flood = Flood()
    assert await flood.tell(*"abcd") == [Result.DELIVERED] * 2 + [Decision.HELD_BACK] * 2
    await flood.delivery.send_surplus()
    assert (flood.channel.summaries, flood.delivery.done) == ([], False)
    await flood.later()
    assert (flood.channel.summaries, flood.delivery.done) == ([["c", "d"]], True)
    assert flood.noted == ["a", "b", "c", "d"]
    assert await flood.tell("c", "e") == [Decision.ALREADY_SENT, Result.DELIVERED]


async def test_nothing_goes_ahead_of_what_waits_for_the_summary() -> None:
    flood = Flood()
    await flood.tell(*"abc")
    At.moment = At.moment + MINUTE
    assert await flood.tell("d") == [Decision.HELD_BACK]
    await flood.delivery.send_surplus()
    assert flood.channel.summaries == [["c", "d"]]


async def test_a_summary_that_could_not_be_delivered_comes_later_and_whole() -> None:
    flood = Flood()
    await flood.tell(*"abcd")
    flood.channel.away = True
    await flood.later()
    flood.channel.away = False
    assert not flood.delivery.done
    await flood.later()
    assert flood.channel.summaries == [["c", "d"]]


async def test_a_single_change_needs_no_summary_and_a_silenced_one_is_in_none() -> None:
    flood = Flood()
    await flood.tell("a", "b", "c", "quiet-too")
    flood.told.hear(silence(silence_id="other", matchers=("group=quiet-too",)))
    await flood.later()
    assert (flood.channel.summaries, flood.channel.alerts[-1]) == ([], ("c", "firing"))
    assert flood.delivery.done


def test_the_summary_of_a_webhook_lists_the_gravest_first_and_is_named_by_its_changes() -> None:
    many = [alert(alert_id=str(number)) for number in range(LISTED + 5)]
    worst = alert(alert_id="worst", severity=Severity.CRITICAL)
    request = summary_request([*many, worst], secret="key", now=NOON)
    body = json.loads(request.body)
    assert (body["count"], len(body["changes"]), body["changes"][0]["alert_id"]) == (LISTED + 6, LISTED, "worst")
    assert (request.headers["X-Tocsin-Kind"], "X-Tocsin-Signature" in request.headers) == ("summary", True)
    again = summary_request([worst, *many], secret="", now=NOON + MINUTE)
    assert again.headers["Idempotency-Key"] == request.headers["Idempotency-Key"]
