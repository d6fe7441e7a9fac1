"""What robots.txt allows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.feed_state import Result
from services.poller.answer import Answer, Failure
from services.poller.robots import Permission, Robots, permission, rules_in
from tests.poller.samples import NOW
from tests.poller.test_hosts import Clock

PAGE = "https://news.example/world/1"
AGENT = "Tocsin/0.1 (+https://example.org/contact)"


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow: /world/", False),
        (b"User-agent: *\nDisallow: /world/\nAllow: /world/1", True),
        (b"User-agent: tocsin\nDisallow: /", False),
        (b"User-agent: other\nDisallow: /", True),
        (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /*/1$", False),
        (b"\x00\xff<html>not found</html>", True),
        (None, False),
    ],
)
def test_a_page_may_be_fetched_where_the_rules_let_us(rules: bytes | None, allowed: bool) -> None:
    assert permission(rules, PAGE, AGENT).allowed is allowed


def test_a_host_may_ask_for_a_pause_between_two_pages() -> None:
    assert permission(b"User-agent: *\nCrawl-delay: 7", PAGE, AGENT).delay == timedelta(seconds=7)
    assert permission(b"User-agent: *\nCrawl-delay: -1e99", PAGE, AGENT).delay == timedelta()


@given(st.binary(), st.text())
def test_any_bytes_are_rules_or_none(rules: bytes, path: str) -> None:
    permission(rules, "https://news.example/" + path, AGENT)


@pytest.mark.parametrize(
    ("answer", "rules"),
    [
        (Answer(200, PAGE, {}, b"x" * 600_000), b"x" * 512_000),
        (Answer(404, PAGE), b""),
        (Answer(403, PAGE), b""),
        (Failure(Result.REDIRECTS, "more than 5 redirects"), b""),
        (Answer(429, PAGE), None),
        (Answer(503, PAGE), None),
        (Failure(Result.TIMEOUT, "slow"), None),
        (Failure(Result.BLOCKED, "private"), None),
    ],
)
def test_a_site_without_the_file_allows_all_and_one_that_does_not_answer_nothing(
    answer: Answer | Failure, rules: bytes | None
) -> None:
    assert rules_in(answer) == rules


class Sites:
    """Answers for robots.txt, and notes who was asked."""

    def __init__(self, *answers: Answer | Failure) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def ask(self, url: str) -> Answer | Failure:
        self.asked.append(url)
        return self.answers.pop(0)


async def test_rules_are_asked_for_once_a_day_and_once_an_hour_where_they_cannot_be_read() -> None:
    clock, sites = (
        Clock(),
        Sites(Answer(503, PAGE), Answer(200, PAGE, {}, b"User-agent: *\nDisallow: /b"), Answer(404, "")),
    )
    robots = Robots(sites.ask, AGENT, clock)
    for hours, allowed, asked in ((0, False, 1), (0.9, False, 1), (1.1, True, 2), (25, True, 2), (25.2, True, 3)):
        clock.time = NOW + timedelta(hours=hours)
        assert (await robots.of(PAGE)).allowed is allowed
        assert sites.asked == ["https://news.example/robots.txt"] * asked


async def test_each_origin_has_rules_of_its_own_and_the_oldest_are_forgotten_when_there_are_too_many() -> None:
    count = 50
    sites = Sites(*[Answer(200, "", {}, b"User-agent: *\nDisallow: /" + b"#" * 500_000)] * (count + 1))
    robots = Robots(sites.ask, AGENT, Clock())
    for number in range(count):
        assert await robots.of(f"https://{number}.example/") == Permission(allowed=False)
    await robots.of(f"https://{count - 1}.example/other")
    assert len(sites.asked) == count
    await robots.of("https://0.example/")
    assert len(sites.asked) == count + 1
