"""Reading the YAML files that users write."""

from pathlib import Path
from typing import Any

import yaml

from services.core.errors import ConfigError, Problem
from services.core.rule import Rules, parse_rules


def read_yaml(path: Path) -> Any:
    """The parsed content of a YAML file.

    Raises:
        ConfigError: it cannot be read, or is not YAML; says in which line and column.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError((Problem(str(path), error.strerror or str(error)),)) from error
    except UnicodeDecodeError as error:
        raise ConfigError((Problem(str(path), f"not UTF-8 at byte {error.start}"),)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ConfigError((Problem(place, error.problem or "not YAML"),)) from error
    except yaml.YAMLError as error:
        raise ConfigError((Problem(str(path), f"not YAML: {str(error).splitlines()[0]}"),)) from error


def load_rules(path: Path) -> Rules:
    """The rules of a file; raises :class:`ConfigError` with every problem."""
    return parse_rules(read_yaml(path), str(path))
