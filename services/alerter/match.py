"""Which rules an event or article meets: ``match(rules, event)`` and ``match_keywords(rules, article)``. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from services.alerter.incidents import best_place, incident_of
from services.alerter.meets import Told, meets, words_that_rang
from services.core.article import Article, ArticleRef, is_late
from services.core.condition import When
from services.core.event import Event, Span
from services.core.ontology import Modality
from services.core.regions import region_of
from services.core.rule import GroupBy, Rule, Rules
from services.core.sighting import Figure, Part, Sighting, Verdict
from services.core.wire import content_id

UNKNOWN = "unknown"
"""The group of what has no place where a rule groups by one."""

_BY_PLACE = frozenset({GroupBy.COUNTRY, GroupBy.BORDER, GroupBy.PLACE, GroupBy.REGION})
"""Groups in which things that happened nobody knows where would add up to an alert about nothing."""

ALL = "all"
"""The group of a rule that does not group."""

_MAX_TITLE, _MAX_URL = 300, 1_000
_MAX_SENTENCE = 600
"""Characters of a sentence that a sighting carries: many sightings must fit into one table entry."""


def match(rules: Rules, event: Event) -> tuple[Sighting, ...]:
    """One sighting for each rule whose condition the event meets, with the reason if it cannot count."""
    article = event.article
    if article is None:
        return ()
    told = Told(article, texts=(event.sentence.text, article.title), event=event)
    met = [
        (rule, part) for rule in rules.rules for part, when in sides(rule) if meets(when, told) and not rule.by_keyword
    ]
    said = _said(event, article) if met else {}
    return tuple(_sighting(rule, event, article, part=part, said=said) for rule, part in met)


def sides(rule: Rule) -> tuple[tuple[Part | None, When], ...]:
    """The conditions of a rule: one, or the two of a sequence. What meets both is on both sides."""
    if rule.sequence is None:
        return ((None, rule.when),)
    return (Part.FIRST, rule.sequence.first), (Part.THEN, rule.when)


def _named(part: Part | None) -> tuple[str, ...]:
    return (part.value,) if part else ()


def _sighting(rule: Rule, event: Event, article: ArticleRef, *, part: Part | None, said: Mapping[str, Any]) -> Sighting:
    group = group_of(rule.group_by, event, article)
    refused, because = _refusal(rule, event, article)
    if refused is None and group == UNKNOWN and rule.group_by in _BY_PLACE:
        refused, because = (
            Verdict.UNPLACED,
            f"no {rule.group_by} is known for it, and the rule counts by {rule.group_by}",
        )
    return Sighting(
        sighting_id=content_id("sighting", rule.name, article.stream, group, event.event_id, *_named(part)),
        rule=rule.name,
        group=group,
        part=part,
        refused=refused,
        because=because,
        **said,
    )


def _said(event: Event, article: ArticleRef) -> dict[str, Any]:
    """What the sightings of one event have in common, whichever rule it is."""
    incident, basis = incident_of(event)
    return {
        "article": _brief(article),
        "event_id": event.event_id,
        "sentence": _short(event.sentence),
        "trigger": event.trigger,
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "modality": event.modality,
        "attribution": event.attribution,
        "denied_by": tuple(mention.text for mention in event.denied_by),
        "deniers": tuple(mention.id for mention in event.denied_by),
        "place": best_place(event),
        "date": event.date,
        "actors": tuple(dict.fromkeys(mention.id for mention in event.actor)),
        "targets": tuple(dict.fromkeys(mention.id for mention in event.target)),
        "figures": _figures(event),
        "incident": incident,
        "incident_basis": basis,
    }


def _figures(event: Event) -> tuple[Figure, ...]:
    """How many people it harmed; running totals are of more than this happening, and equipment is no casualty."""
    return tuple(
        Figure(kind=each.kind, count=each.count, qualifier=each.qualifier)
        for each in event.casualties
        if each.count is not None and not each.cumulative and each.who != "equipment"
    )


def _refusal(rule: Rule, event: Event, article: ArticleRef) -> tuple[Verdict | None, str | None]:
    if event.modality not in rule.modalities:
        return Verdict.WRONG_MODALITY, f"the sentence is {event.modality}; the rule counts {_list(rule.modalities)}"
    if event.duplicate_of:
        return Verdict.REPEATED_IN_ARTICLE, "the article tells it a second time"
    if (days := _days_ago(event, article)) > max(rule.window.days, _TOLD_WITHIN):
        return Verdict.LATE, f"told {days} days after it happened; the rule looks {rule.window.days or 1} back"
    return _lateness(rule, article)


_TOLD_WITHIN = 2
"""Days after which the news of a day is still news, whatever the window."""


def _days_ago(event: Event, article: ArticleRef) -> int:
    """Whole days between the last day on which it can have happened, by the article's own words, and publication."""
    date = event.date
    last = (date.end or date.value) if date and date.text else None
    return (article.published.date() - last).days if last else 0


def _lateness(rule: Rule, article: ArticleRef | Article) -> tuple[Verdict | None, str | None]:
    if is_late(article, rule.lateness):
        age = article.fetched - article.published
        return Verdict.LATE, f"came {age.days} days after its publication; the rule allows {rule.lateness.days}"
    return None, None


def _list(modalities: Iterable[Modality]) -> str:
    return ", ".join(modalities)


def group_of(group_by: GroupBy, event: Event, article: ArticleRef) -> str:
    """The group an event counts in.

    ``border``: the two countries that meet there, as ``ARM-AZE``; the country it happened in where only that is known.
    """
    if group_by.of_articles:
        return _group_of_article(group_by, article)
    place = best_place(event)
    country = (place.country if place else None) or next(iter(_countries(event)), UNKNOWN)
    match group_by:
        case GroupBy.PLACE:
            return place.name if place else UNKNOWN
        case GroupBy.REGION:
            return region_of(country) or UNKNOWN
        case GroupBy.ACTOR_PAIR:
            return "-".join(sorted(_parties(event)[:2])) or UNKNOWN
        case GroupBy.BORDER:
            return _border(country, event)
        case _:
            return country


def _group_of_article(group_by: GroupBy, article: ArticleRef | Article) -> str:
    named = {GroupBy.OUTLET: article.outlet, GroupBy.SOURCE: article.source}
    return named.get(group_by, ALL)


def _border(country: str, event: Event) -> str:
    """The country with the one other that the places name, else with the one other that acts or suffers."""
    places = [place.country for place in event.location if place.country]
    for codes in (places, _countries(event)):
        others = set(codes) - {country}
        if len(others) == 1 and country != UNKNOWN:
            return "-".join(sorted((country, *others)))
    return country


def _parties(event: Event) -> list[str]:
    """Countries and organisations that act or suffer, in the order they are named; rebels are not their country."""
    ids = (mention.id for mention in (*event.actor, *event.target))
    named = (ident.replace("-", ".") if ident.endswith("-REB") else ident.split("-")[0] for ident in ids)
    return list(dict.fromkeys(party for party in named if party and not party.startswith("UNK")))


def _countries(event: Event) -> list[str]:
    """ISO codes of the countries whose people act or suffer, in the order they are named."""
    codes = (mention.id.split("-")[0] for mention in (*event.actor, *event.target))
    return list(dict.fromkeys(code for code in codes if re.fullmatch(r"[A-Z]{3}", code) and code != "UNK"))


def match_keywords(rules: Rules, article: Article) -> tuple[Sighting, ...]:
    """One sighting for each rule over articles whose condition this one meets."""
    told = Told(article, texts=(article.text, article.title))
    return tuple(
        _keyword_sighting(rule, article, _shown(when, article), part)
        for rule in rules.rules
        if rule.by_keyword
        for part, when in sides(rule)
        if meets(when, told)
    )


def _shown(when: When, article: Article) -> tuple[Span, Span]:
    """The sentence and the words in it that rang; where no word was asked for, or none had to stand, the beginning.

    What stands in the title alone has no place in the text: offsets 0 to 0.
    """
    if place := words_that_rang(when, article.text):
        words = _span(article.text, place)
        return _sentence_around(article.text, words), words
    title = Span(text=article.title, start=0, end=0)
    if place := words_that_rang(when, article.title):
        return title, Span(text=article.title[slice(*place)], start=0, end=0)
    sentence = title if article.title else _sentence_around(article.text, _span(article.text, (0, 0)))
    return sentence, sentence.model_copy(update={"text": "", "end": sentence.start})


def _span(text: str, place: tuple[int, int]) -> Span:
    return Span(text=text[slice(*place)], start=place[0], end=place[1])


def _keyword_sighting(rule: Rule, article: Article, found: tuple[Span, Span], part: Part | None) -> Sighting:
    sentence, trigger = found
    group = _group_of_article(rule.group_by, article)
    refused, because = _lateness(rule, article)
    return Sighting(
        sighting_id=content_id(
            "sighting", rule.name, article.stream, group, article.id, article.revision, *_named(part)
        ),
        rule=rule.name,
        group=group,
        article=_brief(article.ref),
        sentence=_short(sentence),
        trigger=trigger,
        modality=Modality.ASSERTED,
        part=part,
        incident=content_id("article", article.id),
        incident_basis=f"keyword in {article.id}",
        refused=refused,
        because=because,
    )


def _sentence_around(text: str, span: Span) -> Span:
    """The stretch between the nearest ends of sentences or paragraphs around ``span``."""
    before = max((hit.end() for hit in re.finditer(r"[.!?]\s+|\n", text[: span.start])), default=0)
    after = re.search(r"[.!?](?=\s|$)|\n", text[span.end :])
    end = span.end + (after.start() + (after[0] != "\n") if after else len(text) - span.end)
    return Span(text=text[before:end], start=before, end=end)


def _brief(article: ArticleRef) -> ArticleRef:
    """The article with a title and a URL of bounded length: a table entry holds hundreds of sightings."""
    url = article.url if len(article.url) <= _MAX_URL else ""
    return article.model_copy(update={"title": article.title[:_MAX_TITLE], "url": url})


def _short(span: Span) -> Span:
    return Span(text=span.text[:_MAX_SENTENCE], start=span.start, end=min(span.end, span.start + _MAX_SENTENCE))
