"""A Dockerfile as a list of instructions: enough to check it where there is no Docker."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

_HEREDOC = re.compile(r"<<-?['\"]?(\w+)['\"]?")


@dataclass(frozen=True)
class Instruction:
    """One instruction: its name in capitals, and the rest with continued lines joined."""

    name: str
    rest: str

    @property
    def argv(self) -> list[str]:
        """The argument vector of an instruction in its exec form."""
        argv: list[str] = json.loads(self.rest[self.rest.index("[") :])
        return argv


def instructions(path: Path) -> list[Instruction]:
    """All instructions in their order; comments, and the bodies of here-documents, are left out."""
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    found = []
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        while line.endswith("\\"):
            line = line[:-1] + next(lines).strip()  # noqa: PLW2901
        heredoc = _HEREDOC.search(line)
        if heredoc:
            while next(lines).strip() != heredoc[1]:
                pass
        name, _, rest = line.partition(" ")
        found.append(Instruction(name.upper(), rest.strip()))
    return found


def last_stage(path: Path) -> list[Instruction]:
    """The instructions of the stage that becomes the image."""
    found = instructions(path)
    begin = max(at for at, instruction in enumerate(found) if instruction.name == "FROM")
    return found[begin:]
