"""Names folded to one spelling: lower case, no accents, no apostrophes, a space for a hyphen."""

import unicodedata

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "ı": "i", "ə": "a", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"-": " ", "–": " "}
    | dict.fromkeys("'’‘ʻʼʿʾ`´′", "")
)


def fold(name: str) -> str:
    """A name as it is looked up: *Deir ez-Zor* and *Ma'rib* become *deir ez zor* and *marib*."""
    lowered = name.lower().translate(_LETTERS)
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
