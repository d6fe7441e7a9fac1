"""Markup to plain text, in time linear in its length whatever it holds.

A scanner of our own: Python's ``html.parser`` takes quadratic time on crafted input (CVE-2025-6069).
"""

import html
import re
from collections.abc import Iterator

MAX_MARKUP = 2_000_000
"""Characters of markup of one item that are read; ten times what is kept of an article's text."""

_OPENS = re.compile(r"<(?=[a-zA-Z/!?])")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_IN_TAG = re.compile(r""">|=\s*["']""")
_HIDDEN = frozenset({"script", "style", "template", "iframe", "svg", "math", "head", "object", "select", "textarea"})
_PARAGRAPH = re.compile(
    "address|article|aside|blockquote|d[dlt]|details|div|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main"
    "|nav|ol|p|pre|section|table|ul"
)
_BREAKS = {"br": "\n", "tr": "\n", "td": " ", "th": " "}

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters, soft hyphens, byte order marks, what turns the direction of writing, halves of characters."""

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_LINES = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")


def plain_text(markup: str) -> str:
    """The text that a reader of the markup sees: paragraphs apart by a blank line, entities decoded, spaces single."""
    return tidy("".join(_pieces(markup[:MAX_MARKUP])))


def one_line(markup: str) -> str:
    """As :func:`plain_text`, on one line."""
    return " ".join(plain_text(markup).split())


def titled(title: str, body: str) -> str:
    """Title, blank line, body, as far as there; without the title where the body begins with it."""
    if not title or " ".join(body[: 2 * len(title)].split()).casefold().startswith(title.casefold()):
        return body
    return f"{title}\n\n{body}".strip()


def tidy(text: str) -> str:
    """The text without invisible characters and with single spaces and at most one blank line in a row."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    text = _AROUND_LINES.sub("\n", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip()


def _pieces(markup: str) -> Iterator[str]:
    at, last_end = 0, markup.rfind(">")
    while (found := _OPENS.search(markup, at)) and found.start() < last_end:
        yield html.unescape(markup[at : found.start()])
        name = _NAME.match(markup, found.start())
        tag = name[1].lower() if name else ""
        at = _after(markup, found.start())
        if tag in _HIDDEN and markup[found.start() + 1] != "/" and markup[at - 2 : at] != "/>":
            at = _after_element(markup, at, tag)
        yield "\n\n" if _PARAGRAPH.fullmatch(tag) else _BREAKS.get(tag, "")
    yield html.unescape(markup[at:])


def _after(markup: str, start: int) -> int:
    """Where the tag, comment or declaration that starts here is over; a ``>`` further on is known to exist."""
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 2)
        return end + 3 if end >= 0 else len(markup)
    if markup[start + 1] in "!?":
        return markup.index(">", start) + 1
    return _after_tag(markup, start)


def _after_tag(markup: str, at: int) -> int:
    """The first ``>`` outside of quoted attributes; where a quote never closes, the rest is taken for the tag."""
    while found := _IN_TAG.search(markup, at):
        if found[0] == ">":
            return found.end()
        at = markup.find(found[0][-1], found.end()) + 1
        if not at:
            break
    return len(markup)


def _after_element(markup: str, at: int, tag: str) -> int:
    end = re.compile(f"</{tag}", re.IGNORECASE).search(markup, at)
    return end.start() if end else len(markup)
