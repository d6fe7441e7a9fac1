"""The rules of style that a tool or a count can hold: lint, types, import directions, sizes, words."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SOURCES = sorted((ROOT / "services").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(paths: list[Path]) -> Iterator[tuple[str, Function]]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def length(node: Function) -> int:
    """Lines of a function's body without its docstring, its signature and what is defined inside it."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    inner = sum((n.end_lineno or 0) - n.lineno + 1 for n in body if isinstance(n, Function | ast.ClassDef))
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 - inner if body else 0


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["lint-imports"]],
    ids=" ".join,
)
def test_the_tools_have_nothing_to_say(command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_small() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {str(path): count for path, count in lines.items() if count > 300} == {}
    assert statistics.median(count for count in lines.values() if count > 1) <= 100


def test_functions_are_small() -> None:
    lengths = {name: length(node) for name, node in functions(SOURCES)}
    assert {name: lines for name, lines in lengths.items() if lines > 40} == {}
    assert statistics.median(lengths.values()) <= 8


def test_functions_take_at_most_four_positional_parameters() -> None:
    many = []
    for name, node in functions(SOURCES):
        positional = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
        # Signatures of libraries' base classes are theirs; those of commands are options of the command line.
        theirs = node.name == "settings_customise_sources" or "__main__.py" in name
        if len(positional) > 4 and not theirs:
            many.append(name)
    assert many == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty = re.compile(r"(util|utils|common|helper|helpers|misc|manager)", re.IGNORECASE)
    assert [str(path) for path in SOURCES + TESTS if empty.fullmatch(path.stem)] == []


def test_only_settings_reads_the_environment() -> None:
    reads = re.compile(r"os\.environ|getenv")
    readers = [p.name for p in SOURCES if reads.search(p.read_text(encoding="utf-8"))]
    assert readers == ["settings.py"]


def test_only_the_stream_edge_imports_faust() -> None:
    imports = re.compile(r"^\s*(?:from|import) (?:faust|mode)\b", re.MULTILINE)
    importers = {
        p.relative_to(ROOT / "services").as_posix() for p in SOURCES if imports.search(p.read_text(encoding="utf-8"))
    }
    assert importers <= {"runtime/kafka.py", "extractor/app.py", "alerter/app.py"}


def test_no_test_patches_the_code_it_tests() -> None:
    assert [str(path) for path in TESTS if "mock" + ".patch" in path.read_text(encoding="utf-8")] == []


def test_the_top_level_is_as_agreed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if not tracked:
        pytest.skip("not a git checkout")
    top = {line.split("/")[0] for line in tracked.splitlines()}
    files = {"pyproject.toml", "README.md", "docker-compose.yml", "Makefile", "requirements.lock", "LICENSE"}
    allowed = files | {"services", "deploy", "seeds", "tests"}
    assert {name for name in top if not name.startswith(".")} <= allowed
