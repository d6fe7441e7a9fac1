"""How deep the markup of a feed is nested, told in one pass before a parser takes its time with it."""

import re

_TAG = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(?P<end>/?)(?P<name>[a-zA-Z][^\s<>/]*)[^<>]*?(?P<empty>/?)>",
    re.DOTALL,
)
_ITEMS = frozenset({b"item", b"entry"})
_ITEM_DEPTH = 2


def depth(body: bytes) -> int:
    """The most tags that are open at once; tags that an item left open are closed with it, as parsers see it."""
    deepest = here = 0
    for tag in _TAG.finditer(body):
        if tag["name"] is None or tag["empty"]:
            continue
        if not tag["end"]:
            here += 1
            deepest = max(deepest, here)
        else:
            here = max(0, here - 1)
            if tag["name"].lower() in _ITEMS:
                here = min(here, _ITEM_DEPTH)
    return deepest
