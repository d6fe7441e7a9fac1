"""The feeds file."""

from pathlib import Path

import yaml

from services.core.errors import ConfigError, Problem
from services.poller.sources import Source, parse_sources


def load_sources(path: Path) -> tuple[Source, ...]:
    """The sources in a feeds file.

    Raises:
        ConfigError: the file cannot be read, is not YAML, or has mistakes, each of them with its path.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError((Problem(str(path), f"cannot be read: {error}"),)) from error
    except yaml.YAMLError as error:
        raise ConfigError((Problem(str(path), f"is not YAML: {error}"),)) from error
    return parse_sources(data, str(path))
