"""JSON Lines and feeds as stored articles."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from services.core.article import Article, new_article
from services.core.wire import decode, encode
from tests.commands.stored import DAY, FEED, line, read


def test_a_line_fills_the_article(tmp_path: Path) -> None:
    fields = {"id": "a1", "title": "T", "url": "https://a.example/1", "source": "desk", "outlet": "herald"}
    (tmp_path / "x.jsonl").write_text(line(**fields, language="en", mood="grim"))
    (made,), bad = read(tmp_path)
    assert {key: getattr(made, key) for key in fields} == fields
    assert (made.stream, made.text, bad) == ("test", "Two sides clashed.", [])
    assert made.published == made.fetched == DAY + timedelta(hours=8)


def test_when_it_was_fetched_is_kept_so_that_lateness_can_be_replayed(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(line(fetched="2020-10-29T08:00:00Z") + line(fetched="2019-01-01T00:00:00Z"))
    (late, impossible), _ = read(tmp_path)
    assert late.fetched - late.published == timedelta(days=30)
    assert impossible.fetched == impossible.published


def test_bad_lines_are_told_by_number_and_the_others_are_read(tmp_path: Path) -> None:
    bad_lines = ["{", "[1]", "\n", line(text=["x"]), line(published="soon"), json.dumps({"text": "x"}), "[" * 90_000]
    body = line(id="first").encode() + b"\xff\xfe\n" + "\n".join(one.strip() for one in bad_lines).encode()
    (tmp_path / "x.jsonl").write_bytes(body + b"\n" + line(id="last").encode())
    articles, bad = read(tmp_path)
    assert [one.id for one in articles] == ["first", "last"]
    assert [problem.split(":")[1] for problem in bad] == ["2", "3", "4", "6", "7", "8", "9"]
    assert bad[0].endswith("is not UTF-8 at byte 0")
    assert "is not JSON" in bad[1]
    assert "is not a JSON object" in bad[2]
    assert "text: Input should be a valid string" in bad[3]
    assert "published: Input should be a valid datetime" in bad[4]
    assert "has no publication date" in bad[5]


@pytest.mark.parametrize("character", ["\u2028", "\x85", "\u2029"])
def test_what_only_looks_like_the_end_of_a_line_does_not_end_it(tmp_path: Path, character: str) -> None:
    text = f"One{character}two."
    row = json.dumps({"text": text, "published": "2020-09-29"}, ensure_ascii=False)
    (tmp_path / "x.jsonl").write_text(f"\ufeff{row}\r\n{row}", encoding="utf-8", newline="")
    articles, bad = read(tmp_path)
    assert ([one.text for one in articles], bad) == ([text, text], [])


def test_halves_of_characters_are_replaced_so_that_the_article_can_be_sent(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(line(text="ab\ud83dcd", title="\ud83d"))
    (made,), _ = read(tmp_path)
    assert (made.text, made.title) == ("ab\ufffdcd", "\ufffd")
    assert decode(Article, encode(made)) == made


def test_nulls_are_what_is_not_there_and_numbers_are_taken_for_ids(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(line(id=7, title=None, outlet=None))
    (made,), _ = read(tmp_path)
    assert (made.id, made.title, made.outlet) == ("7", "", "stored")


def test_an_article_without_an_id_has_that_of_its_url_or_text(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(line(source="s", url="https://a.example/1") + line(source="s"))
    (by_url, by_text), _ = read(tmp_path)
    like = {"source": "s", "fetched": DAY}
    assert by_url.id == new_article(text="whatever", url="https://a.example/1", **like).id  # type: ignore[arg-type]
    assert by_text.id == new_article(text="Two sides clashed.", **like).id  # type: ignore[arg-type]


def test_a_stored_feed_is_read_as_the_poller_reads_it(tmp_path: Path) -> None:
    (tmp_path / "The World (new).xml").write_bytes(FEED)
    (made,), bad = read(tmp_path)
    assert (made.title, made.url, made.outlet) == ("Shells hit a village", "https://t.example/1", "the-world-new")
    assert made.published == made.fetched == DAY + timedelta(hours=8)
    assert (made.stream, made.published_known) == ("test", True)
    assert [problem.partition(".xml: ")[2][:34] for problem in bad] == [
        "3: has neither a title nor a text",
        "No date here: has no publication d",
    ]


def test_items_of_a_feed_without_a_date_get_the_one_given(tmp_path: Path) -> None:
    (tmp_path / "x.rss").write_bytes(FEED)
    articles, _ = read(tmp_path, published=DAY)
    assert [one.published for one in articles] == [DAY + timedelta(hours=8), DAY]


def test_two_feeds_do_not_share_ids(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_bytes(FEED)
    articles, _ = read(tmp_path)
    assert len({one.id for one in articles}) == len(articles) == 2


def test_what_is_no_feed_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text("no feed at all")
    articles, (problem,) = read(tmp_path)
    assert articles == []
    assert problem.startswith("/x.xml: is not a feed: ")
