"""The pipeline's lemmatizer: a table of exceptions and endings, by part-of-speech tag.

A learned edit-tree lemmatizer was measured on the same texts: 98.4 % of lemmas right against 98.8 % for the table, and
it spells words it never met in training wrongly ("escalated" to "escalat"), which are just the ones news brings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

import srsly  # type: ignore[import-untyped]
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

LONGEST_ENDING: Final = 5
NAME_TAGS: Final = frozenset(("NNP", "NNPS"))

Ending = tuple[int, str]


@dataclass(frozen=True, slots=True)
class LemmaTable:
    """What turns a form into its lemma.

    Attributes:
        exceptions: by tag, lower-cased form to lemma.
        endings: by tag, ending of the lower-cased form to (letters to cut, letters to add); the longest one counts.
    """

    exceptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    endings: Mapping[str, Mapping[str, Ending]] = field(default_factory=dict)

    def lemma(self, form: str, tag: str) -> str:
        """The lemma of a form; in lower case except for names and words always written with a capital."""
        lower = form.lower()
        known = self.exceptions.get(tag, {}).get(lower)
        if known is not None:
            return known
        kept = form if tag in NAME_TAGS else lower
        cut, add = self._ending(lower, tag)
        return kept[: len(kept) - cut] + add

    def _ending(self, lower: str, tag: str) -> Ending:
        endings = self.endings.get(tag)
        if endings:
            for length in range(min(LONGEST_ENDING, len(lower) - 1), 0, -1):
                found = endings.get(lower[-length:])
                if found and found[0] < len(lower):
                    return found
        return 0, ""


class TableLemmatizer:
    """The spaCy component around the table; sets `token.lemma_` from `token.tag_`."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.table = LemmaTable()

    def __call__(self, doc: Doc) -> Doc:  # noqa: D102  (spaCy's signature)
        for token in doc:
            token.lemma_ = self.table.lemma(token.text, token.tag_)
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Called by `Language.evaluate`: the share of lemmas that are right, as `lemma_acc`, 0 to 1."""
        scores: dict[str, Any] = Scorer.score_token_attr(examples, "lemma")
        return scores

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002  (spaCy's signature)
        """Stores the table."""
        stored: bytes = srsly.msgpack_dumps({"exceptions": self.table.exceptions, "endings": self.table.endings})
        return stored

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:  # noqa: ARG002
        """Reads the table back."""
        stored = srsly.msgpack_loads(data)
        endings = {
            tag: {end: (cut, add) for end, (cut, add) in table.items()} for tag, table in stored["endings"].items()
        }
        self.table = LemmaTable(stored["exceptions"], endings)
        return self


@Language.factory("tocsin_lemmatizer", assigns=["token.lemma"], requires=["token.tag"])
def create_lemmatizer(nlp: Language, name: str) -> TableLemmatizer:  # noqa: ARG001  (spaCy calls it with both)
    """Makes the component; its table comes with the pipeline's weights."""
    return TableLemmatizer(nlp.vocab)
