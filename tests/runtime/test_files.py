"""Files that users write: whatever is wrong with one is named with its place."""

from pathlib import Path

import pytest

from services.core.errors import ConfigError
from services.runtime.files import load_rules, read_yaml


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b"a: [1, 2\nb: 3\n", ":2:2", "expected"),
        (b"a: 1\n\tb: 2\n", ":2:1", "cannot start any token"),
        (b"name: caf\xe9\n", "", "not UTF-8 at byte 9"),
        (b"a: \x00\n", "", "not YAML: unacceptable character"),
    ],
)
def test_what_is_not_yaml_is_named_with_its_line_and_column(
    tmp_path: Path, content: bytes, where: str, what: str
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_yaml(file)
    (problem,) = caught.value.problems
    assert problem.path == f"{file}{where}"
    assert what in problem.message


def test_a_file_that_is_not_there_or_is_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        read_yaml(tmp_path / "none")
    with pytest.raises(ConfigError, match="directory"):
        read_yaml(tmp_path)


def test_rules_with_mistakes_are_named_with_file_and_path(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules: [{name: UPPER}]\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_rules(file)
    assert f"{file}: rules[0].name" in [problem.path for problem in caught.value.problems]
