"""What `spacy train --code` needs besides config.cfg: operations, tokeniser rules, vectors, case augmentation."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, load_model, registry
from spacy.vectors import Vectors  # type: ignore[import-not-found]
from thinc.api import NumpyOps, set_current_ops

# OpenBLAS (numpy's) instead of BLIS: training is 2 to 3 times, parsing 1.3 to 2 times faster on one x86-64 core.
set_current_ops(NumpyOps(use_blis=False))

# The treebanks keep these prefixes on their word ("pro-government") and split every other hyphen ("oil - rich").
PREFIXES = "anti co counter cross e ex inter intra mid mini multi non over post pre pro re semi sub un"
# Written with their full stop in the treebanks; spaCy reads "Wed." as "We'd" without an apostrophe.
ABBREVIATIONS = """Mon. Tue. Tues. Wed. Thu. Thur. Thurs. Fri. Sat. Sun. etc. al. Ft. Lt. Col. Maj. Brig. Sgt.
Capt."""
_NOT_WEIGHTS = ("vocab", "tokenizer", "config", "meta")
RUNS = r"[!?]{2,}", r"([=*_+#<>~.-])\1+"
# Telephone numbers and dates of digits.
WHOLE = r"^(?:\d+-\d{3,4}-\d{4}|\d{3}-\d{4}|\d+-\d+-\d{4})$"


@registry.callbacks("tocsin.tokenizer.v1")  # type: ignore[untyped-decorator]
def tokenizer_rules() -> Callable[[Language], Language]:
    """Brings spaCy's English tokeniser closer to the treebanks; the result is stored with the weights."""
    return _retokenize


def _retokenize(nlp: Language) -> Language:
    tokenizer: Tokenizer = nlp.tokenizer
    defaults = nlp.Defaults
    tokenizer.prefix_search = compile_prefix_regex([*RUNS, *(defaults.prefixes or ())]).search
    tokenizer.suffix_search = compile_suffix_regex([*RUNS, *(defaults.suffixes or ())]).search
    tokenizer.infix_finditer = compile_infix_regex(
        [_after_prefixes(str(infix)) for infix in defaults.infixes or ()]
    ).finditer
    tokenizer.token_match = re.compile(WHOLE).match
    tokenizer.rules = {text: case for text, case in tokenizer.rules.items() if text.lower() != "and/or"}
    for text in ABBREVIATIONS.split():
        tokenizer.add_special_case(text, [{"ORTH": text}])
    return nlp


def _after_prefixes(infix: str) -> str:
    """Forbids the hyphen rule (the only one that lists dashes between letters) right after a prefix."""
    if "--" not in infix or "?<=" not in infix:
        return infix
    spared = "".join(rf"(?<!\b{first}{prefix[1:]})" for prefix in PREFIXES.split() for first in _either_case(prefix[0]))
    return spared + infix


def _either_case(letter: str) -> tuple[str, str]:
    return letter, letter.upper()


@registry.callbacks("tocsin.vectors.v1")  # type: ignore[untyped-decorator]
def word_vectors(folder: str) -> Callable[[Language], Language]:
    """Sets the vectors that vectors.py wrote, looked up by lower-cased form.

    Not `initialize.vectors`: spaCy 3.8 does not store `attr`, and then finds no vectors for capitalised words.
    """

    def set_vectors(nlp: Language) -> Language:
        nlp.vocab.vectors = load_vectors(Path(folder))
        return nlp

    return set_vectors


def load_vectors(folder: Path) -> Vectors:
    """Reads `vectors.npz` and `words.txt`."""
    words = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
    with np.load(folder / "vectors.npz", allow_pickle=False) as stored:
        data = stored["steps"].astype(np.float32) * stored["scale"]
    return Vectors(data=data, keys=words, name="tocsin_vectors", attr="LOWER")


@registry.callbacks("tocsin.resume.v1")  # type: ignore[untyped-decorator]
def resume(path: str | None) -> Callable[[Language], Language]:
    """Copies the weights of an earlier run with the same labels into the new pipeline; does nothing without a path."""

    def copy_weights(nlp: Language) -> Language:
        if path:
            earlier = load_model(path)
            nlp.from_bytes(earlier.to_bytes(exclude=_NOT_WEIGHTS), exclude=_NOT_WEIGHTS)
        return nlp

    return copy_weights


@registry.augmenters("tocsin.case.v1")  # type: ignore[untyped-decorator]
def case_augmenter(lower: float, title: float) -> Callable[[Language, Example], Iterator[Example]]:
    """Writes a share of the training texts in lower case, and a share in the Title Case of headlines.

    Args:
        lower: share of texts in lower case, 0 to 1.
        title: share of texts in title case, 0 to 1.
    """

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        chance = random.random()  # spaCy seeds the global generator from training.seed
        if chance < lower:
            yield recased(nlp, example.reference, str.lower)
        elif chance < lower + title:
            yield recased(nlp, example.reference, _headline)
        else:
            yield example

    return augment


def recased(nlp: Language, reference: Doc, change: Callable[[str], str]) -> Example:
    """Copies an example with every word's letters changed; a length-changing word ("ß") stays as it is."""
    words = [change(token.text) if len(change(token.text)) == len(token) else token.text for token in reference]
    copy = Doc(
        reference.vocab,
        words=words,
        spaces=[bool(token.whitespace_) for token in reference],
        tags=[token.tag_ for token in reference],
        pos=[token.pos_ for token in reference],
        lemmas=[token.lemma_.lower() if change is str.lower else token.lemma_ for token in reference],
        heads=[token.head.i for token in reference],
        deps=[token.dep_ for token in reference],
        ents=_entity_tags(reference),
    )
    return Example(nlp.make_doc(copy.text), copy)


def _entity_tags(reference: Doc) -> list[str] | None:
    if not reference.has_annotation("ENT_IOB"):
        return None
    return [f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else token.ent_iob_ for token in reference]


def _headline(word: str) -> str:
    return word.capitalize() if word.islower() and len(word) > 3 else word
