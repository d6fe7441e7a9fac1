"""Makes the lemmatizer's table from the training treebanks.

Every (form, tag) pair gives its commonest lemma; per inflected tag, the commonest change for each ending of up to five
letters is kept where it differs from the shorter ending's, and what the endings get wrong becomes an exception. Two
sources reach beyond the treebank: irregular.txt, and the words that have vectors, by
which "escalated" is "escalate" and not "escalat".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from conllu import Sentence

from services.extractor.text.lemmas import LONGEST_ENDING, NAME_TAGS, Ending, LemmaTable

INFLECTED = ("VBZ", "VBD", "VBN", "VBG", "NNS", "NNPS", "JJR", "JJS", "RBR", "RBS")
REGULAR = {
    "VBD": (("ed", ("", "e")), ("ied", ("y",))),
    "VBN": (("ed", ("", "e")), ("ied", ("y",))),
    "VBG": (("ing", ("", "e")),),
    "VBZ": (("s", ("",)), ("es", ("",)), ("ies", ("y",))),
    "NNS": (("s", ("",)), ("es", ("",)), ("ies", ("y",)), ("men", ("man",))),
}
VOWELS = "aeiou"

Seen = dict[tuple[str, str], str]


def build_table(sentences: Iterable[Sentence], words: list[str], irregular: Path) -> LemmaTable:
    """Builds the table; `words` are known words, the most frequent first."""
    seen = commonest(sentences)
    endings = {tag: dict(_endings(seen, tag)) for tag in INFLECTED}
    wanted = {**_unseen(LemmaTable({}, endings), seen, words), **_irregular(irregular), **seen}
    return LemmaTable(_exceptions(LemmaTable({}, endings), wanted), endings)


def commonest(sentences: Iterable[Sentence]) -> Seen:
    """The commonest lemma of each lower-cased form and tag."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for sentence in sentences:
        for word in sentence.words:
            if word.deprel != "goeswith" and word.lemma != "_":
                counts.setdefault((word.form.lower(), word.xpos), Counter())[word.lemma] += 1
    return {pair: lemmas.most_common(1)[0][0] for pair, lemmas in counts.items()}


def _change(form: str, lemma: str) -> Ending:
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return len(form) - same, lemma[same:]


def _endings(seen: Seen, tag: str) -> Iterator[tuple[str, Ending]]:
    changes: dict[str, Counter[Ending]] = {}
    for (form, form_tag), lemma in seen.items():
        change = _change(form, lemma.lower())
        if form_tag == tag and len(form) - change[0] >= 2:
            for length in range(1, min(LONGEST_ENDING, len(form) - 1) + 1):
                changes.setdefault(form[-length:], Counter())[change] += 1
    best = {ending: counts.most_common(1)[0][0] for ending, counts in changes.items()}
    for ending, change in best.items():
        shorter = next((best[ending[cut:]] for cut in range(1, len(ending)) if ending[cut:] in best), (0, ""))
        if change != shorter:
            yield ending, change


def _irregular(path: Path) -> Seen:
    """Reads lines of lemma, past and participle, or of lemma and plural."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    nouns = {(line[1], "NNS"): line[0] for line in lines if len(line) == 2}
    verbs = [line for line in lines if len(line) == 3]
    past = {(past, "VBD"): lemma for lemma, past, _ in verbs}
    return nouns | past | {(participle, "VBN"): lemma for lemma, _, participle in verbs}


def _unseen(table: LemmaTable, seen: Seen, words: list[str]) -> Seen:
    """Known words whose ending would make an unknown lemma although a known one is at hand."""
    rank = {word: place for place, word in enumerate(words)}
    lemmas = {lemma.lower() for lemma in seen.values()}
    found = {}
    for word in words:
        for tag in REGULAR:
            lemma = table.lemma(word, tag)
            known = [base for base in _bases(word, tag) if base in rank]
            if known and lemma not in rank and lemma not in lemmas:
                found[word, tag] = min(known, key=rank.__getitem__)
    return found


def _bases(word: str, tag: str) -> Iterator[str]:
    for ending, replacements in REGULAR[tag]:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            yield from (stem + replacement for replacement in replacements)
            if tag.startswith("VB") and stem[-1] == stem[-2] and stem[-1] not in VOWELS:
                yield stem[:-1]


def _exceptions(table: LemmaTable, wanted: Seen) -> Mapping[str, dict[str, str]]:
    exceptions: dict[str, dict[str, str]] = {}
    for (form, tag), lemma in wanted.items():
        if tag in NAME_TAGS and lemma.lower() == table.lemma(form, tag).lower():
            continue
        if table.lemma(form, tag) != lemma:
            exceptions.setdefault(tag, {})[form] = lemma
    return exceptions
