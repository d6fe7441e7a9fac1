"""The feeds file, checked whole."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.core.errors import ConfigError
from services.poller.files import load_sources
from services.poller.sources import Kind, parse_sources

GOOD = {"id": "wire", "url": "https://news.example/rss", "outlet": "wire", "country": "GBR", "kind": "media"}


def problems(*feeds: object) -> list[str]:
    """What is wrong with these feeds."""
    with pytest.raises(ConfigError) as caught:
        parse_sources({"feeds": list(feeds)}, "feeds.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_the_example_feeds_are_read() -> None:
    sources = load_sources(Path("seeds/feeds.yaml"))
    assert len(sources) >= 10
    assert sources[0].interval == timedelta(minutes=10)
    assert {each.kind for each in sources} == set(Kind)


def test_every_problem_is_listed_with_its_path() -> None:
    found = problems({**GOOD, "url": "ftp://a"}, {**GOOD, "id": "Bad Id", "country": "UK"}, {"id": "x"})
    paths = [line.split(": ")[1] for line in found]
    assert {"feeds[0].url", "feeds[1].id", "feeds[1].country", "feeds[2].url", "feeds[2].kind"} <= set(paths)


def test_a_repeated_id_or_url_is_a_problem_of_the_later_feed() -> None:
    assert problems(GOOD, GOOD) == [
        "feeds.yaml: feeds[1].id: 'wire' is that of an earlier feed",
        "feeds.yaml: feeds[1].url: 'https://news.example/rss' is that of an earlier feed",
    ]


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("news.example/rss", "starts with http"),
        ("https:///rss", "host name"),
        ("https://news.example/a b", "without spaces"),
        ("https://news.example:70000/", "ort"),
        ("https://news.example/" + "a" * 3000, "longer than"),
        ("http://[::1", "IPv6"),
    ],
)
def test_a_url_that_cannot_be_polled_is_refused(url: str, part: str) -> None:
    (problem,) = problems({**GOOD, "url": url})
    assert part in problem


@pytest.mark.parametrize("interval", ["0s", "2d", "soon", 15])
def test_an_interval_must_be_a_length_of_time_up_to_a_day(interval: object) -> None:
    assert "feeds[0].interval" in problems({**GOOD, "interval": interval})[0]


def test_unknown_keys_are_refused() -> None:
    assert "feeds[0].colour" in problems({**GOOD, "colour": "red"})[0]


@pytest.mark.parametrize(
    ("content", "part"), [("feeds: [", "is not YAML"), ("- a", "must be a mapping"), ("feeds: []", "feeds")]
)
def test_a_file_that_is_no_feeds_file_says_what_is_wrong(tmp_path: Path, content: str, part: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(content)
    with pytest.raises(ConfigError, match=part):
        load_sources(path)


def test_a_missing_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_sources(tmp_path / "none.yaml")
