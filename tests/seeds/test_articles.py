"""The seed articles: complete, and told in our own words.

The texts they re-tell are not part of the repository. Where they lie beside it (`../shared/seeds`), the tests compare
wording, length and dates with them; elsewhere those tests are skipped.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
ARTICLES = sorted((REPOSITORY / "seeds" / "articles").glob("*.md"))
ORIGINALS = REPOSITORY.parent / "shared" / "seeds"
KEYS = {"id", "title", "url", "source", "outlet", "published", "language"}
RUN = 9  # words in a row that may not be shared with an original
TOLERANCE = 0.20  # share of the original's word count by which ours may differ
RETELLS = {
    "2020-11-07-combat-near-shusha": "000",
    "2020-10-03-macron-initiative-iran-warning": "001",
    "2020-10-15-moscow-truce-frays": "002",
    "2020-10-03-fighting-enters-day-seven": "003",
    "2020-09-29-counterattacks-fail": "004",
}

each_article = pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
beside_the_originals = pytest.mark.skipif(
    not (ORIGINALS / "gold.json").is_file(), reason="the original texts are not beside this repository"
)


def front_matter(path: Path) -> dict[str, Any]:
    """The keys between the first two lines of dashes."""
    fields = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
    assert isinstance(fields, dict)
    return fields


def body(path: Path) -> str:
    """What follows the front matter."""
    return path.read_text(encoding="utf-8").split("---\n", 2)[2]


def original(path: Path) -> str:
    """The text that the article at `path` re-tells."""
    (found,) = ORIGINALS.glob(f"{RETELLS[path.stem]}_*.txt")
    return found.read_text(encoding="utf-8")


def words(text: str) -> list[str]:
    """Words without case and punctuation; "Armenia's" is one word however its apostrophe is typed."""
    return re.findall(r"\w+", re.sub(r"['’‘]", "", text.lower()))


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of `RUN` words in a row."""
    row = words(text)
    return {tuple(row[start : start + RUN]) for start in range(len(row) - RUN + 1)}


def published(path: Path) -> datetime:
    """When the article says it appeared."""
    return datetime.fromisoformat(str(front_matter(path)["published"]))


def test_there_is_one_article_for_each_original() -> None:
    assert {path.stem for path in ARTICLES} == set(RETELLS)


@each_article
def test_an_article_has_all_its_front_matter_and_a_text(path: Path) -> None:
    fields = front_matter(path)
    assert set(fields) == KEYS
    assert all(isinstance(value, str) and value.strip() for value in fields.values())
    assert body(path).startswith("\n")
    assert words(body(path))


@each_article
def test_an_article_says_when_it_appeared_with_its_time_zone(path: Path) -> None:
    assert published(path).utcoffset() is not None


@each_article
def test_a_file_is_named_by_its_date_and_its_id(path: Path) -> None:
    assert path.stem == front_matter(path)["id"]
    assert path.stem.startswith(published(path).date().isoformat())


@each_article
def test_an_article_names_an_outlet_that_cannot_exist(path: Path) -> None:
    assert re.match(r"https://[a-z.-]+\.example/", front_matter(path)["url"])


@pytest.mark.parametrize("key", ["id", "url", "title", "published"])
def test_no_two_articles_share_what_tells_them_apart(key: str) -> None:
    values = [front_matter(path)[key] for path in ARTICLES]
    assert len(values) == len(set(values))


@beside_the_originals
@each_article
def test_no_sentence_of_an_original_is_copied(path: Path) -> None:
    ours = runs(path.read_text(encoding="utf-8"))
    for text in sorted(ORIGINALS.glob("*.txt")):
        shared = ours & runs(text.read_text(encoding="utf-8"))
        assert not shared, f"{text.name}: {sorted(' '.join(run) for run in shared)}"


@beside_the_originals
@each_article
def test_an_article_is_about_as_long_as_its_original(path: Path) -> None:
    assert len(words(body(path))) == pytest.approx(len(words(original(path))), rel=TOLERANCE)


@beside_the_originals
@each_article
def test_an_article_is_dated_as_its_original(path: Path) -> None:
    gold = json.loads((ORIGINALS / "gold.json").read_text(encoding="utf-8"))
    dates = {entry["file"][:3]: entry["article_date"] for entry in gold["seeds"]}
    assert published(path).date().isoformat() == dates[RETELLS[path.stem]]
