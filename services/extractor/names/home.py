"""Where an article is at home: its dateline and the countries it names, weighed before any sentence is read."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from services.extractor.names.gazetteer import Site, gazetteer, longest_name, spot_site
from services.extractor.names.geonames import begins, spots
from services.extractor.text.closed import closed

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+|['\u2019](?!s\b)[^\W_]+)*")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}|\d{1,2} [A-Z][a-z]+"
_DATELINE = re.compile(
    rf"(?P<place>[^\W\d_][\w'./\- ]{{1,40}}?(?:, [^\W\d_][\w'.\- ]{{1,30}}?)??)(?:, (?:{_MONTH}))?,?"
    r"(?: ?\([\w .&/-]{2,30}\))? ?(?:\u2013|--| - ?|(?<=\)) ?-|(?P<colon>:)) ?(?=\S)"
)
_SMALL = frozenset({"de", "del", "la", "el", "al", "da", "do", "of", "du", "sur", "upon", "en", "es"})
_SOURCES = frozenset({"from", "by", "to"})
_LED = frozenset({"in", "of", "across", "inside", "into", "throughout", "northern", "southern", "eastern", "western"})
_AT = frozenset({"in", "near", "at", "outside", "around"})
_ARMED = closed("home.armed")
_EDGE = closed("border.edge")
_BANKS = closed("border.banks")
_PROVINCES = frozenset({"state", "province", "governorate"})
SOIL = closed("where.soil")
_ACRONYMS = closed("names.acronyms")
_ABROAD = frozenset(
    {"envoy", "envoys", "mediator", "mediators", "mediation", "diplomats", "ambassador", "monitors", "tourists"}
)
"""Of whom a country sends some abroad."""
_SPEAKS = closed("attribution.speech") | {"urged", "called", "condemned", "did", "has", "had", "denied", "rejected"}
_LONGEST, _OFTEN = 4, 3


@dataclass(frozen=True, slots=True)
class Home:
    """``told`` weighs the countries an article names outright; ``country`` is the one it seems to happen in, or empty.

    ``end`` is where the dateline ends in the uniform text, 0 without one; ``place`` is the dateline's place, unless it
    is a capital, from which news of the whole country and of its neighbours is filed.
    """

    country: str = ""
    told: Mapping[str, float] = field(default_factory=dict)
    end: int = 0
    place: Site | None = None


def home_of(text: str, title: str = "", outlet: str = "") -> Home:
    """The home of an article with this uniform text. One pass over its first words; nothing is parsed.

    Args:
        text: the uniform text.
        title: the headline.
        outlet: whose it is; *Nairobi Courier* tells of Kenya where nothing else says what an article is about.
    """
    line = _dateline(text)
    parts, end = ([], 0) if line is None else (re.split(r", |/", line["place"]), line.end())
    told, votes = _votes(f"{title}\n{text[end : end + _ENOUGH]}")
    for code in _countries_of(outlet):
        votes[code] += _OUTLET
    place, capital = _filed(parts, votes)
    filed = place.countries[0] if place and place.countries else ""
    doubtful = place is not None and place.population < _LARGE and _has_namesakes(parts[0])
    capital = capital or _bureau(place, filed, votes, abroad=len(parts) > 1)
    for weights, capitals in ((votes, _CAPITAL), (told, 1.0)):
        weights[filed] += capitals if capital else _NAMESAKE if doubtful else _LOCAL
    likely = max(
        sorted(code for code in votes if code and votes[code] > _FAINT),
        key=lambda code: (votes[code], code == filed),
        default="",
    )
    country = likely if capital or not filed or doubtful else filed
    if place is None and parts:
        place = Site(_cased(parts[0]), (country,) if country else (), None, None, "city", 0, "")
    return Home(country, {code: told[code] for code in told if code and told[code]}, end, None if capital else place)


def _has_namesakes(name: str) -> bool:
    """Whether towns of several countries are called so."""
    return len({code for site in _sites(name) for code in site.countries}) > 1


@lru_cache(maxsize=4096)
def _countries_of(outlet: str) -> frozenset[str]:
    """The countries that an outlet's name speaks of: *Somali News*, *Nairobi Courier*; of towns only large ones."""
    found = (spots(word)[:1] for word in _WORD.findall(outlet))
    towns = {spot.country for first in found for spot in first if spot.population >= _CITY and not spot.care}
    return frozenset(filter(None, _votes(outlet)[0])) or frozenset(towns)


_CITY = 20_000
"""People of a town that an outlet is called after."""


def _bureau(place: Site | None, filed: str, votes: Mapping[str, float], *, abroad: bool) -> bool:
    """A large city whose country the text does not name, where it names another again and again: a desk abroad."""
    large = place is not None and place.population >= _LARGE
    least = _FOREIGN - 0.5 * abroad
    return large and votes.get(filed, 0) <= _FAINT and max(votes.values(), default=0) >= least


_CAPITAL, _LOCAL, _NAMESAKE = 1.5, 2.0, 0.5
"""What a dateline adds for its country; the last where it is a town that has namesakes abroad."""
_OUTLET, _FAINT = 1.0, 0.4
"""What an outlet's name adds; votes up to which a country is no more than mentioned."""
_LARGE, _FOREIGN = 300_000, 2.5
"""People of a city that agencies file from; votes for another country from which the story is there, a little less
where the dateline names its country too."""

_ENOUGH = 6_000
"""Letters in which a story has said where it takes place."""


def dateline(text: str) -> int:
    """Where the dateline ends in a uniform text; 0 without one."""
    line = _dateline(text)
    return line.end() if line else 0


def _dateline(text: str) -> re.Match[str] | None:
    """*GOMA \u2013*, *BANGKOK (Agency) -*, *Goma, June 4 -* at the head of one of the first lines."""
    starts = [0, *(hit.end() for hit in re.finditer(r"\n+", text[:400]))][:4]
    for start in starts:
        found = _DATELINE.match(text, start)
        if found and all(part[:1].isupper() or part in _SMALL for part in re.split(r"[-/ ]+", found["place"])):
            return found if found["colon"] is None or _is_shouted(found["place"]) else None
    return None


def _is_shouted(place: str) -> bool:
    """*RAWALPINDI:* and *POONCH, Apr 3:*, not *UPDATE:* or *Islamabad:*; a colon ends much besides a dateline."""
    first = place.split(", ", maxsplit=1)[0]
    return first.isupper() and (bool(_sites(first)) or first.lower() in gazetteer().entries)


def _cased(name: str) -> str:
    """A name in capitals as it is written elsewhere."""
    return name.title().replace("'S", "'s") if name.isupper() else name


def _filed(parts: list[str], votes: Mapping[str, float]) -> tuple[Site | None, bool]:
    """The place of a dateline among its namesakes, and whether it is a capital."""
    if not parts:
        return None, False
    book, name = gazetteer(), parts[0].lower()
    around = {site.countries[0] for part in parts[1:] for site in _sites(part) if site.countries}
    found = [site for site in _sites(parts[0]) if site.countries]

    def weight(site: Site) -> tuple[bool, float, int]:
        return site.countries[0] in around, votes.get(site.countries[0], 0), site.population

    best = max(found, key=weight, default=None)
    entry = book.entries.get(name)
    capital = entry is not None and entry.kind == "capital" and (not best or entry.country in best.countries)
    return best, capital


def _sites(name: str) -> tuple[Site, ...]:
    return (*gazetteer().sites.get(name.lower(), ()), *map(spot_site, spots(name)))


def _votes(text: str) -> tuple[dict[str, float], dict[str, float]]:
    """What names of countries, peoples, groups and known places add, and the same with what places may be namesakes.

    One name counts a few times at most.
    """
    spans = [found.span() for found in _WORD.finditer(text)]
    starts, words = [start for start, _ in spans], [text[start:end] for start, end in spans]
    told: dict[str, float] = defaultdict(float)
    votes: dict[str, float] = defaultdict(float)
    often: Counter[str] = Counter()
    done = 0
    for i in [i for i, word in enumerate(words) if word[0].isupper()]:
        end, weights = _vote(text, words, starts, i) if i >= done else (done, {})
        if not weights:
            continue
        done, name = end, text[starts[i] : starts[end - 1] + len(words[end - 1])]
        often[name] += 1
        if often[name] <= _OFTEN:
            sure = name.lower() in gazetteer().entries or name.lower() in gazetteer().sites
            for code, weight in weights.items():
                votes[code] += weight
                told[code] += weight * sure
    return told, votes


def _vote(text: str, words: Sequence[str], starts: Sequence[int], i: int) -> tuple[int, Mapping[str, float]]:
    """Where the longest name at a capitalised word ends that says anything of a country, and its weights."""
    behind = starts[i] + len(words[i])
    alone = text[behind : behind + 1] == " " and not _goes_on(words[i])
    for end in range(i + 1 if alone else min(i + _LONGEST, len(words)), i, -1):
        surface = text[starts[i] : starts[end - 1] + len(words[end - 1])]
        hyphened = end - 1 > i and "-" in words[end - 1] and not words[end - 1].islower()
        if (words[end - 1][0].isupper() or hyphened) and _listed(surface):
            before = words[i - 1].lower() if i else ""
            before = "from" if before == "of" and i > 1 and words[i - 2].lower() in _ARMED else before
            after = words[end].lower() if end < len(words) else ""
            weights = dict(_weights(surface, before, after, within=_is_part(text, words, starts, (i, end))))
            if weights:
                return end, weights
    return i, {}


def _is_part(text: str, words: Sequence[str], starts: Sequence[int], span: tuple[int, int]) -> bool:
    """Whether a word with a capital stands right beside a name: it is but a part of a longer one."""
    start, end = span
    behind = starts[end - 1] + len(words[end - 1])
    after = words[end] if end < len(words) and starts[end] == behind + 1 and text[behind] == " " else ""
    before = words[start - 1] if start and starts[start] == starts[start - 1] + len(words[start - 1]) + 1 else ""
    before = before if before and text[starts[start] - 1] == " " else ""
    before = words[start - 2] if before in _SMALL and start > 1 else before  # *Comandos de la Xia*
    before = words[start - 3] if before in _SMALL and start > 2 else before
    return (after[:1].isupper() and after.lower() not in _BUILT) or (
        before[:1].isupper() and before.lower() not in _LEADS
    )


_BUILT = closed("names.place_nouns") | closed("settlements.nouns") | closed("geonames.sides")
_LEADS = frozenset({"in", "at", "near", "from", "the", "on", "to", "and", "of", "for", "with", "outside", "around"})


@lru_cache(maxsize=8192)
def _listed(surface: str) -> bool:
    """Whether any table has a name; most words with a capital have none."""
    return surface.lower() in gazetteer().entries or bool(_sites(surface))


@lru_cache(maxsize=8192)
def _goes_on(word: str) -> bool:
    """Whether any name of several words starts with this one."""
    return longest_name(word.lower()) > len(word) or begins(word)


def _weights(surface: str, before: str, after: str, *, within: bool) -> Iterator[tuple[str, float]]:
    """Countries by how surely the name says that the story is there: not by whose force or border it tells of."""
    book, key = gazetteer(), surface.lower()
    entry = book.entries.get(key)
    if entry and entry.country and not (key in _ACRONYMS and not surface.isupper()):
        source = before in _SOURCES or (entry.kind == "demonym" and after in _ARMED)
        source = source or (entry.kind == "capital" and after in _SPEAKS)
        far = before == "with" or after in _EDGE | _BANKS or (entry.kind == "country" and after in _PROVINCES)
        source = source or (entry.kind == "demonym" and after in _ABROAD)
        people = 0.6 if entry.kind == "demonym" and after.islower() and after not in SOIL else 1.0
        people = 0.7 if entry.kind == "rebel" else people
        led = before in _LED and entry.kind == "country"
        yield entry.country, 0.25 if far else 0.4 if source else 2.0 if led else people
        return
    found = book.sites.get(key, ())
    codes = {code for site in found for code in site.countries}
    able = {"", "p"} if before in _AT else {""}
    least = _TOWN if within else _KNOWN
    codes = codes or {spot.country for spot in spots(surface) if spot.care in able and spot.population >= least}
    for code in codes:
        yield code, (0.5 if before in _SOURCES or not found else 1.0) / len(codes)


_KNOWN, _TOWN = 2_000, 500_000
"""People of a place that says where a story is: by itself, and where its name is but a part of a longer one.

*Ismail Xi*, *Mount Xi* are no towns.
"""
