"""spaCy's tok2vec and parser, run forward with less ado: the same numbers, for prediction alone.

Training goes through spaCy's own layers (`deploy/model/`); these two classes take the weights that came out of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from spacy.attrs import LOWER, NORM, ORTH, PREFIX, SHAPE, SUFFIX  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.ml.parser_model import ParserStepModel  # type: ignore[import-not-found]
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
            padded[1:-1] += layer(padded)
        return [padded[start : start + size] for start, size in zip(places, sizes, strict=True)]

    def _taken(self) -> "tuple[_Embedding, tuple[_Convolution, ...]]":
        """The layers, made of the weights; only once these are loaded."""
        embedding = _Embedding(self.model.get_ref("embed"), self._remembered)
        return embedding, tuple(_convolutions(self.model.get_ref("encode")))


def _with_pads(rows: Floats, sizes: Sequence[int], pad: int) -> tuple[Floats, list[int]]:
    """The rows with as many zeros before, between and behind documents as convolutions can reach, and their starts.

    One more row of zeros at either end has no other beside it.
    """
    padded = np.zeros((len(rows) + pad * (len(sizes) + 1) + 2, rows.shape[1]), dtype=np.float32)
    places, start, done = [], pad + 1, 0
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
        self._mean = np.full((width, 1), 1 / width, dtype=np.float32)  # a product, in a sixth of the time

    def __call__(self, rows: Floats) -> Floats:
        """What is to be added to the rows between the first and the last."""
        width = self._width
        windows = as_strided(rows, (len(rows) - 2, 3 * width), rows.strides).copy()
        pieces = windows @ self._weights
        pieces += self._bias
        best: Floats = np.maximum(pieces[:, :width], pieces[:, width : 2 * width])
        for piece in range(2, self._pieces):
            np.maximum(best, pieces[:, piece * width : (piece + 1) * width], out=best)
        best -= best @ self._mean
        variance = np.vecdot(best, best) / width + 1e-8
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
    """spaCy's greedy parser, its steps driven from Python: the same trees in less than half the time.

    spaCy's own loop runs without the interpreter's lock, but each sum of a feature takes it and gives it back to look
    for an exception (measured with perf: half of the time, for 8 features a state).
    """

    _scores: "_Scores | None" = None

    def predict(self, docs: list[Doc]) -> list[Any]:
        """The final states of the documents."""
        batch = list(self.moves.init_batch(docs))
        states = [state for state in batch if not state.is_final()]
        if states:
            scores = self._scores = self._scores or _Scores(self.model)
            table = scores.table(docs)
            while states:
                states = self.transition_states(states, scores.of(states, table))
        return batch


_ROOM = 1_500
"""Tokens whose features have room kept for them, 12 kB each: fresh room costs as much time as filling it."""


class _Scores:
    """What the parser's layers think of each next step from a state; the first two, both linear, made one."""

    def __init__(self, model: Model[Any, Any]) -> None:
        tokens, lower, upper = (model.get_ref(name) for name in ("tok2vec", "lower", "upper"))
        self._rows, linear = tokens.layers[0], tokens.layers[-1]
        weights = np.asarray(lower.get_param("W"))
        self._features, self._width, self._pieces, wide = weights.shape
        size = self._pieces * self._width
        # pieces side by side, so that the largest is found over whole rows
        weights = weights.transpose(0, 2, 1, 3).reshape(-1, wide)
        always = (weights @ linear.get_param("b")).reshape(-1, size)
        self._weights = np.ascontiguousarray((weights @ linear.get_param("W")).T)
        self._missing = np.asarray(lower.get_param("pad"))[0].transpose(0, 2, 1).reshape(-1, size) - always
        self._bias = always.sum(axis=0) + lower.get_param("b").T.reshape(size)
        self._last, self._shift = np.ascontiguousarray(upper.get_param("W").T), np.asarray(upper.get_param("b"))
        # stands where `get_token_ids` asks how many features a state has
        self._shape = SimpleNamespace(state2vec=SimpleNamespace(nF=self._features))
        self._starts = np.arange(self._features, 2 * self._features, dtype=np.int32)
        self._ones = np.ones((1, self._features), dtype=np.float32)
        self._room = np.empty((0, size), dtype=np.float32)

    def table(self, docs: Sequence[Doc]) -> Floats:
        """The features of all tokens of the documents, row by row, behind those of a token that is not there."""
        rows = np.concatenate(self._rows.predict(docs))
        count, size = (len(rows) + 1) * self._features, self._room.shape[1]
        if len(self._room) < count <= _ROOM * self._features:
            self._room = np.empty((count, size), dtype=np.float32)
        table = self._room[:count] if count <= len(self._room) else np.empty((count, size), dtype=np.float32)
        table[: self._features] = self._missing
        np.matmul(rows, self._weights, out=table[self._features :].reshape(len(rows), -1))
        table[:: self._features] += self._bias
        return table

    def of(self, states: Sequence[Any], table: Floats) -> Floats:
        """A row of scores for each state."""
        places = ParserStepModel.get_token_ids(self._shape, states)
        places *= self._features
        places += self._starts
        found = table.take(places.ravel(), axis=0, mode="clip").reshape(len(states), self._features, -1)
        pieces = self._ones @ found  # their sum, in half the time
        hidden = np.maximum.reduce(pieces.reshape(len(states), self._pieces, self._width), axis=1)
        scores: Floats = hidden.dot(self._last)
        scores += self._shift
        return scores


FACTORIES: Final = {"tok2vec": "tocsin_tok2vec", "parser": "tocsin_parser"}
"""The factories of these classes, by the parts of a pipeline that they make."""


@Language.factory(FACTORIES["tok2vec"])
def _tok2vec(nlp: Language, name: str, model: Model[Any, Any]) -> RememberingTok2Vec:
    return RememberingTok2Vec(nlp.vocab, model, name)


@Language.factory(FACTORIES["parser"])
def _parser(nlp: Language, name: str, model: Model[Any, Any]) -> SteppedParser:
    return SteppedParser(nlp.vocab, model, name)
