"""Running counts of victims, told apart from the happenings they sum up."""

from services.core.event import Casualty, Event, EventDate, Mention
from services.core.ontology import Modality, Tier
from services.core.wire import content_id
from services.extractor.event.past import background
from services.extractor.event.tell import attribution, facts_of, mentions
from services.extractor.event.told import Told
from services.extractor.event.where import named_places
from services.extractor.names.name import Name
from services.extractor.reading.casualties import Figure
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find


def total(reading: Reading) -> bool:
    """Whether a sentence tells a running total."""
    return any(figure.casualty.cumulative for figure in reading.figures)


def counted(story: Story, reading: Reading) -> Told | None:
    """The toll a sentence tells, with all its figures; None where no figure is a running total."""
    if not total(reading):
        return None
    figures = tuple(figure for figure in reading.figures if _counts(reading, figure))
    return Told(_event(story, reading, figures), "toll", "", "", reading.number, headline=False, inherited=True)


def folds(reading: Reading, find: Find) -> bool:
    """Whether a killing only counts along with the toll of its sentence: no figure of its own, or in the passive."""
    return find.sense == "toll" or (total(reading) and find.sense in {"kill", "destroy"})


def summed(reading: Reading, find: Find) -> bool:
    """*killed so far in the shelling*: a noun that only says what the toll is of."""
    before = set(reading.words.forms[max(0, find.start - 4) : find.start])
    far = any(word.lower == "far" for word in reading.words)
    claimed = "claimed" in reading.words.forms[find.end : find.end + _CLAIMS]
    return (far and not find.verbal and "in" in before) or claimed


_CLAIMS = 9
"""*Monday's shooting at X has now claimed four lives*: words between what a toll is of and the count."""


def _counts(reading: Reading, figure: Figure) -> bool:
    kinetic = any(find.sense not in {"kill", "toll", "destroy"} for find in reading.finds)
    return figure.casualty.cumulative or not kinetic


def _sides(figures: tuple[Figure, ...]) -> tuple[Mention, ...]:
    """Whose dead they are, as far as the figures say."""
    sides = {_side(f.casualty): f.casualty.text for f in figures if f.casualty.side}
    return tuple(Mention(text=text, id=side) for side, text in sides.items())


def _side(casualty: Casualty) -> str:
    """Whose dead: soldiers are a country's forces."""
    side = casualty.side or ""
    return f"{side}-MIL" if casualty.who == "military" and len(side) == _BARE else side


_BARE = 3
"""Letters of a country's id without a sector."""


def _killers(story: Story, reading: Reading) -> tuple[Name, ...]:
    """Who killed them, where the sentence tells."""
    finds = (find for find in reading.finds if folds(reading, find) and find.sense == "kill")
    return next((actors for find in finds if (actors := facts_of(story, reading, find).parties.actors)), ())


def _event(story: Story, reading: Reading, figures: tuple[Figure, ...]) -> Event:
    words, ref = reading.words, story.article
    first = next(figure for figure in figures if figure.casualty.cumulative)
    trigger = story.span(words[first.start].start, words[first.end - 1].end)
    claim = next((claim for claim in reading.claims if claim.start <= first.start < claim.end), None)
    past = background(story, reading)
    span = next((when for when in reading.dates if not when.compared), None)
    today = EventDate(value=story.today, start=None, end=story.today, time_precision=3) if story.today else None
    return Event(
        event_id=content_id("event", ref.id, ref.revision, str(trigger.start), str(trigger.end), "toll"),
        article_id=ref.id,
        tier=Tier.CASUALTY_TOLL,
        plover="ASSAULT",
        trigger=trigger,
        sentence=story.span(reading.sentence.start, reading.sentence.end),
        actor=mentions(_killers(story, reading)),
        target=_sides(figures),
        location=named_places(reading, first.start),
        date=span.event_date if span else today,
        casualties=tuple(figure.casualty for figure in figures),
        attribution=attribution(story, claim),
        modality=Modality.BACKGROUND if past else Modality.ASSERTED,
        confidence=0.6,
        reasons=(f"running total: {trigger.text!r}", *((f"background: {past!r}",) if past else ())),
        article=story.ref,
    )
