"""The paragraph that a sentence stands in. Pure."""

import re
from typing import Final, NamedTuple

_MOST: Final = 400
"""Characters on each side: some outlets write a whole article as one paragraph."""

_BREAK: Final = re.compile(r"\n")


class Around(NamedTuple):
    """A sentence, and what stands before and after it in its paragraph."""

    before: str
    sentence: str
    after: str


def around(text: str, start: int, end: int) -> Around:
    """The paragraph around ``text[start:end]``, cut between words where it is long."""
    before = text[max(0, start - _MOST) : start]
    after = text[end : end + _MOST]
    if breaks := list(_BREAK.finditer(before)):
        before = before[breaks[-1].end() :]
    elif start > _MOST:
        before = "…" + before[before.find(" ") :]
    if found := _BREAK.search(after):
        after = after[: found.start()]
    elif end + _MOST < len(text):
        after = after[: after.rfind(" ") + 1] + "…"
    return Around(before, text[start:end], after)
