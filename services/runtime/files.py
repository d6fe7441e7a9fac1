"""Reading the YAML files that users write."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from services.core.errors import ConfigError, Problem
from services.core.rule import Rules, parse_rules


def read_yaml(path: Path) -> Any:
    """The parsed content of a YAML file.

    Raises:
        ConfigError: it cannot be read, or is not YAML, or gives a key twice; says in which line and column.
    """
    try:
        text = path.read_text(encoding="utf-8")
        repeated = _repeated_keys(text, str(path))
        data = yaml.safe_load(text)
    except OSError as error:
        raise ConfigError((Problem(str(path), error.strerror or str(error)),)) from error
    except UnicodeDecodeError as error:
        raise ConfigError((Problem(str(path), f"not UTF-8 at byte {error.start}"),)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ConfigError((Problem(place, _what(error)),)) from error
    except yaml.YAMLError as error:
        raise ConfigError((Problem(str(path), f"not YAML: {str(error).splitlines()[0]}"),)) from error
    if repeated:
        raise ConfigError(repeated)
    return data


def _what(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "not YAML"
    return f"{error.context}, {problem}" if problem.startswith("but ") and error.context else problem


def _repeated_keys(text: str, place: str) -> tuple[Problem, ...]:
    """Keys that a mapping has twice, in the order of the file. YAML would silently take the last one."""
    open_nodes: list[yaml.Node | None] = [yaml.compose(text, yaml.SafeLoader)]
    seen: set[int] = set()
    repeated: list[tuple[int, int, str]] = []
    while open_nodes:
        node = open_nodes.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            repeated += _repeated_in(node)
            open_nodes += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            open_nodes += node.value
    return tuple(Problem(f"{place}:{line}:{column}", what) for line, column, what in sorted(repeated))


def _repeated_in(node: yaml.MappingNode) -> Iterator[tuple[int, int, str]]:
    first: dict[str, int] = {}
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode):
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            if key.value in first:
                yield line, column, f"{key.value!r} is already given in line {first[key.value]}"
            first.setdefault(key.value, line)


def load_rules(path: Path) -> Rules:
    """The rules of a file; raises :class:`ConfigError` with every problem."""
    return parse_rules(read_yaml(path), str(path))
