"""Role nouns made parties: the name that goes with them, the person behind an office, what *the ministry* is."""

import re
from collections.abc import Iterator, Mapping

from services.extractor.names.gazetteer import Gazetteer, Role, longest_role
from services.extractor.names.name import Memory, Name
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

_BETWEEN = 4
_CLOSED = closed("names.closed")
_NO_FORCE = closed("parties.no_force")
_PLACE_NOUNS = closed("names.place_nouns")
OFFICES = frozenset({"GOV", "MOD", "PRES", "PM", "LEG"})


def parties_in(words: Words, text: str, basic: list[Name], book: Gazetteer) -> Iterator[Name]:
    """Role nouns with the name that goes with them, to the left or behind *of*."""
    by_start = {name.start: name for name in basic}
    by_end = {name.end: name for name in basic}
    shut = {name.start: name.end for name in basic if name.party and name.kind != "country"}
    before: Name | None = None
    done = 0
    for i in [i for i, form in enumerate(words.forms) if i in shut or longest_role(form)]:
        if i < done:
            continue
        found = None if i in shut else _role_at(words, text, i, book)
        if not found or _only_title(words, i, found, by_start):
            done = shut.get(i, i + 1)
            continue
        role, end = _sided(words, i, found[0]), found[1]
        sector = before.sector if role.sector == "SAME" and before else role.sector
        joined = _joined(words, text, Name(i, end, "", role.kind, sector=sector), by_start=by_start, by_end=by_end)
        made = _shared(words, _with_person(words, text, joined), before)
        yield from _twins(words, made, by_end)
        yield made
        before = made
        done = max(end, made.end)


def _sided(words: Words, i: int, role: Role) -> Role:
    """*pro-government Shiite militias*: armed men on the side of the state."""
    before = " ".join(word.lower for word in words[max(i - 4, 0) : i])
    return Role("MIL", "state") if role.sector == "REB" and _LOYAL.search(before) else role


_LOYAL = re.compile(
    r"\b(?:pro|loyal|allied|state|government|army)\W*(?:government|regime|junta|backed|allied|aligned)\b(?: [\w-]+)?$"
)


def _only_title(words: Words, i: int, found: tuple[Role, int], by_start: Mapping[int, Name]) -> bool:
    """*official Baku*, *leader X*: the word only describes the name behind it."""
    return found[0].kind == "state" and found[1] in by_start and words[i].lower in {"official", "state", "leader"}


def _twins(words: Words, made: Name, by_end: Mapping[int, Name]) -> Iterator[Name]:
    """*Armenian and Azerbaijani forces*: the first adjective has the same noun."""
    first = by_end.get(made.start - 1)
    if (
        made.start > 1
        and words[made.start - 1].lower in {"and", "or"}
        and first
        and first.kind == "demonym"
        and made.country
    ):
        ident = f"{first.country}-{made.sector}"
        yield first._replace(kind=made.kind, id=ident, sector=made.sector)


def _shared(words: Words, made: Name, before: Name | None) -> Name:
    """*Azerbaijani settlements and military positions*: the second noun has the same owner."""
    joined = before and before.end + 1 == made.start and words[before.end].lower == "and"
    if before and joined and before.country and made.id.startswith("UNK-"):
        return made._replace(id=f"{before.country}-{made.sector}", country=before.country)
    return made


def _role_at(words: Words, text: str, i: int, book: Gazetteer) -> tuple[Role, int] | None:
    start, letters = words[i].start, longest_role(words[i].lower)
    if words[i].lower == "force" and i and (words[i - 1].lower in _NO_FORCE or "use" in words.forms[max(i - 2, 0) : i]):
        return None
    for end in range(min(i + 4, len(words)), i, -1):
        if words[end - 1].end - start > letters:
            continue
        role = book.roles.get(text[start : words[end - 1].end].lower())
        if words[i].lower in _CAMPED and not _CAMPS.isdisjoint(words.forms[end : end + 1]):
            continue
        if role and not (words[i].pos == "VERB" and end == i + 1):
            return role, end
    return None


_CAMPED = frozenset({"refugee", "refugees", "migrants"})
_CAMPS = frozenset({"camp", "camps", "settlement", "settlements"})
"""*the X refugee camp* is a place, and nobody."""


def _joined(words: Words, text: str, role: Name, *, by_start: Mapping[int, Name], by_end: Mapping[int, Name]) -> Name:
    left = _left(words, role.start, by_end)
    if left and left.kind == "place" and role.sector == "CVL" and words[role.start].lower in _PLACE_NOUNS:
        left = None
    right = (
        None
        if left or role.kind in {"civ", "mob", "protester"}
        else _right(words, role.end, by_start, office=role.sector in OFFICES | {"COP", "REB"})
    )
    owner = left or right
    start = left.start if left else role.start
    end = right.end if right and words[role.end].lower != "in" else role.end
    surface = text[words[start].start : words[end - 1].end]
    if owner is None:
        return role._replace(text=surface, id=f"UNK-{role.sector}")
    ident, kind = _owned(owner, role)
    return role._replace(start=start, end=end, text=surface, id=ident, kind=kind, country=owner.country)


def _owned(owner: Name, role: Name) -> tuple[str, str]:
    """Id and class of a role that belongs to a name: ``ARM`` + ``MIL``, ``NKR`` + ``GOV``, ``SHABAAB``."""
    if owner.kind in {"igo", "ngo", "media"}:
        return owner.id, owner.kind
    if owner.kind == "rebel":
        claims_land = owner.id.startswith("NKR")
        ident = f"{owner.id.split('-')[0]}-{role.sector}" if claims_land else owner.id
        return ident, "civ" if role.kind == "civ" else "rebel"
    if owner.kind == "state" and role.kind == "rebel":
        return f"{owner.country}-MIL", "state"
    if owner.kind == role.kind and owner.id:
        return owner.id, role.kind
    base = owner.id if owner.kind == "place" and owner.id else owner.country or "UNK"
    return f"{base}-{role.sector}", role.kind


def recalled(words: Words, name: Name, memory: Memory) -> Name:
    """*the ministry*, *Defence Ministry spokeswoman*: the office of that kind that was named last."""
    ministry = memory.offices.get("ministry", ("", ""))
    if name.id == f"{ministry[1]}-GOV" and name.text.lower().endswith(("'s ministry", "the ministry")):
        return name._replace(id=ministry[0])
    if not name.id.startswith("UNK-"):
        return name
    key = "ministry" if name.text.lower().startswith("ministry") else name.sector
    known = memory.offices.get(key) if name.sector in OFFICES else None
    named = words[name.start].text[:1].isupper() and key != "ministry"
    if name.sector == "IGO":
        return name._replace(id=memory.offices.get("IGO", (name.id, ""))[0])
    if named and memory.last and name.sector in OFFICES:
        return name._replace(id=f"{memory.last}-{name.sector}", country=memory.last)
    definite = name.start > 0 and words[name.start - 1].lower in {"the", "its"}
    if known and definite:
        return name._replace(id=known[0], country=known[1])
    return _at_home(words, name, memory)


def _at_home(words: Words, name: Name, memory: Memory) -> Name:
    """*police*, *soldiers*: those of where the article is at home; soldiers only where it names no other country."""
    home = memory.home.country
    own = home and (name.sector == "COP" or (name.sector == "MIL" and _only_army(words, name, memory)))
    whose = _OCCUPIED.get(home, home) if name.sector == "MIL" else home
    return name._replace(id=f"{whose}-{name.sector}", country=whose) if own else name


def _only_army(words: Words, name: Name, memory: Memory) -> bool:
    """Whether soldiers can be no others than those of the one country told of: not *Xian forces*, *foreign troops*."""
    before = words[name.start - 1] if name.start else None
    if words[name.end - 1].lower not in _SERVING:
        return False
    named = name.start > 1 and before is not None and before.text[:1].isupper()
    others = named or (before is not None and before.lower in _OTHERS)
    loyal = words.forms[name.end : name.end + 1] == ("loyal",)
    home = memory.home.country
    return home in memory.around and memory.around <= {home, _OCCUPIED.get(home, home)} and not others and not loyal


_OCCUPIED = {"PSE": "ISR"}
"""Where soldiers are another's: of which country."""
_OTHERS = closed("parties.other_armies")
_SERVING = closed("parties.armies")
"""People and their bodies; nobody knows whose an unmarked drone is."""


def _left(words: Words, start: int, by_end: Mapping[int, Name]) -> Name | None:
    for end in range(start, max(start - _BETWEEN, 0), -1):
        if end in by_end:
            return by_end[end]
        before = words[end - 1].lower
        if before in {"'s", "'"}:
            continue
        ends = words[end - 1].pos in {"VERB", "NUM"} or before.endswith(("ing", "ed"))
        if before in _CLOSED or (ends and words[end - 1].text.islower()):
            return None
    return None


def _right(words: Words, end: int, by_start: Mapping[int, Name], *, office: bool) -> Name | None:
    if end >= len(words) or words[end].lower not in {"of", "for", "in"}:
        return None
    linked = words[end].lower
    for start in range(end + 1, min(end + 4, len(words))):
        name = by_start.get(start)
        group = by_start.get(name.end + 1) if name and words.forms[name.end : name.end + 1] == ("'s",) else None
        if group and group.kind == "rebel":
            return group  # *fighters of Xia's Y Army*
        if name and (linked != "in" or name.kind == "place" or name.capital or (office and name.kind == "country")):
            return name
        if words[start].lower not in {"the", "republic", "disputed", "breakaway", "occupied", "region"}:
            return None
    return None


def _with_person(words: Words, text: str, party: Name) -> Name:
    """The party with the person's name behind an office: *President Ilham Aliyev*."""
    if party.sector not in {"PRES", "PM", "GOV", "MOD", "MIL", "LEG", "COP", "ACT", "REB"}:
        return party
    end = party.end
    if end < len(words) and words[end].lower == "," and party.sector in {"PRES", "PM"}:
        end += 1
    first = end
    while end < len(words) and end - first < 4 and words[end].text[:1].isupper() and words[end].text.isalpha():
        end += 1
    if end == first or (end - first == 1 and first != party.end):
        return party
    return party._replace(end=end, text=text[words[party.start].start : words[end - 1].end])
