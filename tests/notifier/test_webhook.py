"""Deliveries to a real server that fails in every way a server can."""

import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from services.core.alert import Alert
from services.core.wire import decode
from services.notifier.channels import Result, Webhook
from services.notifier.request import signature
from tests.dashboard.samples import NOON, alert
from tests.notifier.receiver import receiver


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def webhook(session: aiohttp.ClientSession, url: str, patience: float = 20.0) -> Webhook:
    return Webhook(session, url, secret="key", now=lambda: NOON, patience=patience)


async def test_a_receiver_that_fails_twice_gets_the_alert_the_third_time(session: aiohttp.ClientSession) -> None:
    async with receiver(500, 429) as took:
        assert await webhook(session, took.url).deliver(alert()) is Result.DELIVERED
    assert took.asked == 3
    ((headers, body),) = took.accepted
    assert decode(Alert, body) == alert()
    assert headers["X-Tocsin-Signature"] == "sha256=" + signature("key", headers["X-Tocsin-Timestamp"], body)


async def test_a_receiver_that_refuses_is_not_asked_again(session: aiohttp.ClientSession) -> None:
    for status in (400, 401, 404, 410):
        async with receiver(status) as took:
            assert await webhook(session, took.url).deliver(alert()) is Result.REFUSED
        assert took.asked == 1


async def test_a_redirect_is_not_followed_since_it_could_lead_anywhere(session: aiohttp.ClientSession) -> None:
    async with receiver() as elsewhere, receiver(307, Location=elsewhere.url) as took:
        assert await webhook(session, took.url).deliver(alert()) is Result.REFUSED
    assert elsewhere.asked == 0


async def test_the_pause_that_a_receiver_asks_for_is_kept(session: aiohttp.ClientSession) -> None:
    async with receiver(503, **{"Retry-After": "2"}) as took:
        started = time.monotonic()
        assert await webhook(session, took.url).deliver(alert()) is Result.DELIVERED
        assert time.monotonic() - started >= 2


async def test_a_receiver_that_is_not_there_is_unreachable_after_a_while(session: aiohttp.ClientSession) -> None:
    async with receiver() as took:
        url = took.url
    assert await webhook(session, url, patience=0.5).deliver(alert()) is Result.UNREACHABLE
