"""Text files as stored articles: front matter, dates, manifests; what cannot be read is told and the rest goes on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.commands.articles import files_under, load_manifest, parse_published, split_front_matter
from services.core.errors import InputError
from tests.commands.stored import DAY, NOW, read

SEEDS = Path(__file__).parents[2] / "seeds"
FRONT = "---\nid: a1\ntitle: A title\nurl: https://a.example/1\nsource: desk\noutlet: herald\nlanguage: en\n"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_front_matter_fills_the_article(tmp_path: Path) -> None:
    write(tmp_path, "x.md", f"{FRONT}published: 2020-09-29T12:00:00+04:00\n---\n\nShells hit a village.\n")
    (made,), bad = read(tmp_path)
    assert (made.id, made.title, made.url, made.source, made.outlet) == (
        "a1",
        "A title",
        "https://a.example/1",
        "desk",
        "herald",
    )
    assert (made.stream, made.language, made.text) == ("test", "en", "Shells hit a village.\n")
    assert made.published == made.fetched == datetime(2020, 9, 29, 8, tzinfo=UTC)
    assert bad == []


def test_the_seeds_are_read_whole() -> None:
    articles, bad = read(SEEDS)
    assert (len(articles), bad) == (5, [])
    assert len({one.id for one in articles}) == 5


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2020-09-29", DAY),
        ('"2020-09-29"', DAY),
        ("2020-09-29 08:30:00", DAY + timedelta(hours=8.5)),
        ('"2020-09-29T08:30"', DAY + timedelta(hours=8.5)),
        ("2020-09-29T08:30:00+04:00", DAY + timedelta(hours=4.5)),
        ('"2020-09-29T08:30:00Z"', DAY + timedelta(hours=8.5)),
    ],
)
def test_dates_are_read_as_they_are_written_by_hand_and_are_utc_without_a_zone(
    tmp_path: Path, written: str, moment: datetime
) -> None:
    write(tmp_path, "x.md", f"---\npublished: {written}\n---\nText of it.")
    (made,), _ = read(tmp_path)
    assert made.published == moment


def test_a_plain_text_without_a_date_is_refused_with_what_to_do(tmp_path: Path) -> None:
    write(tmp_path, "one.txt", "Text of it.")
    articles, bad = read(tmp_path)
    assert articles == []
    assert bad == [
        "/one.txt: has no publication date; give one with --published, or one for each file in a manifest "
        "(--manifest) or in front matter (published: ...)"
    ]


def test_a_date_given_by_hand_is_for_those_that_have_none(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "Text of it.")
    write(tmp_path, "b.md", "---\npublished: 2020-10-01\n---\nText of it.")
    articles, _ = read(tmp_path, published=DAY)
    assert [one.published for one in articles] == [DAY, DAY + timedelta(days=2)]


def test_a_text_is_kept_character_for_character(tmp_path: Path) -> None:
    text = "\ufeff\n  First \r\nsecond\u2028third\x0b\tend \n\n"
    write(tmp_path, "x.txt", text)
    (made,), _ = read(tmp_path, published=DAY)
    assert made.text == text.removeprefix("\ufeff")


def test_a_text_without_front_matter_names_itself_after_its_file_and_first_line(tmp_path: Path) -> None:
    write(tmp_path, "gazette.txt", "\n\n  The headline \nThe rest.")
    (made,), _ = read(tmp_path, published=DAY)
    assert (made.title, made.source, made.outlet) == ("The headline", "gazette", "gazette")


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        ("---\na: 1\n---\n\nText", "a: 1\n", "Text"),
        ("---\r\na: 1\r\n---\r\nText", "a: 1\r\n", "Text"),
        ("---\nno end", "", "---\nno end"),
        ("Text\n---\na: 1\n---\n", "", "Text\n---\na: 1\n---\n"),
        ("", "", ""),
        ("---\n---\n", "", ""),
    ],
)
def test_front_matter_is_what_stands_between_two_lines_of_dashes_at_the_top(text: str, head: str, body: str) -> None:
    assert split_front_matter(text) == (head, body)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"caf\xe9", ": is not UTF-8 at byte 3"),
        ("---\na: [\n---\nText", ": front matter is not YAML: "),
        ("---\n- a\n---\nText", ": front matter must be a mapping"),
        ("---\npublished: soon\n---\nText", ": published: Input should be a valid datetime"),
        ("---\npublished: 2020-13-45\n---\nText", ": front matter is not YAML: month must be in 1..12"),
        ("---\npublished: 0001-01-01\n---\nText", ": published: the year must be between 1600 and 2200"),
        ("---\ntitle: [a]\n---\nText", ": title: Input should be a valid string"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    write(tmp_path, "bad.txt", text)
    write(tmp_path, "good.txt", "Text of it.")
    articles, (problem,) = read(tmp_path, published=DAY)
    assert [one.source for one in articles] == ["good"]
    assert problem.startswith(f"/bad.txt{says}")


def test_folders_are_read_whole_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.txt", "b/x.TXT", "a.md", "ignored.pdf", "rules.yaml"):
        write(tmp_path, name, "Text of it.")
    assert [str(file.relative_to(tmp_path)) for file in files_under(tmp_path)] == ["a.md", "b/x.TXT", "c.txt"]


@pytest.mark.parametrize(
    ("name", "reason"), [("", "holds no articles (.txt, .md, .jsonl"), ("x", "no such file or folder")]
)
def test_nothing_to_read_is_an_error(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        files_under(tmp_path / name)
    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize("given", [True, False])
def test_a_manifest_is_taken_when_given_and_found_when_it_lies_in_the_folder(tmp_path: Path, given: bool) -> None:
    manifest = "one.txt: {published: 2020-09-29, outlet: herald}\ntwo.txt: {published: '2020-09-29T08:00:00Z'}\n"
    folder = tmp_path / "texts"
    folder.mkdir()
    file = write(tmp_path if given else folder, "list.yaml" if given else "manifest.yaml", manifest)
    for name in ("one.txt", "two.txt", "three.txt"):
        write(folder, name, "Text of it.")
    articles, (problem,) = read(folder, manifest=load_manifest(file if given else None, folder))
    assert [(one.outlet, one.published.hour) for one in articles] == [("herald", 0), ("two", 8)]
    assert problem.startswith("/three.txt: has no publication date")


def test_a_manifest_wins_over_front_matter(tmp_path: Path) -> None:
    write(tmp_path, "x.md", f"{FRONT}published: 2020-10-01\n---\nText of it.")
    (made,), _ = read(tmp_path, manifest={"x.md": {"published": DAY, "id": "mine"}})
    assert (made.id, made.published) == ("mine", DAY)


def test_a_folder_without_a_manifest_has_none(tmp_path: Path) -> None:
    assert load_manifest(None, tmp_path) == {}
    assert load_manifest(None, tmp_path / "missing") == {}


@pytest.mark.parametrize("text", ["- a", "x.txt: 5", "{", "x.txt: {published: 2020-13-45}", b"\xff"])
def test_a_manifest_that_says_nothing_of_files_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(InputError) as caught:
        load_manifest(write(tmp_path, "m.yaml", text), tmp_path)
    assert caught.value.place == str(tmp_path / "m.yaml")


def test_a_given_manifest_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"No such file"):
        load_manifest(tmp_path / "m.yaml", tmp_path)


def test_a_date_on_the_command_line_is_utc_without_a_zone() -> None:
    assert parse_published("2020-09-29") == DAY
    assert parse_published("2020-09-29T04:00:00+04:00") == DAY
    assert parse_published("2020-09-29T00:00") == DAY < NOW


@pytest.mark.parametrize("text", ["yesterday", "", "0001-01-01", "9999-12-31T23:59:59-05:00"])
def test_what_is_no_date_on_the_command_line_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not an ISO 8601 date or time"):
        parse_published(text)
