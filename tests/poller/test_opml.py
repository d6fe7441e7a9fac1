"""Lists of feeds from and for other readers."""

from pathlib import Path

import pytest
import yaml

from services.core.errors import InputError
from services.poller.files import load_sources
from services.poller.opml import read_opml, write_opml, yaml_line
from services.poller.sources import parse_sources
from tests.poller.samples import source

FOREIGN = b"""<?xml version="1.0"?><opml version="1.0"><head/><body>
<outline text="World">
  <outline text="BBC News &amp; more" type="rss" xmlUrl="https://feeds.bbc.co.uk/world.xml" htmlUrl="https://bbc.co.uk"/>
  <outline text="BBC News &amp; more" xmlUrl="https://feeds.bbc.co.uk/other.xml"/>
  <outline text="again" xmlUrl="https://feeds.bbc.co.uk/other.xml"/>
  <outline text="mail" xmlUrl="mailto:a@b"/>
  <outline xmlUrl="https://www.example.org/feed"/>
</outline></body></opml>"""


def test_a_foreign_list_is_read_with_what_can_be_guessed() -> None:
    imported = read_opml(FOREIGN, "list.opml")
    assert [(each.id, each.outlet, each.country) for each in imported.sources] == [
        ("bbc-news-more", "bbc", "ZZZ"),
        ("bbc-news-more-2", "bbc", "ZZZ"),
        ("example", "example", "ZZZ"),
    ]
    assert [str(problem) for problem in imported.problems] == [
        "list.opml: line 5: https://feeds.bbc.co.uk/other.xml is there already, as bbc-news-more-2",
        "list.opml: line 6: url: must be a URL that starts with http:// or https://",
    ]


def test_feeds_that_are_known_are_not_imported_again() -> None:
    known = source("bbc-news-more", "https://feeds.bbc.co.uk/world.xml")
    assert [each.id for each in read_opml(FOREIGN, "list.opml", [known]).sources] == ["bbc-news-more-2", "example"]


def test_an_exported_list_comes_back_as_it_was() -> None:
    sources = (*load_sources(Path("seeds/feeds.yaml")), source("quoted", "https://news.example/?a=\"1\"&b='2'<3>"))
    imported = read_opml(write_opml(sources, "Ours & <theirs>").encode(), "list.opml")
    assert imported.sources == sources
    assert imported.problems == ()


def test_imported_feeds_are_appended_to_a_feeds_file_as_lines() -> None:
    before = Path("seeds/feeds.yaml").read_text()
    new = read_opml(FOREIGN, "list.opml").sources
    after = parse_sources(yaml.safe_load(before + "".join(map(yaml_line, new))), "feeds.yaml")
    assert after[-3:] == new


def test_thousands_of_feeds_of_the_same_name_get_ids_of_their_own() -> None:
    outlines = "".join(f"<outline text='News' xmlUrl='https://h{number}.example/'/>" for number in range(3000))
    known = source("news-7", "https://known.example/")
    new = read_opml(f"<opml><body>{outlines}</body></opml>".encode(), "list.opml", [known]).sources
    assert [each.id for each in new[:7]] == ["news", *(f"news-{number}" for number in (2, 3, 4, 5, 6, 8))]
    assert len({each.id for each in new}) == 3000


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is not XML"),
        (b"<opml><body>", "is not XML"),
        (b"<rss/>", "is not OPML, but <rss>"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><opml>&b;</opml>', "declares entities"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><opml>&b;</opml>', "declares entities"),
    ],
)
def test_what_is_no_list_of_feeds_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_opml(body, "list.opml")
