"""What the tolls of two tellings say of their being one happening. Pure."""

import re
from typing import Final

from services.alerter.facts import Facts
from services.core.sighting import Figure

Part = tuple[int, str]
"""What one comparison adds to the strength of a likeness, and why."""

_TELLING: Final = 4
"""A figure that two blows of one kind in one country on one day hardly share."""


def figures_conflict(one: Facts, other: Facts) -> bool:
    """Whether both count victims of one kind, and one blow cannot have had either number."""
    shared = one.figures.keys() & other.figures.keys()
    return any(_contradict(one.figures[kind], other.figures[kind]) for kind in shared)


def _contradict(one: Figure, other: Figure) -> bool:
    """Tolls grow within a day, and "at least" leaves room; but three dead are not thirty, nor are they dozens."""
    low, high = sorted((one, other), key=lambda figure: figure.count)
    if low.qualifier in ("vague", "at_least") or (high.qualifier == "vague" and high.count < _DOZENS):
        return False
    return high.count > 2 * low.count + 2


_DOZENS: Final = 12
"""What *dozens* are counted as; *several* and *many* may be any number."""


def equal_figures(one: Facts, other: Facts) -> Part | None:
    """What equal figures add to a likeness, the more the fewer blows share them; near ones add a little."""
    for kind in sorted(one.figures.keys() & other.figures.keys()):
        a, b = one.figures[kind], other.figures[kind]
        counts = {a.count, _in_all(one, kind)} & {b.count, _in_all(other, kind)}
        if counts and "vague" not in (a.qualifier, b.qualifier):
            count = max(counts)
            return (3 if count >= _TELLING else 2 if count > 1 else 1), f"both tell of {count} {kind}"
    return _near_figures(one, other)


def _near_figures(one: Facts, other: Facts) -> Part | None:
    """Tolls of several that differ no more than reporters of one blow do, where one of them names no town."""
    for kind in sorted(one.figures.keys() & other.figures.keys()) if one.wide or other.wide else ():
        a, b = one.figures[kind], other.figures[kind]
        low, high = sorted((a.count, b.count))
        if "vague" not in (a.qualifier, b.qualifier) and low > 1 and high <= max(low + 1, _ONE_TOLL * low):
            return 1, f"{low} and {high} {kind} may be one toll"
    return None


_ONE_TOLL: Final = 1.5
"""How many times as many victims another report of the same blow has, at most."""


def _in_all(facts: Facts, kind: str) -> int:
    """All that a sentence counts: *three traders and a boy* are the four of another report."""
    counts = [figure.count for figure in facts.sighting.figures if figure.kind == kind]
    return max(counts) if _PARTS.search(facts.sighting.sentence.text) else sum(counts)


_PARTS: Final = re.compile(r"\b(?:including|among (?:them|the)|of (?:whom|them)|counting)\b")
"""What stands between a count and its parts: *eleven people, including six children*."""
