"""Trying a feed by hand, and telling how all are."""

import json
from datetime import timedelta

import pytest

from services.core.feed_state import FeedState, Result
from services.poller.by_hand import feed_rows, try_feed
from services.runtime.sections import PollerSettings
from services.runtime.settings import Settings
from tests.poller.samples import item, rss, source
from tests.poller.server import always, serving

OPEN = Settings(poller=PollerSettings(allow_private_addresses=True, timeout=timedelta(seconds=30)))


async def test_a_trial_shows_what_would_be_ingested_and_why_not() -> None:
    async with serving({"/feed": always(rss(item(1), "<guid>2</guid>"))}) as site:
        trial = await try_feed(site.url("/feed"), OPEN)
    printed = json.loads(json.dumps(trial.as_json()))
    assert list(printed) == ["url", "ok", "status", "reason", "items"]
    assert (printed["ok"], printed["status"], printed["reason"]) == (True, 200, "")
    assert set(printed["items"][0]) == {"id", "title", "url", "published", "text"}
    assert printed["items"][0]["published"] == "2026-03-02T10:00:00Z"
    assert [each.reason for each in trial.skipped] == ["has neither a title nor a text"]


async def test_an_empty_feed_is_a_feed() -> None:
    async with serving({"/feed": always(rss())}) as site:
        trial = await try_feed(site.url("/feed"), OPEN)
    assert (trial.ok, trial.reason) == (True, "empty: a feed without items")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/page", "not_a_feed: an HTML page, not a feed"),
        ("/none", "HTTP 404"),
        ("ftp://a", "must be a URL that starts with http:// or https://"),
        ("", "must be a URL that starts with http:// or https://"),
        ("http://[", "Invalid IPv6 URL"),
        ("http://feeds.invalid/", "dns: "),
    ],
)
async def test_whatever_is_there_the_answer_is_a_reason(url: str, reason: str) -> None:
    async with serving({"/page": always(b"<html>")}) as site:
        trial = await try_feed(site.url(url) if url.startswith("/") else url, OPEN)
    assert not trial.ok
    assert trial.reason.startswith(reason)
    assert trial.as_json()["items"] == []


async def test_where_full_texts_are_wanted_the_trial_shows_them() -> None:
    story = "Shells fell near the village on Sunday. Two houses burned down, and a school was damaged, officials said."
    page = f"<html><body><article><h1>Story</h1>{f'<p>{story}</p>' * 5}</article></body></html>"
    routes = {"/page": always(page.encode(), Content_Type="text/html"), "/robots.txt": always(status=404)}
    async with serving(routes) as site:
        link = f"<link>{site.url('/page')}</link>"
        body = rss(f"<title>Story</title>{link}<description>Shells fell near the village.</description>")
        async with serving({"/feed": always(body)}) as feeds:
            wanted = OPEN.poller.model_copy(update={"full_text": True})
            trial = await try_feed(feeds.url("/feed"), OPEN.model_copy(update={"poller": wanted}))
    assert "Two houses burned down" in trial.articles[0].text
    assert trial.articles[0].text_from == "page"


async def test_private_addresses_are_refused_by_hand_too() -> None:
    trial = await try_feed("http://127.0.0.1:1/", Settings())
    assert trial.reason == "blocked: leads to an address that is not public"


def test_all_feeds_are_listed_the_worst_first() -> None:
    sources = [source(name, f"https://{name}.example/") for name in ("well", "fails", "gone", "new")]
    states = {
        "well": FeedState(source="well", url="https://well.example/", result=Result.NEW),
        "fails": FeedState(source="fails", url="https://fails.example/", result=Result.DNS, failures=3),
        "gone": FeedState(source="gone", url="https://gone.example/", result=Result.GONE, failures=1, stopped=True),
    }
    assert [each.id for each, _ in feed_rows(sources, states)] == ["gone", "fails", "new", "well"]
