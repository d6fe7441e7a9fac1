"""A channel that does not answer holds nothing up for ever, and is told of what still rings once it does."""

from collections.abc import Collection
from datetime import timedelta

from services.core.alert import Alert, AlertState
from services.core.notified import Notified, Outcome
from services.core.wire import encode
from services.notifier.delivery import Delivery
from services.notifier.limit import Limit
from services.runtime.broker import Record
from tests.dashboard.samples import NOON, alert
from tests.notifier.test_limit import Flood
from tests.notifier.test_muted import At, Told, forget, quiet

HOUR = timedelta(hours=1)


class Away(Told):
    """A notifier whose channel is away."""

    def __init__(self) -> None:
        super().__init__()
        self.channel.away = True

    async def tries(self, hours: float) -> bool:
        """One round of the delivery, so many hours later; whether all may be acknowledged."""
        At.moment = NOON + hours * HOUR
        if await self.delivery.send_waiting():
            await self.delivery.send_surplus()
            await self.delivery.send_held()
        return self.delivery.done

    def counted(self, result: str) -> float:
        labels = {"channel": "webhook", "result": result}
        return self.stage.metrics.registry.get_sample_value("tocsin_notifications_total", labels) or 0.0


async def test_a_change_is_given_up_after_a_while_and_all_that_waited_as_long_with_it() -> None:
    told = Away()
    told.delivery.put([alert(), alert(alert_id="b"), alert(alert_id="x", stream="seeds"), quiet()])
    assert not await told.tries(0.9)
    told.delivery.put([alert(alert_id="late")])
    assert (await told.tries(1), told.counted("given_up"), told.counted("muted")) == (False, 2, 1)
    assert (await told.tries(1.9), told.counted("given_up")) == (True, 3)
    assert "webhook" in told.stage.health.missing


async def test_what_still_rings_is_told_when_the_channel_answers_and_what_is_over_is_not() -> None:
    told = Away()
    told.delivery.put([alert(), alert(alert_id="over")])
    await told.tries(1)
    ended = {"alert_id": "over", "state": AlertState.RESOLVED, "changed_at": NOON + HOUR}
    told.delivery.put([alert(**ended)])
    assert (await told.tries(1.5), await told.tries(2.5), told.channel.alerts) == (False, True, [])
    told.channel.away = False
    assert (await told.tries(3), told.channel.alerts) == (True, [("alert-1", "firing")])
    assert "webhook" not in told.stage.health.missing


async def test_what_was_given_up_is_noted_and_is_told_after_a_restart_if_it_still_rings() -> None:
    told, noted = Away(), []

    async def note(channel: str, alerts: Collection[Alert], outcome: Outcome) -> None:
        noted.extend((channel, each.alert_id, outcome) for each in alerts)

    told.delivery = Delivery(told.stage, told.channel, told.heard, note=note, limit=Limit(0))
    told.delivery.put([alert()])
    await told.tries(1)
    told.channel.away = False
    await told.tries(2)
    assert noted == [("webhook", "alert-1", Outcome.GIVEN_UP), ("webhook", "alert-1", Outcome.DELIVERED)]
    lost = {"channel": "webhook", "alert_id": "a", "state": "firing", "changed_at": NOON, "outcome": "given_up"}
    again = Told()
    again.hear(alert(alert_id="a"), alert(alert_id="never read"))
    again.heard.take([Record("notified", b"x", encode(Notified.model_validate(lost)))], "silences", "notified")
    again.delivery = Delivery(again.stage, again.channel, again.heard, note=forget, limit=Limit(0))
    assert await again.at(1) == [("a", "firing")]


async def test_a_summary_is_given_up_too() -> None:
    flood = Flood()
    await flood.tell("a", "b", "c", "d")
    flood.channel.away = True
    await flood.later()
    assert not flood.delivery.done
    At.moment = NOON + HOUR
    await flood.later()
    assert flood.delivery.done
    flood.channel.away = False
    At.moment += HOUR
    await flood.delivery.send_held()
    assert flood.channel.alerts[-2:] == [("c", "firing"), ("d", "firing")]


async def test_a_channel_that_answers_in_time_is_told_everything() -> None:
    told = Away()
    over = alert(state=AlertState.RESOLVED, changed_at=NOON + HOUR)
    told.delivery.put([alert(), over])
    await told.tries(0.5)
    told.channel.away = False
    assert (await told.tries(2), told.channel.alerts) == (True, [("alert-1", "firing"), ("alert-1", "resolved")])


def test_a_delivery_that_was_given_nothing_is_done() -> None:
    told = Told()
    assert Delivery(told.stage, told.channel, told.heard, note=forget, limit=Limit(0)).done
