"""Speed of a backtest on one core: 100,000 stored events through twenty rules, against merely decoding the events.

Run as ``python -m tests.bench.bench_backtest``. The events are made up: battles, shelling, protests and the like at
places of forty countries over ninety days, in two articles of three told by several outlets.
"""

import argparse
import cProfile
import os
import pstats
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.commands.outcome import Stored, outcome_of, uncollected
from services.core.article import ArticleRef, fingerprint
from services.core.event import Casualty, Event, EventDate, Mention, Place, Span
from services.core.ontology import Modality, Tier
from services.core.rule import Rules, parse_rules
from services.core.wire import content_id, decode, encode

EVENTS = 100_000
SECONDS = 60.0
"""The aim, on one core of a machine that does nothing else."""

_START = datetime(2031, 1, 1, tzinfo=UTC)
_DAYS = 90
_COUNTRIES = re.findall(
    "...",
    "ARMAZESDNTCDSSDETHERISOMKENCODRWAUGAMLINERBFANGACMRLBYSYRIRQ"
    "TURYEMSAUISRLBNPSEAFGPAKINDCHNMMRTHAKHMPHLUKRRUSGEOCOLVENMEX",
)
_KINDS = (
    ("Battles", "Armed clash", "fought"),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack", "shelled"),
    ("Explosions/Remote violence", "Air/drone strike", "bombed"),
    ("Violence against civilians", "Attack", "attacked"),
    ("Protests", "Peaceful protest", "marched"),
    ("Riots", "Mob violence", "rioted"),
)
_WORDS = tuple(re.findall(r"\w+", "market bridge convoy school depot river harvest station quarry orchard mill tower"))


def events(count: int, seed: int = 1) -> Iterator[Event]:
    """So many events, in the order of publication."""
    dice = random.Random(seed)
    step = timedelta(days=_DAYS) / count
    told: list[Event] = []
    for number in range(count):
        at = _START + number * step
        again = told and dice.random() < 0.6
        made = _again(dice.choice(told[-400:]), number, at, dice) if again else _event(number, at, dice)
        told = [*told[-399:], made] if not again else told
        yield made


def _event(number: int, at: datetime, dice: random.Random) -> Event:
    kind, sub, verb = dice.choice(_KINDS)
    country, other = dice.choices(_COUNTRIES, weights=range(len(_COUNTRIES), 0, -1), k=2)
    spot = dice.randrange(60)
    words = dice.sample(_WORDS, 3)
    text = f"{country} troops {verb} near Town{spot} by the {' and the '.join(words)}, killing {number % 7} people."
    place = Place(
        text=f"Town{spot}",
        name=f"Town{spot} {country}",
        lat=spot - 30.0,
        lon=spot * 2.0,
        geo_precision=1,
        country=country,
    )
    return Event(
        event_id=content_id("event", str(number)),
        article_id=content_id("article", str(number)),
        tier=Tier.KINETIC,
        event_type=kind,
        sub_event_type=sub,
        trigger=Span(text=verb, start=11, end=11 + len(verb)),
        sentence=Span(text=text, start=0, end=len(text)),
        actor=(Mention(text=f"{country} troops", id=f"{country}-MIL"),),
        target=(Mention(text=f"{other} troops", id=f"{other}-MIL"),) if dice.random() < 0.5 else (),
        location=(place,),
        date=EventDate(value=at.date(), time_precision=1),
        casualties=(Casualty(kind="killed", who="people", count=number % 7, text="people"),) if number % 7 else (),
        modality=dice.choices(tuple(Modality), weights=(20, *[1] * (len(Modality) - 1)))[0],
        ceasefire_violation=dice.random() < 0.1,
        border_incident=dice.random() < 0.2,
        confidence=0.9,
        article=_article(number, at, text, dice),
    )


def _again(event: Event, number: int, at: datetime, dice: random.Random) -> Event:
    """The same happening as another outlet has it."""
    text = event.sentence.text.replace("troops", dice.choice(("forces", "troops", "units")))
    return event.model_copy(
        update={
            "event_id": content_id("event", str(number)),
            "article_id": content_id("article", str(number)),
            "sentence": Span(text=text, start=0, end=len(text)),
            "article": _article(number, at, text, dice),
        }
    )


def _article(number: int, at: datetime, text: str, dice: random.Random) -> ArticleRef:
    outlet = f"outlet-{dice.randrange(60)}"
    return ArticleRef(
        id=content_id("article", str(number)),
        revision=content_id("revision", str(number)),
        stream="bench",
        url=f"https://{outlet}.example/{number}",
        title=text[:60],
        source=outlet,
        outlet=outlet,
        published=at,
        fetched=at,
        language="en",
        fingerprint=fingerprint(f"{text} {' '.join(dice.choices(_WORDS, k=6))}"),
    )


def rules() -> Rules:
    """Twenty rules of every kind and way of grouping."""
    groups = ("country", "border", "place", "actor_pair", "region", "none")
    kinds = dict.fromkeys(kind for kind, _, _ in _KINDS)
    plain = [
        {
            "name": f"threshold-{number}",
            "when": {"event_types": [kind]}
            if number % 3
            else {"event_types": [kind], "keywords": ["market", "bridge"]},
            "count": count,
            "window": window,
            "group_by": groups[number % len(groups)],
            "severities": {"warning": 3, "critical": 12},
        }
        for number, (kind, count, window) in enumerate(
            (kind, count, window)
            for kind in kinds
            for count, window in (("incidents", "72h"), ("stories", "7d"), ("outlets", "48h"))
        )
    ]
    flags = {"when": {"flags": ["border_incident"]}, "window": "72h", "severities": {"warning": 2, "critical": 6}}
    others = [
        {**flags, "name": "border", "group_by": "border"},
        {**flags, "name": "spike", "kind": "spike", "window": "24h", "severities": {"warning": 1}},
        {**flags, "name": "spread", "kind": "cardinality", "cardinality": {"of": "places"}},
        {**flags, "name": "new", "kind": "new_term", "new_term": {"of": "places", "unseen": "30d"}},
        {**flags, "name": "silent", "kind": "flatline", "severities": {"warning": 1}},
    ]
    return parse_rules({"rules": [*plain, *others]}, "bench")


def main(arguments: list[str] | None = None) -> int:
    """Prints the figures; returns 1 if the aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args(arguments)
    asked = rules()
    bodies = [encode(event) for event in events(chosen.events)]
    began = time.process_time()
    with uncollected():
        decoded = [decode(Event, body) for body in bodies]
    decoding = time.process_time() - began
    profile = cProfile.Profile()
    if chosen.profile:
        profile.enable()
    began = time.process_time()
    outcome = outcome_of(asked, replace(Stored(), events=decoded))
    judging = time.process_time() - began
    if chosen.profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(40)
    load = os.getloadavg()[0]
    sys.stdout.write(
        f"{len(asked.rules)} rules, {outcome.events} events, {outcome.sightings} sightings, {len(outcome.alerts)} "
        f"changes of alerts\ndecoding {decoding:.1f} s, judging {judging:.1f} s of CPU on one core "
        f"(together {(decoding + judging) / decoding:.1f} times the decoding), load {load:.1f}\n"
    )
    return int(decoding + judging > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
