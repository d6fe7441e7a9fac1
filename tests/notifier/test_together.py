"""Changes that a route puts into one group are told together, after a wait and then at intervals."""

from datetime import datetime, timedelta
from typing import Any

from services.core.alert import Alert, AlertState
from services.core.receivers import Grouping, Route
from services.notifier.delivery import Delivery
from services.notifier.heard import Heard
from services.notifier.limit import Limit
from services.notifier.route import Decision
from services.notifier.together import Together
from services.runtime.rulesfile import InForce
from tests.dashboard.samples import NOON, alert
from tests.notifier.test_limit import Flooded
from tests.notifier.test_muted import At, Told, forget, quiet

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BY_RULE = Grouping(("rule",), 10 * SECOND, MINUTE)


def due(together: Together, at: datetime) -> list[list[str]]:
    return [sorted(group.changes) for group in together.due(at)]


def test_the_first_change_waits_for_others_and_later_ones_for_the_interval() -> None:
    together = Together()
    for number, name in enumerate(("a", "b")):
        together.add(alert(alert_id=name), {"rule": "x"}, BY_RULE, NOON + number * SECOND)
    together.add(alert(alert_id="c"), {"rule": "y"}, BY_RULE, NOON)
    assert due(together, NOON + 9 * SECOND) == []
    assert due(together, NOON + 10 * SECOND) == [["a", "b"], ["c"]]
    together.close(together.due(NOON + 10 * SECOND)[0], NOON + 10 * SECOND)
    together.add(alert(alert_id="d"), {"rule": "x"}, BY_RULE, NOON + 30 * SECOND)
    assert due(together, NOON + 69 * SECOND) == [["c"]]
    assert due(together, NOON + 70 * SECOND) == [["c"], ["d"]]
    for group in together.due(NOON + 70 * SECOND):
        together.close(group, NOON + 70 * SECOND)
    assert not together
    together.add(alert(alert_id="e"), {"rule": "x"}, BY_RULE, NOON + timedelta(hours=1))
    assert due(together, NOON + timedelta(hours=1) + 10 * SECOND) == [["e"]]


def test_of_an_alert_the_latest_change_is_told() -> None:
    together = Together()
    for hours in (1, 2, 0):
        changed = alert(changed_at=NOON + timedelta(hours=hours))
        together.add(changed, {}, BY_RULE, NOON)
    (group,) = together.due(NOON + MINUTE)
    assert group.changes["alert-1"].changed_at == NOON + timedelta(hours=2)


class Grouped(Told):
    """A notifier whose webhook is told of all alerts of a country together."""

    def __init__(self, most: int = 0) -> None:
        super().__init__()
        route = {"group_by": ["country"], "group_wait": "10s", "group_interval": "1m"}
        self.heard = Heard(InForce(routes=(Route.model_validate(route),)))
        self.hear()
        self.flooded = Flooded()
        self.delivery = Delivery(self.stage, self.flooded, self.heard, note=forget, limit=Limit(most))

    async def comes(self, *names: str, **changes: Any) -> None:
        for name in names:
            change = alert(alert_id=name, country="AAA", **changes)
            self.hear(change)
            assert await self.delivery.handle(change) is Decision.GROUPED

    async def after(self, seconds: int) -> bool:
        At.moment = NOON + seconds * SECOND
        await self.delivery.send_groups()
        return self.delivery.done


async def test_several_are_told_in_a_summary_and_one_by_itself() -> None:
    told = Grouped()
    await told.comes("a", "b")
    assert not await told.after(9)
    assert (await told.after(10), told.flooded.summaries) == (True, [["a", "b"]])
    await told.comes("c")
    assert not await told.after(60)
    assert (await told.after(70), told.flooded.alerts) == (True, [("c", "firing")])


async def test_what_began_and_ended_while_it_waited_is_not_told() -> None:
    told = Grouped()
    await told.comes("a", "b")
    await told.comes("a", state=AlertState.RESOLVED, changed_at=NOON + SECOND)
    assert (await told.after(10), told.flooded.alerts) == (True, [("b", "firing")])
    await told.comes("b", state=AlertState.RESOLVED, changed_at=NOON + SECOND)
    assert (await told.after(70), told.flooded.alerts[1:]) == (True, [("b", "resolved")])


async def test_a_group_waits_for_the_limit_and_for_a_channel_that_is_away_until_it_is_given_up() -> None:
    told = Grouped(most=1)
    await told.comes("a")
    await told.after(10)
    await told.delivery.handle(other := alert(alert_id="b", country="BBB"))
    assert not await told.after(25)
    told.flooded.away = True
    assert not await told.after(80)
    assert await told.after(3_700)
    told.hear(other)
    await told.delivery.send_held()
    assert await told.after(3_701), "what was given up holds nothing up"
    told.flooded.away = False
    At.moment += MINUTE
    await told.delivery.send_held()
    assert told.flooded.alerts == [("a", "firing"), ("b", "firing")]


async def test_what_is_silenced_while_it_waits_is_held() -> None:
    told = Grouped()
    told.heard.silences.clear()
    change: Alert = quiet(country="AAA")
    told.hear(change)
    await told.delivery.handle(change)
    told.heard.silences |= Told().heard.silences
    assert (await told.after(10), told.flooded.alerts) == (True, [])
