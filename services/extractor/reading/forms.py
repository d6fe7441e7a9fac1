"""English inflection for the words of our own tables, so that finding them needs no lemmatizer.

Regular rules follow Quirk et al., *A Comprehensive Grammar of the English Language*, sections 3.5-3.10 and 5.78-5.81;
what is irregular stands in ``lexicon/irregular.tsv``.
"""

from functools import cache

from services.extractor.text.closed import closed
from services.extractor.text.tables import rows

_VOWELS = "aeiou"


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    return {row["lemma"]: (row["past"], row["participle"]) for row in rows("lexicon/irregular.tsv", _COLUMNS)}


_COLUMNS = ("lemma", "past", "participle")


def verb_forms(lemma: str) -> frozenset[str]:
    """All forms of a verb: base, third person, past, participle, gerund."""
    past, participle = past_forms(lemma)
    return frozenset({lemma, past, participle, _gerund(lemma), *_PRESENT.get(lemma, (_with_s(lemma),))})


_PRESENT = {
    "be": ("am", "is", "are", "were"),
    "have": ("has",),
    "do": ("does",),
    "go": ("goes",),
    "undergo": ("undergoes",),
}
"""Third persons, and *were*, that no rule makes."""


def noun_forms(lemma: str) -> frozenset[str]:
    """Singular and plural of a noun."""
    if lemma.endswith("man"):
        return frozenset({lemma, lemma[:-3] + "men"})
    return frozenset({lemma, _with_s(lemma)})


def past_forms(lemma: str) -> tuple[str, str]:
    """Past tense and past participle."""
    if lemma in _irregular():
        return _irregular()[lemma]
    stem = _doubled(lemma)
    regular = lemma + "d" if lemma.endswith("e") else stem[:-1] + "ied" if _ends_in_y(stem) else stem + "ed"
    return regular, regular


def _with_s(lemma: str) -> str:
    if _ends_in_y(lemma):
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _gerund(lemma: str) -> str:
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")):
        return lemma[:-1] + "ing"
    return _doubled(lemma) + "ing"


def _ends_in_y(lemma: str) -> bool:
    return lemma.endswith("y") and lemma[-2:-1] not in _VOWELS


def _doubled(lemma: str) -> str:
    """The stem with its last consonant doubled where English does so: short verbs, and those listed by stress."""
    last, vowel, before = lemma[-1:], lemma[-2:-1], lemma[-3:-2]
    short = sum(letter in _VOWELS for letter in lemma) == 1
    closed = last not in _VOWELS + "wxyhk" and vowel in _VOWELS and before not in _VOWELS
    return lemma + last if closed and (short or lemma in _STRESSED) else lemma


_STRESSED = closed("forms.stressed")


PAST = frozenset(form for lemma in _irregular() for form in past_forms(lemma))
"""Past forms of the irregular verbs of the tables."""
