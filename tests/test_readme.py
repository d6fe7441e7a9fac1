"""README says what is: its tables are generated, its prompt lines run, its commands exist."""

import doctest
import re
from pathlib import Path

import pytest
import typer.main
import yaml

from services.__main__ import app
from services.core.reference import conditions_table, events_table, rules_table
from services.core.rule import parse_rules
from services.runtime.metrics import metrics_table
from services.runtime.settings import settings_table
from tests.poller.behaviour import polling_table

README = Path(__file__).parents[1] / "README.md"
TABLES = {
    "settings": settings_table,
    "metrics": metrics_table,
    "rules": rules_table,
    "events": events_table,
    "conditions": conditions_table,
    "polling": polling_table,
}


def filled(text: str) -> str:
    """README with its generated tables as they should be."""
    for name, table in TABLES.items():
        text = re.sub(
            rf"<!-- {name} -->.*?<!-- /{name} -->",
            f"<!-- {name} -->\n{table()}\n<!-- /{name} -->".replace("\\", r"\\"),
            text,
            flags=re.DOTALL,
        )
    return text


@pytest.mark.parametrize("name", TABLES)
def test_generated_tables_are_up_to_date(name: str) -> None:
    text = README.read_text(encoding="utf-8")
    assert f"<!-- {name} -->\n{TABLES[name]()}\n<!-- /{name} -->" in text, "run: python -m tests.test_readme"


def test_the_lines_at_the_python_prompt_run_as_shown() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert (failed, tried > 10) == (0, True)


def test_the_rules_that_are_shown_are_right() -> None:
    blocks = re.findall(r"```yaml\n(rules:\n.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert sum(len(parse_rules(yaml.safe_load(block), "README").rules) for block in blocks) >= 4


def test_every_command_is_in_the_table() -> None:
    text = README.read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name in commands if not re.search(rf"^\| .*`(tocsin )?{name}\b", text, re.MULTILINE)] == []


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
