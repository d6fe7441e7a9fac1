"""How the parts of the pipeline are run on sentences."""

from typing import Any

import numpy as np
import pytest
from spacy.language import Language
from spacy.pipeline import DependencyParser, Tok2Vec
from spacy.tokens import Doc

from services.extractor.extract import events_in
from services.extractor.text import pipeline
from services.extractor.text.blank import blank_pipeline
from services.extractor.text.inference import _ROOM, RememberingTok2Vec
from services.extractor.text.words import bare_words, words_of
from tests.builders import article
from tests.quality.pipeline import pipeline as trained

TEXTS = [
    "Rebels shelled the town of Marib on Monday, killing three civilians.",
    "The minister, who had denied that his troops attacked the village, resigned - and left.",
    "Why?",
    "A U.S.-led air-strike hit the well-known al-Qaeda camp 20-30 km away from Deir ez-Zor.",
]


def prepared(nlp: Language) -> list[Doc]:
    docs = [nlp.make_doc(text) for text in TEXTS]
    for name in ("tok2vec", "tagger", "morphologizer"):
        part = nlp.get_pipe(name)
        part.set_annotations(docs, part.predict(docs))  # type: ignore[attr-defined]
    return docs


def test_the_stepped_parser_makes_the_trees_of_spacys_own_loop() -> None:
    nlp = trained()
    parser = nlp.get_pipe("parser")
    stepped, own = prepared(nlp), prepared(nlp)
    parser.set_annotations(stepped, parser.predict(stepped))  # type: ignore[attr-defined]
    parser.set_annotations(own, DependencyParser.predict(parser, own))  # type: ignore[attr-defined]
    for mine, other in zip(stepped, own, strict=True):
        assert np.array_equal(mine.to_array(["DEP", "HEAD"]), other.to_array(["DEP", "HEAD"]))


def test_a_text_that_outgrows_the_room_kept_for_features_is_parsed_like_its_parts() -> None:
    nlp = trained()
    parser: Any = nlp.get_pipe("parser")
    one, many = prepared(nlp), [doc for _ in range(60) for doc in prepared(nlp)]
    assert sum(map(len, many)) > _ROOM
    for docs in (one, many):
        parser.set_annotations(docs, parser.predict(docs))
    for alone, again in zip(one * 60, many, strict=True):
        assert np.array_equal(alone.to_array(["DEP", "HEAD"]), again.to_array(["DEP", "HEAD"]))


@pytest.mark.parametrize("remembered", [30_000, 12])
def test_remembered_embeddings_make_the_rows_of_spacys_own_layers(remembered: int) -> None:
    own: Any = trained().get_pipe("tok2vec")
    mine = RememberingTok2Vec(own.vocab, own.model, "tok2vec", remembered=remembered)
    for start in (0, 1, 0):
        docs = [trained().make_doc(text) for text in (*TEXTS[start:], "", "They're, theirs: can't, cant.")]
        for row, expected in zip(mine.predict(docs), Tok2Vec.predict(own, docs), strict=True):
            assert row == pytest.approx(np.asarray(expected), abs=1e-4)


def test_no_documents_and_empty_documents_have_no_states_to_step_through() -> None:
    nlp = trained()
    assert pipeline.parsed(nlp, []) == []
    assert [len(doc) for doc in pipeline.parsed(nlp, ["", "Fighting resumed."])] == [0, 3]


def test_a_sentence_that_comes_again_is_parsed_once() -> None:
    first, other, again = pipeline.parsed(blank_pipeline(), ["It burns.", "It rains.", "It burns."])
    assert first is again
    assert first is not other


def test_words_are_forgotten_once_enough_are_known() -> None:
    nlp = blank_pipeline()
    with pipeline.reading_zone(nlp):
        nlp("Rebels shelled Marib.")
    assert "Marib" in nlp.vocab.strings
    with pipeline.reading_zone(nlp, known=1):
        nlp("Rebels shelled Xanthopol.")
    assert "Xanthopol" not in nlp.vocab.strings


def test_tokens_around_a_hyphen_are_one_word_with_the_head_outside() -> None:
    words = words_of(trained()(TEXTS[3]), offset=100)
    found = {word.text: word for word in words}
    assert {"air-strike", "well-known", "al-Qaeda", "20-30", "ez-Zor"} <= found.keys()
    assert all(0 <= word.head < len(words) for word in words)
    assert found["air-strike"].dep == "nsubj"
    assert words[found["air-strike"].head].text == "hit"
    assert TEXTS[3][found["camp"].start - 100 : found["camp"].end - 100] == "camp"


def test_an_enormous_article_says_how_much_of_it_was_not_read() -> None:
    report = "Rebels shelled the town of Marib on Monday, killing three civilians. "
    short, long = (events_in(blank_pipeline(), article(report * times)) for times in (3, 600))
    assert not any(reason.startswith("not read") for event in short for reason in event.reasons)
    assert long[-1].reasons[-1] == "not read: 100 more sentences"


def test_bare_words_are_those_of_the_tokenizer() -> None:
    nlp = trained()
    for text in (
        *TEXTS,
        "We cannot, gonna dont Xanthopol",
        "They're, theirs: can't... (cannot) $5m-10m a.m.,",
        "\u2013 x\u2013y 'n' 20km",
    ):
        assert tuple(bare_words(nlp, text, offset=3)) == tuple(words_of(nlp.make_doc(text), 3, text))
