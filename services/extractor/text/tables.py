"""Commented data files (TSV) read into rows, with errors that name the file and the line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parents[1]


class TableError(ValueError):
    """A data file is wrong; the text starts with ``file:line:``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its cells by column, and where it stands."""

    where: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, problem: str) -> TableError:
        """The problem with the place in front."""
        return TableError(f"{self.where}: {problem}")

    def one_of(self, column: str, allowed: frozenset[str] | set[str]) -> str:
        """The cell, if it is one of the allowed words.

        Raises:
            TableError: it is not.
        """
        value = self.cells[column]
        if value not in allowed:
            raise self.error(f"{column} {value!r} is none of {', '.join(sorted(allowed))}")
        return value

    def number(self, column: str, default: float | None = None) -> float | None:
        """The cell as a number; ``default`` where it is empty.

        Raises:
            TableError: it is not a number.
        """
        value = self.cells[column]
        if not value:
            return default
        try:
            return float(value)
        except ValueError:
            raise self.error(f"{column} {value!r} is not a number") from None


def rows(name: str, columns: tuple[str, ...], folder: Path = HERE) -> Iterator[Row]:
    """The rows of ``folder/name``: tab-separated, ``#`` starts a comment line, missing last cells are empty.

    Raises:
        TableError: a row has more cells than the table has columns, or its first cell is empty.
    """
    path = folder / name
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip() for cell in line.rstrip("\n").split("\t")]
            where = f"{name}:{number}"
            if len(cells) > len(columns):
                raise TableError(f"{where}: {len(cells)} cells where {len(columns)} are known: {', '.join(columns)}")
            if not cells[0]:
                raise TableError(f"{where}: {columns[0]} is empty")
            cells += [""] * (len(columns) - len(cells))
            yield Row(where, dict(zip(columns, cells, strict=True)))
