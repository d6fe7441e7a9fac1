"""Each channel is told of what is routed to it."""

import asyncio
from datetime import timedelta

from services.core.alert import Alert, AlertState
from services.core.receivers import Receiver, Route
from services.core.rule import Severity
from services.notifier.channels import Result
from services.notifier.delivery import Delivery
from services.notifier.heard import Heard
from services.notifier.limit import Limit
from services.notifier.route import Decision
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.rulesfile import InForce
from services.runtime.settings import Settings
from tests.dashboard.samples import NOON, alert
from tests.notifier.test_muted import At, Taken, forget

ROUTES = (Route.model_validate({"matchers": ["severity=critical"], "receiver": "apprise"}),)


def delivery(name: str) -> Delivery:
    channel = Taken()
    channel.name = name
    stage = At("notifier", Settings(), Metrics(), Health({"kafka"}), asyncio.Event())
    return Delivery(stage, channel, Heard(InForce(routes=ROUTES)), note=forget, limit=Limit(0))


def later(**changes: object) -> Alert:
    return alert(changed_at=NOON + timedelta(hours=1), **changes)


async def test_a_channel_is_not_told_of_what_goes_elsewhere() -> None:
    grave = alert(severity=Severity.CRITICAL)
    assert await delivery("webhook").handle(grave) is Decision.OTHER_RECEIVER
    assert await delivery("apprise-json-1").handle(grave) is Result.DELIVERED
    assert await delivery("webhook").handle(alert()) is Result.DELIVERED
    heard = Heard(InForce(routes=ROUTES))
    assert heard.goes_to(alert(), Receiver.ALERTMANAGER)
    assert not heard.goes_to(grave, Receiver.ALERTMANAGER)


async def test_whoever_was_told_of_a_beginning_is_told_of_the_end_wherever_that_goes() -> None:
    told = delivery("webhook")
    await told.handle(alert())
    worse = later(severity=Severity.CRITICAL, state=AlertState.ESCALATED)
    assert await told.handle(worse) is Result.DELIVERED
