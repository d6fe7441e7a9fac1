"""The reference in README: every key explained, every example right."""

import re
from typing import Any

import pytest
import yaml

from services.core.condition import When
from services.core.reference import conditions_table, rules_table
from services.core.rule import Rule
from services.core.written import keys_of


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()[2:]]


def test_every_key_has_a_row_with_what_it_takes_and_means() -> None:
    for table, model in ((rules_table(), Rule), (conditions_table(), When)):
        told = {row[0].strip("`"): row for row in rows(table)}
        assert set(keys_of(model)) <= set(told)
        assert all(all(row[:2]) and len(row) == 4 for row in told.values())


@pytest.mark.parametrize("row", rows(conditions_table()), ids=lambda row: row[0].strip("`"))
def test_each_example_is_a_condition(row: list[str]) -> None:
    if row[3]:
        written: Any = yaml.safe_load(row[3].strip("`"))
        assert When.model_validate(written).model_fields_set


def test_every_key_of_a_condition_has_an_example() -> None:
    assert [row[0] for row in rows(conditions_table()) if not row[3] and "." not in row[0]] == []


def test_the_keys_of_mappings_within_are_told_too() -> None:
    keys = {row[0].strip("`") for row in rows(conditions_table())}
    assert {"keywords.near.within", "places.near.km", "places.bbox"} <= keys
