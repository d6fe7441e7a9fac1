"""Articles with the text of their pages: when it is better, and fetched with what manners."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from services.core.article import Article, new_article
from services.core.errors import ConfigError
from services.core.feed_state import Result
from services.poller import pages as pages_module
from services.poller.answer import Failure
from services.poller.children import Children
from services.poller.clock import WallClock
from services.poller.extraction import Page, done
from services.poller.fetch import Limits, open_fetcher
from services.poller.fulltext import Choice, choose
from services.poller.hosts import Hosts
from services.poller.pages import Pages, open_pages, require_extra
from services.runtime.metrics import Metrics
from tests.poller.samples import NOW
from tests.poller.server import Handler, always, serving

TEASER = "Shells fell near the village of Gobustan on Sunday, officials said."
STORY = [
    TEASER,
    "Two houses burned down and a school was damaged, the regional governor told reporters in the evening.",
    "Residents spent the night in cellars while ambulances waited for the firing to stop on the northern road.",
    "The ministry called the shelling a breach of the truce and said it would answer every further attack.",
]


def page_of(*paragraphs: str) -> bytes:
    """A page with an article, and what else pages have."""
    inner = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    noise = "<nav><a href='/'>Home</a><a href='/sport'>Sport</a></nav><script>alert('Subscribe!')</script>"
    article = f"<article><h1>Shells fall</h1>{inner}</article><footer>Cookies</footer>"
    return f"<!doctype html><html><head><title>Shells</title></head><body>{noise}{article}</body></html>".encode()


def told(url: str = "https://news.example/1", text: str = f"Shells fall\n\n{TEASER}") -> Article:
    """An article as its feed tells it."""
    return new_article(text=text, title="Shells fall", url=url, source="wire", fetched=NOW)


def test_a_longer_text_that_tells_of_the_same_is_better_and_makes_its_own_revision() -> None:
    article, choice = choose(told(), "\n\n".join(STORY))
    assert (choice, article.text_from, article.id) == (Choice.PAGE, "page", told().id)
    assert article.text == "\n\n".join(["Shells fall", *STORY])
    assert article.revision != told().revision
    assert article.fingerprint != told().fingerprint


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("", Choice.SHORTER),
        ("Shells fell.", Choice.SHORTER),
        ("We value your privacy and ask for consent to store information on this device. " * 5, Choice.UNRELATED),
    ],
)
def test_a_worse_text_is_not_taken(text: str, choice: Choice) -> None:
    assert choose(told(), text) == (told(), choice)


def test_the_article_is_taken_out_of_its_page() -> None:
    text = done(Page(page_of(*STORY), "https://news.example/1"))
    assert isinstance(text, str)
    assert "Residents spent the night" in text
    assert not any(noise in text for noise in ("Subscribe", "Sport", "<"))


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 1000, b"<html>", b"plain words", b"<div>" * 20_000 + b"deep", b"\xff\xfe<"]
)
def test_what_holds_no_article_gives_no_text_and_no_trouble(body: bytes) -> None:
    assert isinstance(done(Page(body, "https://news.example/1")), str | Failure)


async def test_an_extraction_that_takes_too_long_is_ended() -> None:
    slow: Children[Page, str | Failure] = Children(
        "services.poller.extraction", processes=1, seconds=0.5, what="extract"
    )
    huge = Page(page_of(*[f"{TEASER} {number}" for number in range(60_000)]), "https://news.example/1")
    try:
        assert await slow.do(huge) == Failure(Result.TOO_LARGE, "takes more than 0.5 s to extract")
    finally:
        await slow.close()


def test_without_the_extra_the_poller_says_what_to_install() -> None:
    with pytest.raises(ConfigError, match=r"TOCSIN_POLLER__FULL_TEXT: needs the extra `fulltext`"):
        require_extra(installed=False)


@asynccontextmanager
async def reading(metrics: Metrics | None = None, *, seconds: int = 30) -> AsyncIterator[Pages]:
    """Pages without a pause between them."""
    limits = Limits(timedelta(seconds=seconds), 1_000_000)
    clock = WallClock()
    async with (
        open_fetcher(limits, "Tocsin-Test/1", allowed=lambda _: True) as fetcher,
        open_pages(
            fetcher, Hosts(clock, timedelta()), clock, metrics=metrics or Metrics(), user_agent="Tocsin-Test/1"
        ) as pages,
    ):
        yield pages


def to(url: str) -> Handler:
    """Redirects there."""
    return always(status=302, Location=url)


async def test_new_articles_get_the_better_text_and_what_was_used_is_recorded() -> None:
    html = {"Content_Type": "text/html; charset=utf-8"}
    routes = {
        "/robots.txt": always(b"User-agent: *\nDisallow: /private"),
        "/long": always(page_of(*STORY), **html),
        "/moved": to("/long"),
        "/short": always(page_of("Nothing."), **html),
        "/private/1": always(page_of(*STORY), **html),
        "/hidden": to("/private/1"),
        "/pdf": always(b"%PDF", Content_Type="application/pdf"),
    }
    metrics = Metrics()
    async with serving(routes) as site, reading(metrics) as pages:
        paths = ("/long", "/moved", "/short", "/private/1", "/hidden", "/pdf", "/gone")
        articles = await pages.told((told(""), *(told(site.url(path)) for path in paths)))
        asked = [request.path for request in site.asked]
    assert [article.text_from for article in articles] == ["feed", "page", "page", *["feed"] * 5]
    assert asked.count("/robots.txt") == 1
    assert "/private/1" not in asked
    count = metrics.registry.get_sample_value
    reasons = {"page": 2, "no_link": 1, "shorter": 1, "robots": 2, "not_a_page": 1, "unreachable": 1}
    for reason, number in reasons.items():
        used = "page" if reason == "page" else "feed"
        assert count("tocsin_article_texts_total", {"used": used, "reason": reason}) == number


async def test_of_many_articles_the_newest_are_read_and_all_come_back_in_their_order() -> None:
    routes = {"/robots.txt": always(status=404)}
    async with serving(routes) as site, reading() as pages:
        articles = [
            told(site.url(f"/{number}")).model_copy(update={"published": NOW - timedelta(hours=number)})
            for number in range(pages_module.MOST + 5)
        ]
        assert await pages.told(tuple(articles)) == tuple(articles)
        asked = [request.path for request in site.asked]
    assert asked == ["/robots.txt", *(f"/{number}" for number in range(pages_module.MOST))]


async def test_a_site_whose_rules_do_not_come_is_not_read() -> None:
    async def hang(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async with serving({"/robots.txt": hang, "/1": always(page_of(*STORY))}) as site, reading(seconds=1) as pages:
        (article,) = await pages.told((told(site.url("/1")),))
        assert [request.path for request in site.asked] == ["/robots.txt"]
    assert article.text_from == "feed"
