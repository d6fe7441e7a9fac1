"""The shipped pipeline: it loads, it speaks Universal Dependencies, it is as good and as small as scores.json says."""

import importlib
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Token

from services.core.errors import InputError
from services.extractor.text.lemmas import LemmaTable
from services.extractor.text.nlp import MODEL, load_pipeline, read_scores

REPOSITORY = Path(__file__).parents[2]
TREEBANK = REPOSITORY.parent / "shared" / "treebank"
FLOORS = {
    "dev": {"tag": 94.5, "uas": 86.0, "las": 83.0, "lemma": 96.0},
    # Without the one document that GUM's training part has as well.
    "dev_unseen": {"tag": 94.5, "uas": 85.9, "las": 82.7, "lemma": 96.0},
}
LARGEST_ZIP = 12_000_000
# https://universaldependencies.org/u/dep/ (version 2), written out so that a retrained model cannot bring in others.
RELATIONS = """acl advcl advmod amod appos aux case cc ccomp clf compound conj cop csubj dep det discourse dislocated
expl fixed flat goeswith iobj list mark nmod nsubj nummod obj obl orphan parataxis punct reparandum root vocative
xcomp"""
UPOS = {"ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ"}
OTHER_UPOS = {"SPACE", "SYM", "VERB", "X"}


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


def only(nlp: Language, sentence: str, relation: str) -> Token:
    found = [token for token in nlp(sentence) if token.dep_ == relation]
    assert len(found) == 1, [(token.text, token.dep_) for token in nlp(sentence)]
    return found[0]


def test_the_pipeline_has_a_tagger_a_parser_a_lemmatizer_and_a_recogniser(nlp: Language) -> None:
    assert nlp.pipe_names == ["tok2vec", "tagger", "morphologizer", "parser", "lemmatizer", "ner"]


def test_the_labels_are_universal_dependencies(nlp: Language) -> None:
    labels = nlp.pipe_labels
    assert {label.split(":")[0].lower() for label in labels["parser"]} <= set(RELATIONS.split())
    assert {"nsubj", "nsubj:pass", "obj", "obl:agent", "ccomp", "ROOT"} <= set(labels["parser"])
    assert {label.removeprefix("POS=") for label in labels["morphologizer"]} <= UPOS | OTHER_UPOS
    assert {"NNP", "VBD", "VBN"} <= set(labels["tagger"])
    assert sorted(labels["ner"]) == ["ORG", "PERSON", "PLACE"]


@pytest.mark.parametrize(
    ("sentence", "relation", "word", "head"),
    [
        ("The army shelled three villages on Monday.", "nsubj", "army", "shelled"),
        ("The army shelled three villages on Monday.", "obj", "villages", "shelled"),
        ("Two soldiers were killed by a sniper.", "nsubj:pass", "soldiers", "killed"),
        ("Two soldiers were killed by a sniper.", "obl:agent", "sniper", "killed"),
        ("The town was captured by government forces.", "obl:agent", "forces", "captured"),
        ("The minister denied that his troops attacked the village.", "ccomp", "attacked", "denied"),
        ("rebels attacked a police station in the capital", "obj", "station", "attacked"),
    ],
)
def test_who_did_what_to_whom_is_read_from_simple_sentences(
    nlp: Language, sentence: str, relation: str, word: str, head: str
) -> None:
    token = only(nlp, sentence, relation)
    assert (token.text, token.head.text) == (word, head)


@pytest.mark.parametrize(
    ("sentence", "form", "lemma"),
    [
        ("Gunmen shelled the town.", "shelled", "shell"),
        ("The conflict escalated.", "escalated", "escalate"),
        ("Thousands fled their homes.", "fled", "flee"),
        ("The clashes spread to two cities.", "cities", "city"),
        ("They are retaking the hills.", "retaking", "retake"),
    ],
)
def test_lemmas_of_words_the_treebank_never_met_are_words(nlp: Language, sentence: str, form: str, lemma: str) -> None:
    assert {token.text: token.lemma_ for token in nlp(sentence)}[form] == lemma


def test_a_lemma_keeps_the_capital_of_a_name_only() -> None:
    table = LemmaTable({"VBD": {"fled": "flee"}}, {"VBD": {"ed": (2, "")}, "NNPS": {"s": (1, "")}})
    forms = [
        ("Fled", "VBD"),
        ("Shelled", "VBD"),
        ("Emirates", "NNPS"),
        ("Goris", "NNP"),
        ("ed", "VBD"),
        ("War", "NN"),
    ]
    assert [table.lemma(*form) for form in forms] == ["flee", "shell", "Emirate", "Goris", "ed", "war"]


def test_sentences_end_at_full_stops_and_at_paragraphs(nlp: Language) -> None:
    text = "Fighting resumed at dawn. Both sides blamed each other.\n\nTwo people died in the city"
    assert [sentence.text.strip() for sentence in nlp(text).sents] == [
        "Fighting resumed at dawn.",
        "Both sides blamed each other.",
        "Two people died in the city",
    ]


def test_well_known_names_get_their_type(nlp: Language) -> None:
    doc = nlp("Mary Johnson flew from London to Washington to meet the United Nations.")
    found = {entity.text: entity.label_ for entity in doc.ents}
    assert found.get("Mary Johnson") == "PERSON"
    assert found.get("London") == "PLACE"


@pytest.mark.parametrize("part", FLOORS)
def test_scores_meet_the_floors_on_both_development_sets_together(part: str) -> None:
    scores = read_scores()["syntax"][part]
    assert {name: scores[name] for name, floor in FLOORS[part].items() if scores[name] < floor} == {}


def test_the_record_names_versions_seed_and_the_licence_of_every_source() -> None:
    record = read_scores()
    assert record["versions"]["spacy"].startswith("3.8.")
    assert isinstance(record["seed"], int)
    assert all(source["licence"] for source in record["data"])
    notice = (MODEL / "NOTICE.txt").read_text(encoding="utf-8")
    for name in ("UD_English-EWT", "UD_English-GUM", "UNER_English-EWT", "GloVe", "GRAYPE Systems", "CC BY-SA 4.0"):
        assert name in notice


def test_the_zipped_model_is_small(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(MODEL.iterdir()):
            archive.write(path, path.name)
    assert (tmp_path / "model.zip").stat().st_size <= LARGEST_ZIP


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(MODEL, copy)
    (copy / "words.txt").write_text("the", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape("words.txt") + ".*checksum"):
        load_pipeline(copy)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(MODEL, copy)
    (copy / "vectors.npz").unlink()
    with pytest.raises(InputError, match=r"vectors\.npz: missing"):
        load_pipeline(copy)


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"format": 99}, "reads format 1"), ({"versions": {"spacy": "2.0.1"}}, "trained with spaCy 2.0.1")],
)
def test_weights_of_another_format_or_spacy_are_refused(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    (tmp_path / "scores.json").write_text(json.dumps({**read_scores(), **change}), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(reason)):
        load_pipeline(tmp_path)


def test_a_folder_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not the record of an exported pipeline"):
        load_pipeline(tmp_path)


@pytest.mark.skipif(not TREEBANK.is_dir(), reason="the treebanks are not on this machine")
def test_the_shipped_weights_score_what_the_record_says(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(REPOSITORY / "deploy" / "model")
    score, conllu, convert = (importlib.import_module(name) for name in ("score", "conllu", "convert"))
    dev = [s for name in ("ewt_dev", "gum_dev") for s in conllu.read_conllu(TREEBANK / f"{name}.conllu.xz")]
    gold = convert.whole_docs(nlp.vocab, score.sample(dev))
    assert score.syntax(nlp, gold) == pytest.approx(read_scores()["syntax"]["sample"], abs=0.3)
