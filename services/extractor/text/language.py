"""Whether a text is English: by the share of the small words that every English sentence is held together by."""

import re

from services.extractor.text.closed import closed

_SMALL = closed("language.small")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 0.13
"""Share of small words. Of 164 English articles the lowest had .19; of one report put into eight other languages the
highest, Afrikaans, had .11."""
_ENOUGH, _LOOKED_AT = 30, 5_000
"""Words below which nothing is decided (a headline may have none of them), and letters that are looked at."""


def is_english(text: str) -> bool:
    """Whether the beginning of a text may be English; short texts always may."""
    words = _words(text[:_LOOKED_AT].lower())
    return len(words) < _ENOUGH or sum(map(_SMALL.__contains__, words)) >= _LEAST * len(words)


def _words(text: str) -> list[str]:
    """The runs of letters of a text in lower case; of plain text by bytes, in a fifth of the time."""
    plain = text.replace("\u2013", " ")
    return plain.encode().translate(_LETTERS).decode().split() if plain.isascii() else _WORD.findall(text)


_LETTERS = bytes(byte if chr(byte).isalpha() else ord(" ") for byte in range(256))
