"""spaCy's tok2vec and parser, run forward with less ado: the same numbers, for prediction alone.

Training goes through spaCy's own layers (`deploy/model/`); these two classes take the weights that came out of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import LOWER, NORM, ORTH, PREFIX, SHAPE, SUFFIX  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.pipeline import DependencyParser
from spacy.pipeline.tok2vec import Tok2Vec
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model

Floats = NDArray[np.float32]

_REMEMBERED = 30_000
"""Forms whose embedding is kept, 0.4 kB each; then all are forgotten."""


class RememberingTok2Vec(Tok2Vec):
    """A tok2vec that embeds each form of a word once, and runs its convolutions without notes for training."""

    def __init__(self, vocab: Vocab, model: Model[Any, Any], name: str, *, remembered: int = _REMEMBERED) -> None:
        super().__init__(vocab, model, name)
        self._remembered = remembered
        self._parts: tuple[_Embedding, tuple[_Convolution, ...]] | None = None

    def predict(self, docs: Iterable[Doc]) -> list[Floats]:
        """One row of floats for each token of each document."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return list(super().predict(docs))
        embedding, layers = self._parts = self._parts or self._taken()
        sizes = [len(doc) for doc in docs]
        padded, places = _with_pads(embedding.of(docs), sizes, len(layers))
        for layer in layers:
            padded += layer(padded)
        return [padded[start : start + size] for start, size in zip(places, sizes, strict=True)]

    def _taken(self) -> "tuple[_Embedding, tuple[_Convolution, ...]]":
        """The layers, made of the weights; only once these are loaded."""
        embedding = _Embedding(self.model.get_ref("embed"), self._remembered)
        return embedding, tuple(_convolutions(self.model.get_ref("encode")))


def _with_pads(rows: Floats, sizes: Sequence[int], pad: int) -> tuple[Floats, list[int]]:
    """The rows with as many zeros before, between and behind documents as convolutions can reach, and their starts."""
    padded = np.zeros((len(rows) + pad * (len(sizes) + 1), rows.shape[1]), dtype=np.float32)
    places, start, done = [], pad, 0
    for size in sizes:
        padded[start : start + size] = rows[done : done + size]
        places.append(start)
        start, done = start + size + pad, done + size
    return padded, places


class _Embedding:
    """The layer that knows a word's form alone, with what it said of forms before."""

    def __init__(self, model: Model[Any, Any], remembered: int) -> None:
        self._remembered = remembered
        features, self._mix = model.layers[0], model.layers[1]
        hashed, static = features.layers
        self._hashed = hashed.layers[2]
        self._weights = static.get_param("W")
        self._rows: dict[int, int] = {}
        self._known = np.empty((0, self._mix.get_dim("nO")), dtype=np.float32)

    def of(self, docs: Sequence[Doc]) -> Floats:
        """The embeddings of all tokens, one under the other."""
        table = np.concatenate([doc.to_array(_COLUMNS) for doc in docs])
        # A form and its norm decide all other columns; the norm of "'s" depends on what the tokenizer cut it from.
        keys = (table[:, 0] * np.uint64(3) + table[:, 1]).tolist()
        rows = self._rows
        fresh = {key: at for at, key in enumerate(keys) if key not in rows}
        if len(rows) + len(fresh) > self._remembered:
            rows.clear()
            fresh = {key: at for at, key in enumerate(keys)}
        if fresh:
            first, last = len(rows), len(rows) + len(fresh)
            rows |= {key: first + k for k, key in enumerate(fresh)}
            if last > len(self._known):
                self._known = np.resize(self._known, (2 * last, self._known.shape[1]))
            self._known[first:last] = self._made(docs[0], table[list(fresh.values())])
        return self._known[[rows[key] for key in keys]]

    def _made(self, doc: Doc, table: NDArray[np.uint64]) -> Floats:
        vectors = doc.vocab.vectors
        found = vectors.find(keys=table[:, _FORM])
        static = vectors.data[found] @ self._weights.T
        static[found < 0] = 0
        made: Floats = self._mix.predict(np.hstack([self._hashed.predict(table[:, _HASHED]), static]))
        return made


_COLUMNS = [ORTH, NORM, PREFIX, SUFFIX, SHAPE, LOWER]
_HASHED, _FORM = slice(1, 5), 5


class _Convolution:
    """A window of three rows through a maxout layer and a norm; without spaCy's note of which piece was largest."""

    def __init__(self, maxout: Model[Any, Any], norm: Model[Any, Any]) -> None:
        weights, bias = np.asarray(maxout.get_param("W")), np.asarray(maxout.get_param("b"))
        width, self._pieces, wide = weights.shape
        self._width = width
        # pieces side by side, so that the largest is found over whole rows
        self._weights = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(wide, self._pieces * width))
        self._bias = np.ascontiguousarray(bias.T.reshape(self._pieces * width))
        self._gain, self._shift = np.asarray(norm.get_param("G")), np.asarray(norm.get_param("b"))

    def __call__(self, rows: Floats) -> Floats:
        width = self._width
        window = np.zeros((len(rows), 3 * width), dtype=np.float32)
        window[1:, :width] = rows[:-1]
        window[:, width : 2 * width] = rows
        window[:-1, 2 * width :] = rows[1:]
        pieces = window @ self._weights
        pieces += self._bias
        best: Floats = pieces[:, :width]
        for piece in range(1, self._pieces):
            best = np.maximum(best, pieces[:, piece * width : (piece + 1) * width])
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best) / width + 1e-8
        best *= (variance**-0.5)[:, None]
        best *= self._gain
        best += self._shift
        return best


def _convolutions(encode: Model[Any, Any]) -> Iterator[_Convolution]:
    parts = {
        name: [part for part in encode.walk(order="dfs_pre") if part.name == name] for name in ("maxout", "layernorm")
    }
    for maxout, norm in zip(parts["maxout"], parts["layernorm"], strict=True):
        yield _Convolution(maxout, norm)


class SteppedParser(DependencyParser):  # type: ignore[misc]
    """spaCy's greedy parser, its steps driven from Python: the same trees in half the time.

    spaCy's own loop runs without the interpreter's lock, but each sum of a feature takes it and gives it back to look
    for an exception (measured with perf: half of the time, for 8 features a state).
    """

    def predict(self, docs: list[Doc]) -> list[Any]:
        """The final states of the documents."""
        batch = list(self.moves.init_batch(docs))
        states = [state for state in batch if not state.is_final()]
        if states:
            steps = self.model.predict(docs)
            weights, bias = steps.vec2scores.get_param("W").T, steps.vec2scores.get_param("b")
            while states:
                hidden = steps.state2vec.predict(steps.get_token_ids(states))
                states = self.transition_states(states, hidden @ weights + bias)
        return batch


FACTORIES: Final = {"tok2vec": "tocsin_tok2vec", "parser": "tocsin_parser"}
"""The factories of these classes, by the parts of a pipeline that they make."""


@Language.factory(FACTORIES["tok2vec"])
def _tok2vec(nlp: Language, name: str, model: Model[Any, Any]) -> RememberingTok2Vec:
    return RememberingTok2Vec(nlp.vocab, model, name)


@Language.factory(FACTORIES["parser"])
def _parser(nlp: Language, name: str, model: Model[Any, Any]) -> SteppedParser:
    return SteppedParser(nlp.vocab, model, name)
