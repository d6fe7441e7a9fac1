"""Inflection and the pattern language, with and without tags."""

import pytest

from services.extractor.reading.forms import noun_forms, past_forms, verb_forms
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.patterns import PatternError, anchors, compiled, match_at, may_fit
from services.extractor.reading.prefilter import Prefilter, prefilter
from services.extractor.text.blank import blank_pipeline
from services.extractor.text.words import Words, words_of

NLP = blank_pipeline()


def words(text: str) -> Words:
    return words_of(NLP(text))


@pytest.mark.parametrize(
    ("lemma", "form"),
    [("shell", "shelled"), ("stab", "stabbing"), ("seize", "seizing"), ("retake", "retook"), ("repel", "repelled")],
)
def test_verbs_are_inflected_as_english_does(lemma: str, form: str) -> None:
    assert form in verb_forms(lemma)


def test_nouns_have_their_plural() -> None:
    assert noun_forms("enemy") == {"enemy", "enemies"}
    assert noun_forms("policeman") == {"policeman", "policemen"}
    assert past_forms("overrun") == ("overran", "overrun")


def test_a_hyphenated_word_is_one_word() -> None:
    assert [w.text for w in words("A cease-fire in Nagorno-Karabakh")][1::2] == ["cease-fire", "Nagorno-Karabakh"]


@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [
        ("take.v ~2 control of", "took full control of it", 4),
        ("fire.v ~3 rocket.n|shell.n", "fired three large rockets", 4),
        ("break.v the? truce", "broke truce", 2),
        ("free.v ~2 town.n", "freed . town", None),
    ],
)
def test_a_pattern_matches_with_gaps_choices_and_optional_words(pattern: str, text: str, end: int | None) -> None:
    assert match_at(compiled(pattern, {}), words(text), 0) == end


def test_a_participle_that_only_describes_its_noun_is_not_the_verb() -> None:
    assert match_at(compiled("occupy.v", {}), words("in occupied Karabakh today"), 1) is None
    assert match_at(compiled("occupy.v", {}), words("They occupied the town"), 1) == 2


def test_a_word_may_fit_whatever_its_class_but_for_a_month_and_what_is_counted() -> None:
    sentence = words("The Saudi attack in March cost 30 pounds")
    attack, march, pound = (compiled(pattern, {}) for pattern in ("attack.v", "march.v", "pound.v"))
    assert (match_at(attack, sentence, 2), match_at(attack, sentence, 2, may_fit)) == (None, 3)
    assert match_at(march, sentence, 4, may_fit) is None
    assert match_at(pound, sentence, 7) is match_at(pound, sentence, 7, may_fit) is None


@pytest.mark.parametrize("pattern", ["~2 town", "@nothing here", "town.x", ""])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compiled(pattern, {})


def test_the_prefilter_passes_every_sentence_that_holds_all_words_of_a_pattern() -> None:
    small = Prefilter([compiled("open.v fire on|at", {})])
    assert small.passes("Gunmen opened fire on a bus.")
    assert not small.passes("The fire brigade opened its doors.")
    assert small.offsets("Afire, they OPEN fire on a bus.") == (17,)


def test_no_pattern_of_the_lexicon_is_without_an_anchor() -> None:
    for found in lexicon().trigger_index.values():
        assert all(anchors(one.pattern) for one in found)


def test_calm_sentences_do_not_pass_the_prefilter() -> None:
    assert not prefilter().passes("The choir sang at the market and the mayor thanked everyone.")


def test_a_name_may_stand_among_other_choices() -> None:
    pattern = compiled("take.v back ~2 town.n|<name>", {})
    assert match_at(pattern, words("Rebels took back the old town."), 1) == 6
    assert match_at(pattern, words("Rebels took back Goma."), 1) == 4
    assert match_at(pattern, words("Rebels took back the lead."), 1) is None
    assert Prefilter([pattern]).passes("Rebels took back Goma.")


def test_a_pattern_cannot_begin_with_a_name() -> None:
    with pytest.raises(PatternError, match="must start with a word"):
        compiled("city|<name> fell", {})
