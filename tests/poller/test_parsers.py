"""Feeds are parsed in processes that do not outlive their time."""

import asyncio

from services.core.feed_state import Result
from services.poller.answer import Failure
from services.poller.feed import Parsed
from services.poller.parsers import open_parsers
from services.poller.parsing import Job
from tests.poller.samples import NOW, item, rss, source

GOOD = Job(rss(item(1)), source(), NOW, "https://news.example/feed", "application/xml")
# A second of feedparser's time for every few thousand of these.
SLOW = Job(b"<rss version='2.0'><channel><item>" + b"<link>http://a/</link>" * 120_000, source(), NOW, "", "")


async def test_feeds_are_parsed_side_by_side_and_one_after_the_other() -> None:
    async with open_parsers() as parsers:
        results = await asyncio.gather(*(parsers.parse(GOOD) for _ in range(5)))
    assert all(isinstance(result, Parsed) and len(result.articles) == 1 for result in results)


async def test_what_is_no_feed_is_a_failure_with_its_reason() -> None:
    async with open_parsers() as parsers:
        result = await parsers.parse(Job(b"<html>", source(), NOW, "", ""))
    assert result == Failure(Result.NOT_A_FEED, "an HTML page, not a feed")


async def test_feeds_that_take_too_long_are_given_up_and_common_ones_do_not_wait_for_them() -> None:
    async with open_parsers(seconds=3.0) as parsers:
        await parsers.parse(GOOD)
        slow = [asyncio.create_task(parsers.parse(SLOW)) for _ in range(2)]
        await asyncio.sleep(0)
        for _ in range(3):
            assert isinstance(await parsers.parse(GOOD), Parsed)
        assert not slow[1].done()
        assert await asyncio.gather(*slow) == [Failure(Result.TOO_LARGE, "takes more than 3 s to parse")] * 2


async def test_more_large_feeds_than_can_wait_are_told_to_come_again() -> None:
    async with open_parsers() as parsers:
        tasks = [asyncio.create_task(parsers.parse(SLOW)) for _ in range(10)]
        done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert [task.result() for task in done] == [
            Failure(Result.TIMEOUT, "too many large feeds wait to be parsed")
        ] * 2
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(await parsers.parse(GOOD), Parsed)


async def test_a_feed_that_takes_too_much_memory_is_a_failure() -> None:
    attributes = b"<rss version='2.0'><channel><item " + b" ".join(b"a%d='b'" % number for number in range(700_000))
    async with open_parsers() as parsers:
        result, good = await parsers.parse(Job(attributes, source(), NOW, "", "")), await parsers.parse(GOOD)
    assert isinstance(result, Parsed | Failure)
    assert isinstance(good, Parsed)
