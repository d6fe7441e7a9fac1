"""The trigger tables read, checked and made ready: what to look for, what it means, what the prefilter needs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from services.core.ontology import EVENT_TYPE_OF, Modality
from services.extractor.reading.forms import noun_forms, verb_forms
from services.extractor.reading.patterns import Classes, Pattern, PatternError, anchors, compiled, solid
from services.extractor.text.closed import closed
from services.extractor.text.tables import Row, TableError, rows

Reach = Literal["comma", "near", "after", "nouns", "verbs", "both", "before", "next", "all"]
Index = Mapping[str, tuple["Indexed", ...]]

EFFECTS = frozenset(
    [
        "adjunct",
        "plain",
        "called_for",
        "threatened",
        "hypothetical",
        "future",
        "denied",
        "topic",
        "alleged",
        "background",
        "failed",
        "repelled",
    ]
)
REACHES = frozenset(["comma", "near", "after", "nouns", "verbs", "both", "before", "next", "all"])
CLASSES = closed("lexicon.classes")
TRIGGER_TABLES = ("battles", "ground", "afar", "bombs", "civilians", "crowds", "moves", "calm")
"""The files of ``lexicon/triggers/``, in the order that decides between two rows that find the same words."""

CUES = frozenset(
    [
        "lethal",
        "excess",
        "police_arrest",
        "retreat_forced",
        "failed",
        "mutual",
        "bombed",
        "from_air",
        "from_rebels",
        "at_march",
        "policed",
        "guns",
    ]
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """One row of the trigger table: a sense and how surely its words mean it."""

    sense: str
    strength: float
    where: str
    pattern: Pattern = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """One row of the frame table: an effect on the modality of what stands within reach."""

    effect: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class Coding:
    """One row of the crosswalk: when it applies and what it writes."""

    sense: str
    actors: frozenset[str]
    targets: frozenset[str]
    needs: frozenset[str]
    bars: frozenset[str]
    sub_event_type: str
    plover: str
    mode: str
    cameo: str
    bonus: float


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the table of verbal acts."""

    plover: str
    mode: str
    cameo: str
    modality: Modality
    where: str
    pattern: Pattern = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of ``lexicon/``: triggers and frames by the first word form of their patterns, codings by sense."""

    classes: Classes
    triggers: tuple[Trigger, ...]
    trigger_index: Index
    frames: tuple[Frame, ...]
    frame_index: Index
    acts: tuple[Act, ...]
    act_index: Index
    codings: Mapping[str, tuple[Coding, ...]]
    anchors: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The tables of this package.

    Raises:
        TableError: a row cannot be read; the text names file and line.
    """
    classes = _classes()
    triggers = [(row, _pattern(row, classes)) for row in _trigger_rows()]
    frames = [(row, _pattern(row, classes)) for row in rows("lexicon/frames.tsv", ("effect", "pattern", "reach"))]
    acts = [(row, _pattern(row, classes)) for row in rows("lexicon/verbal.tsv", _ACT)]
    codings = _codings()
    return Lexicon(
        classes,
        tuple(_trigger(row, pattern, codings) for row, pattern in triggers),
        indexed([pattern for _, pattern in triggers]),
        tuple(_frame(row) for row, _ in frames),
        indexed([pattern for _, pattern in frames]),
        tuple(_act(row, pattern) for row, pattern in acts),
        indexed([pattern for _, pattern in acts]),
        codings,
        frozenset(form for _, pattern in triggers for form in anchors(pattern)),
    )


class Indexed(NamedTuple):
    """A pattern with its number in its table, and the forms of each word behind the first that it cannot do without."""

    number: int
    pattern: Pattern
    needs: tuple[frozenset[str], ...]


def indexed(patterns: list[Pattern]) -> Index:
    """Patterns with their numbers by each form their first word can take."""
    index: dict[str, list[Indexed]] = defaultdict(list)
    for number, pattern in enumerate(patterns):
        needs = tuple(frozenset(element.forms) for element in solid(pattern)[1:])
        for form in pattern[0].forms:
            index[form].append(Indexed(number, pattern, needs))
    return {form: tuple(found) for form, found in index.items()}


def _trigger_rows() -> Iterator[Row]:
    for kind in TRIGGER_TABLES:
        yield from rows(f"lexicon/triggers/{kind}.tsv", ("sense", "pattern", "strength"))


def _pattern(row: Row, classes: Classes) -> Pattern:
    try:
        return compiled(row["pattern"], classes)
    except (PatternError, ValueError) as error:
        raise row.error(str(error)) from error


def _trigger(row: Row, pattern: Pattern, codings: Mapping[str, tuple[Coding, ...]]) -> Trigger:
    row.one_of("sense", set(codings) | {"toll"})
    return Trigger(row["sense"], row.number("strength", 0.6) or 0.0, row.where, pattern)


def _frame(row: Row) -> Frame:
    reach: Reach = row.one_of("reach", REACHES)  # type: ignore[assignment]
    return Frame(row.one_of("effect", EFFECTS), reach)


_ACT = ("plover", "mode", "cameo", "modality", "pattern")


def _act(row: Row, pattern: Pattern) -> Act:
    modality = Modality(row.one_of("modality", {member.value for member in Modality}))
    return Act(row["plover"], row["mode"], row["cameo"], modality, row.where, pattern)


def _classes() -> dict[str, frozenset[str]]:
    classes: dict[str, frozenset[str]] = {}
    for row in rows("lexicon/classes.tsv", ("name", "words")):
        forms: set[str] = set(classes.get(row["name"], ()))
        for word in row["words"].split():
            forms |= _class_word(word, classes, row)
        classes[row["name"]] = frozenset(forms)
    return classes


def _class_word(word: str, classes: Classes, row: Row) -> frozenset[str]:
    if word.startswith("@"):
        if word[1:] not in classes:
            raise row.error(f"{word} is not defined above")
        return classes[word[1:]]
    lemma, dot, kind = word.rpartition(".")
    if dot and kind in {"n", "v"}:
        return noun_forms(lemma) if kind == "n" else verb_forms(lemma)
    return frozenset({word})


_CODING = ("sense", "actor", "target", "cues", "type", "plover", "mode", "cameo", "bonus")


def _codings() -> dict[str, tuple[Coding, ...]]:
    made: dict[str, list[Coding]] = defaultdict(list)
    for row in rows("lexicon/types.tsv", _CODING):
        made[row["sense"]].append(_coding(row))
    known = set(made) | CUES
    for coding in (coding for codings in made.values() for coding in codings):
        for cue in (coding.needs | coding.bars) - known:
            raise TableError(f"types.tsv: {coding.sense}: no sense or cue {cue!r}")
    return {sense: tuple(codings) for sense, codings in made.items()}


def _coding(row: Row) -> Coding:
    cues = frozenset(row["cues"].split(",")) - {"-", ""}
    return Coding(
        row["sense"],
        _class_set(row, "actor"),
        _class_set(row, "target"),
        frozenset(cue for cue in cues if not cue.startswith("!")),
        frozenset(cue[1:] for cue in cues if cue.startswith("!")),
        row.one_of("type", set(EVENT_TYPE_OF)),
        row["plover"],
        row["mode"],
        row["cameo"],
        row.number("bonus", 0.0) or 0.0,
    )


def _class_set(row: Row, column: str) -> frozenset[str]:
    if row[column] in {"-", ""}:
        return frozenset()
    made = frozenset(row[column].split("|"))
    for name in made - CLASSES:
        raise row.error(f"{column}: no class {name!r}")
    return made
