"""Sentences, headings and page furniture."""

from services.extractor.text.sentences import sentences


def kinds(text: str) -> list[tuple[str, str]]:
    return [(sentence.kind, sentence.text) for sentence in sentences(text)]


def test_abbreviations_do_not_end_a_sentence() -> None:
    assert len(sentences("Gen. Smith met the U.S. envoy on Oct. 3 in St. Petersburg. They spoke.")) == 2


def test_a_quotation_mark_belongs_to_the_sentence_it_ends() -> None:
    assert [text for _, text in kinds('"We will stay." He left.')] == ['"We will stay."', "He left."]


def test_links_credits_and_empty_lines_are_noise_and_short_lines_are_headings() -> None:
    text = "Troops take a town at dawn\n\nThe army took it.\n\nREAD MORE: clashes rage\n\nReactions\n\nTalks go on."
    assert [kind for kind, _ in kinds(text)] == ["headline", "body", "noise", "heading", "body"]


def test_lines_broken_at_full_width_are_joined() -> None:
    first = "Unknown persons threw two bombs at the offices of the party in the"
    text = first + "\ncentre of the city late last night. Nobody was hurt."
    assert len(sentences(text)) == 2


def test_offsets_point_into_the_text() -> None:
    text = "One. Two!\n\nThree?"
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in sentences(text))
