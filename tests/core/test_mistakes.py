"""One file for each mistake that a rules file can hold, with the problems it is answered with beside it."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from services.core.errors import ConfigError
from services.runtime.files import load_rules

HERE = Path(__file__).parent / "mistakes"
SCHEMA = Path(__file__).parents[2] / "deploy" / "schemas" / "rules.schema.json"
FILES = sorted(HERE.glob("*.yaml"))
UNSEEN = "# A schema cannot see this one.\n"


@pytest.fixture(scope="module")
def editor() -> Draft7Validator:
    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_mistake_is_answered_with_its_place_and_what_is_allowed(file: Path) -> None:
    assert told(file) == file.with_suffix(".txt").read_text(encoding="utf-8"), "run: python -m tests.core.test_mistakes"


def told(file: Path) -> str:
    """The problems of a file, one a line."""
    with pytest.raises(ConfigError) as caught:
        load_rules(file)
    return "".join(f"{problem}\n".replace(str(file), "rules.yaml") for problem in caught.value.problems)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_editor_marks_each_mistake_that_a_schema_can_see(file: Path, editor: Draft7Validator) -> None:
    text = file.read_text(encoding="utf-8")
    if text.startswith(UNSEEN):
        assert not seen(text, editor), f"an editor sees it: drop the first line of {file.name}"
    else:
        assert seen(text, editor)


def seen(text: str, editor: Draft7Validator) -> bool:
    try:
        data: Any = yaml.safe_load(text)
        return not editor.is_valid(data)
    except (yaml.YAMLError, RecursionError):
        return False


def test_every_key_of_a_condition_has_a_file_with_a_mistake_in_it() -> None:
    keys = json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"]["When"]["properties"]
    texts = "".join(file.read_text(encoding="utf-8") for file in FILES)
    assert [key for key in keys if f"{key}: " not in texts] == []


if __name__ == "__main__":  # rewrites the answers, to be read in the diff
    for one in FILES:
        one.with_suffix(".txt").write_text(told(one), encoding="utf-8")
