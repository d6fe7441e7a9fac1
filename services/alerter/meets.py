"""Whether a condition holds of an event or an article, and which words of it rang. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.alerter.ground import lies_in
from services.alerter.keywords import Place, holds, phrase_place, phrases_hold, word_places
from services.core.article import Article, ArticleRef
from services.core.condition import When
from services.core.event import Event, Mention
from services.core.ontology import Tier
from services.core.wanted import Keywords

_KILLED: Final = frozenset({"killed"})
_WOUNDED: Final = frozenset({"wounded"})
_EITHER: Final = frozenset({"killed", "wounded", "killed_or_wounded"})


@dataclass(frozen=True)
class Told:
    """What a condition is asked of: an article, and the event that one of its sentences tells, if it is about one.

    ``texts`` are where words are looked for: the article's text, or the event's sentence; and the title.
    """

    article: Article | ArticleRef
    texts: tuple[str, ...]
    event: Event | None = None


def meets(when: When, told: Told) -> bool:
    """Whether the condition holds. What asks for an event does not hold of an article alone."""
    return (
        (told.event is not None or when.of_articles)
        and (told.event is None or _event_meets(when, told.event))
        and _article_meets(when, told.article)
        and (not when.phrases or phrases_hold(when.phrases, told.texts))
        and (when.keywords is None or holds(_sorted_out(when.keywords), told.texts))
        and (not when.all or all(meets(inner, told) for inner in when.all))
        and (not when.any or any(meets(inner, told) for inner in when.any))
        and not (when.not_ and any(meets(inner, told) for inner in when.not_))
    )


def _article_meets(when: When, article: Article | ArticleRef) -> bool:
    return (
        (not when.sources or article.source in when.sources)
        and (not when.outlets or article.outlet in when.outlets)
        and (not when.languages or article.language in when.languages)
    )


def _event_meets(when: When, event: Event) -> bool:
    return (
        (not when.event_types or event.event_type in when.event_types)
        and (not when.sub_event_types or event.sub_event_type in when.sub_event_types)
        and (not when.plover or event.plover in when.plover)
        and (not when.cameo or (event.cameo or "").startswith(when.cameo))
        and (not when.flags or all(getattr(event, flag) for flag in when.flags))
        and (not when.ceasefire or event.ceasefire in when.ceasefire)
        and (not when.modalities or event.modality in when.modalities)
        and event.confidence >= when.min_confidence
        and _happened_there(when, event)
        and (not when.actors or _is_among(event.actor, when.actors))
        and (not when.targets or _is_among(event.target, when.targets))
        and _harmed(when, event)
    )


def _happened_there(when: When, event: Event) -> bool:
    """Whether any place of the event is in the countries, and any (perhaps another) in the places."""
    return (not when.countries or any(place.country in when.countries for place in event.location)) and (
        not when.places or any(lies_in(place, area) for place in event.location for area in when.places)
    )


def _is_among(parties: tuple[Mention, ...], wanted: tuple[str, ...]) -> bool:
    return any(_is(mention.id.split("-"), one.split("-")) for mention in parties for one in wanted)


def _is(parts: list[str], wanted: list[str]) -> bool:
    """Whether the wanted parts stand in the id side by side: ``ARM``, ``MIL`` and ``ARM-MIL`` in ``ARM-MIL``."""
    return any(parts[at : at + len(wanted)] == wanted for at in range(len(parts)))


def _harmed(when: When, event: Event) -> bool:
    if not (when.min_killed or when.min_wounded or when.min_casualties):
        return True
    asked = ((when.min_killed, _KILLED), (when.min_wounded, _WOUNDED), (when.min_casualties, _EITHER))
    return all(not least or _victims(event, kinds) >= least for least, kinds in asked)


def _victims(event: Event, kinds: frozenset[str]) -> int:
    """The event's own figures added up; running totals are not its own, save where telling one is all it does."""
    own = total = 0
    for casualty in event.casualties:
        count = casualty.count or 0
        if casualty.kind not in kinds:
            continue
        if casualty.cumulative:
            total = max(total, count)
        else:
            own += count
    return max(own, total) if event.tier is Tier.CASUALTY_TOLL else own


def words_that_rang(when: When, text: str) -> Place | None:
    """Where the first of the words and phrases that a condition asks for stands in a text, the longest of equals."""
    return min(_places(when, text), key=lambda place: (place[0], -place[1]), default=None)


def _places(when: When, text: str) -> Iterator[Place]:
    if when.phrases and (place := phrase_place(when.phrases, text)):
        yield place
    if when.keywords is not None:
        yield from word_places(_sorted_out(when.keywords), text)
    for inner in (*when.all, *when.any):
        yield from _places(inner, text)


def _sorted_out(keywords: Keywords | tuple[str, ...]) -> Keywords:
    """A plain list means any of it."""
    return keywords if isinstance(keywords, Keywords) else Keywords.model_construct(any=keywords)
