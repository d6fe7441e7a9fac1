"""Data files: read, commented, and refused with file and line when they are wrong."""

from collections import Counter
from pathlib import Path

import pytest

from services.extractor.names.gazetteer import gazetteer
from services.extractor.reading.lexicon import TRIGGER_TABLES, lexicon
from services.extractor.text.tables import HERE, TableError, rows


def test_comments_and_empty_lines_are_skipped_and_missing_cells_are_empty(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("# a comment\n\none\ttwo\nthree\n")
    found = [row.cells for row in rows("t.tsv", ("a", "b"), tmp_path)]
    assert found == [
        {"a": "one", "b": "two"},
        {"a": "three", "b": ""},
    ]


def test_a_row_that_is_too_long_is_refused_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("# a comment\none\ttwo\tthree\n")
    with pytest.raises(TableError, match=r"^t\.tsv:2: 3 cells"):
        list(rows("t.tsv", ("a", "b"), tmp_path))


def test_a_word_that_is_not_allowed_is_refused_with_the_allowed_ones(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("maybe\n")
    (row,) = rows("t.tsv", ("answer",), tmp_path)
    with pytest.raises(TableError, match=r"t\.tsv:1: answer 'maybe' is none of no, yes"):
        row.one_of("answer", {"yes", "no"})


def test_the_shipped_lexicon_and_gazetteer_load() -> None:
    assert len(lexicon().triggers) > 500
    assert len({entry.country for entry in gazetteer().entries.values()} - {""}) > 180


def test_every_sense_has_a_last_row_that_always_fits() -> None:
    for sense, codings in lexicon().codings.items():
        last = codings[-1]
        assert not last.actors | last.targets | last.needs | last.bars, sense


def test_no_wording_stands_in_two_rows_and_every_trigger_file_is_read() -> None:
    files = sorted((HERE / "lexicon" / "triggers").glob("*.tsv"))
    assert {file.stem for file in files} == set(TRIGGER_TABLES)
    columns = ("sense", "pattern", "strength")
    wordings = Counter(row["pattern"] for file in files for row in rows(file.name, columns, file.parent))
    assert [wording for wording, times in wordings.items() if times > 1] == []


def test_no_armed_group_is_called_like_a_country() -> None:
    book = gazetteer()
    groups = {entry.id for entry in book.entries.values() if entry.kind in {"rebel", "separatist"}}
    assert not {ident for ident in groups if ident.partition("-")[0] in book.country_names}
