"""What is silenced or inhibited is not delivered, but counted, and delivered when it may be heard if it still rings."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from services.core.alert import Alert, AlertState
from services.core.inhibit import Inhibit
from services.core.silence import Silence, new_silence
from services.core.topics import ALERTS, SILENCES
from services.core.wire import encode
from services.notifier.channels import Result
from services.notifier.delivery import Delivery
from services.notifier.heard import Heard
from services.notifier.limit import Limit
from services.runtime.broker import KafkaBroker, Record
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.rulesfile import InForce
from services.runtime.settings import Settings
from services.runtime.silences import read_silences, write_silence
from services.runtime.stage import Stage
from tests.dashboard.samples import NOON, alert

WIDE = Inhibit(source=("group_by=country",), target=("group_by=place",), equal=("country",))


class Taken:
    """A channel that takes what it is given, unless it is away."""

    name = "webhook"

    def __init__(self) -> None:
        self.alerts: list[tuple[str, str]] = []
        self.away = False

    async def deliver(self, alert: Alert) -> Result:
        if self.away:
            return Result.UNREACHABLE
        self.alerts.append((alert.alert_id, alert.state.value))
        return Result.DELIVERED

    async def summarize(self, alerts: Sequence[Alert]) -> Result:
        return Result.UNREACHABLE if self.away else await self.deliver(alerts[0])


async def forget(channel: str, alerts: object, outcome: object) -> None:
    """Notes nothing: nothing here is started twice."""


class At(Stage):
    """A stage whose clock stands where it is put."""

    moment = NOON

    def now(self) -> Any:
        return type(self).moment


class Told:
    """A notifier of live alerts that knows of one silence and one inhibition, and what it delivered."""

    def __init__(self, *before: Alert) -> None:
        self.stage = At("notifier", Settings(), Metrics(), Health({"kafka"}), asyncio.Event())
        At.moment = NOON
        self.heard, self.channel = Heard(InForce(inhibit=(WIDE,))), Taken()
        self.hear(silence(), *before)
        self.delivery = Delivery(self.stage, self.channel, self.heard, note=forget, limit=Limit(0))

    def hear(self, *messages: Alert | Silence) -> None:
        self.heard.take([self._record(message) for message in messages], "silences")

    async def tell(self, *alerts: Alert) -> list[tuple[str, str]]:
        self.hear(*alerts)
        for each in alerts:
            await self.delivery.handle(each)
        await self.delivery.send_held()
        return self.channel.alerts

    async def at(self, hours: float) -> list[tuple[str, str]]:
        At.moment = NOON + timedelta(hours=hours)
        await self.delivery.send_held()
        return self.channel.alerts

    def muted(self) -> float:
        labels = {"channel": "webhook", "result": "muted"}
        return self.stage.metrics.registry.get_sample_value("tocsin_notifications_total", labels) or 0.0

    @staticmethod
    def _record(message: Alert | Silence) -> Record:
        return Record("silences" if isinstance(message, Silence) else "alerts", b"x", encode(message))


def silence(**changes: Any) -> Silence:
    until = NOON + timedelta(hours=2)
    found = new_silence(["group=quiet"], starts_at=NOON, ends_at=until, author="Ada", comment="known")
    return found.model_copy(update=changes)


def quiet(**changes: Any) -> Alert:
    return alert(**{"alert_id": "q", "group": "quiet", **changes})


async def test_a_silenced_alert_waits_until_the_silence_ends_if_it_still_rings() -> None:
    told = Told()
    assert await told.tell(quiet(), alert()) == [("alert-1", "firing")]
    assert told.muted() == 1
    assert await told.at(1.9) == [("alert-1", "firing")]
    assert await told.at(2) == [("alert-1", "firing"), ("q", "firing")]
    assert await told.at(3) == [("alert-1", "firing"), ("q", "firing")]


async def test_what_ended_while_it_was_silenced_is_not_told_unless_its_beginning_was() -> None:
    told, ended = Told(), {"state": "resolved", "changed_at": NOON + timedelta(hours=1)}
    assert await told.tell(quiet(), quiet(**ended)) == []
    assert await told.at(5) == []
    told = Told()
    told.hear(silence(ends_at=NOON))
    await told.tell(quiet())
    told.hear(silence())
    assert await told.tell(quiet(**ended)) == [("q", "firing")]
    assert await told.at(5) == [("q", "firing"), ("q", "resolved")]


async def test_a_silence_that_is_expired_by_hand_lets_go_at_once() -> None:
    told = Told()
    await told.tell(quiet())
    told.hear(silence(ends_at=NOON))
    assert await told.at(0) == [("q", "firing")]


async def test_an_inhibited_alert_waits_until_the_other_one_is_over() -> None:
    told = Told()
    wide = alert(alert_id="w", group_by="country", country="AAA")
    place = alert(alert_id="p", group_by="place", country="AAA")
    assert await told.tell(wide, place) == [("w", "firing")]
    over = wide.model_copy(update={"state": AlertState.RESOLVED, "changed_at": NOON + timedelta(hours=1)})
    assert await told.tell(over) == [("w", "firing"), ("w", "resolved"), ("p", "firing")]


async def test_after_a_start_what_rings_and_is_muted_is_held_again() -> None:
    told = Told(quiet(), alert(alert_id="replay", group="quiet", stream="seeds"))
    assert await told.at(1) == []
    told.channel.away = True
    assert await told.at(2) == []
    told.channel.away = False
    assert await told.at(2) == [("q", "firing")]


async def test_silences_are_read_back_as_they_stand(embedded_kafka: str) -> None:
    settings = Settings.model_validate({"kafka": embedded_kafka, "topics": {"prefix": "hush"}})
    broker, names = KafkaBroker(settings, "test"), At("x", settings, Metrics(), Health(set()), asyncio.Event()).topics
    assert await read_silences(broker, names) == {}
    other = silence(silence_id="other")
    for each in (silence(), other, other.expired(NOON)):
        await write_silence(broker, names, each, NOON)
    async with broker.producer() as producer:
        await producer.send(Record(names.of(SILENCES), b"broken", b"not json"))
    assert await read_silences(broker, names) == {silence().silence_id: silence(), "other": other.expired(NOON)}
    assert names.of(ALERTS) != names.of(SILENCES)
