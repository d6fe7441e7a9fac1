"""docker-compose.yml read as Docker Compose reads it, without Docker: anchors, merges, variables, short forms.

for service in services(COMPOSE).values():
    run(["tocsin", *service.command], env=service.environment)
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|\{(?P<name>\w+)(?:(?P<rule>:?-)(?P<default>[^}]*))?\})")


@dataclass(frozen=True)
class Port:
    """A published port; an empty host means every address of the machine."""

    host: str
    published: int
    target: int


@dataclass(frozen=True)
class ComposeService:
    """One service: what runs, in which environment, and how it is reached.

    Attributes:
        command: argv behind the image's entrypoint; empty means the image's own.
        healthcheck: argv of the probe; empty where there is none or it is switched off.
        raw: the whole definition, with anchors, merges and variables resolved.
    """

    name: str
    image: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ports: tuple[Port, ...]
    healthcheck: tuple[str, ...]
    profiles: tuple[str, ...]
    raw: Mapping[str, Any]


def load(path: Path = COMPOSE, variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The whole file with anchors, merges and ``${VARIABLE:-default}`` resolved; unset variables are empty."""
    document: dict[str, Any] = interpolated(yaml.safe_load(path.read_text(encoding="utf-8")), variables or {})
    return document


def services(path: Path = COMPOSE, variables: Mapping[str, str] | None = None) -> dict[str, ComposeService]:
    """The services by their name; ``variables`` stands for the shell's environment and the file ``.env``."""
    return {name: _service(name, raw) for name, raw in load(path, variables)["services"].items()}


def interpolated(node: Any, variables: Mapping[str, str]) -> Any:
    """The same tree with the variables in its strings replaced."""
    if isinstance(node, dict):
        return {key: interpolated(value, variables) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolated(value, variables) for value in node]
    return _VARIABLE.sub(lambda found: _value(found, variables), node) if isinstance(node, str) else node


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    if found["escaped"]:
        return "$"
    value = variables.get(found["name"])
    use_default = value is None or (found["rule"] == ":-" and not value)
    return (found["default"] or "") if use_default else str(value)


def _service(name: str, raw: Mapping[str, Any]) -> ComposeService:
    return ComposeService(
        name=name,
        image=raw.get("image", ""),
        command=_argv(raw.get("command")),
        environment=_environment(raw.get("environment")),
        ports=tuple(_port(entry) for entry in raw.get("ports", ())),
        healthcheck=_probe(raw.get("healthcheck")),
        profiles=tuple(raw.get("profiles", ())),
        raw=raw,
    )


def _argv(command: Any) -> tuple[str, ...]:
    return tuple(shlex.split(command)) if isinstance(command, str) else tuple(command or ())


def _environment(raw: Any) -> dict[str, str]:
    if isinstance(raw, list):
        raw = dict(entry.partition("=")[::2] for entry in raw)
    return {key: "" if value is None else str(value) for key, value in (raw or {}).items()}


def _port(entry: Any) -> Port:
    if isinstance(entry, dict):
        return Port(entry.get("host_ip", ""), int(entry["published"]), int(entry["target"]))
    *host, published, target = str(entry).split("/")[0].rsplit(":", 2)
    return Port("".join(host), int(published), int(target))


def _probe(raw: Any) -> tuple[str, ...]:
    test = (raw or {}).get("test", [])
    if (raw or {}).get("disable") or not test or test[0] == "NONE":
        return ()
    shell = test if isinstance(test, str) else test[1] if test[0] == "CMD-SHELL" else None
    return ("/bin/sh", "-c", shell) if shell else tuple(test[1:])
