"""Words of war and protest that money, weather and goods share: what retreats, blocks or destroys is no party."""

from services.extractor.event.codes import head_class, people
from services.extractor.event.figurative import really_armed
from services.extractor.names.parties import OFFICES
from services.extractor.reading.forms import verb_forms
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.numbers import may_count
from services.extractor.text.words import Words

_MARKET = closed("harmless.market")
_NATURE = closed("harmless.nature")
_BEASTS = closed("harmless.beasts")
_CLAIMS = closed("harmless.claims")
_BLOCKED = verb_forms("block") | verb_forms("blockade")
_MARCH = verb_forms("march")
_LEAVE = verb_forms("leave")
_DEMANDS = closed("harmless.demands")
_CAPTIVES = closed("codes.captives")
_GIVES_WAY = frozenset({"withdraw", "attack", "control", "capture", "recapture", "protest", "clash"})
_FORCES = ("soldier", "fighter", "police", "weapon", "equipment")


def harmless(story: Story, reading: Reading, find: Find) -> bool:
    """Whether a trigger is said of what is no party: a currency, a hailstorm, a lorry, an application, an airline."""
    unarmed = find.sense == "withdraw" or (
        find.sense == "other" and reading.words[find.start].lower.startswith("tunnel")
    )
    if find.sense == "attack" and not find.verbal and _of_beasts(story):
        return True
    if find.sense == "base" and not _OF_ANYBODY.isdisjoint(reading.words.forms[find.start : find.end]):
        return worded(reading, find) or not _bases(story, reading)
    return worded(reading, find) or (unarmed and not _force(story, reading, find))


def _bases(story: Story, reading: Reading) -> bool:
    """Whether those who are told of keep camps and headquarters to fight from."""
    if any(name.kind in {"rebel", "country", "demonym"} or name.sector in {"MIL", "MOD"} for name in reading.names):
        return True
    known = story.vocabulary.keys()
    told = known & _MILITARY or any(word.endswith("-backed") for word in known)
    return bool(told) or any(not known.isdisjoint(lexicon().classes[name]) for name in ("soldier", "fighter"))


_MILITARY = frozenset({"military", "airfield", "airbase", "mercenaries", "frontline"})
_OF_ANYBODY = frozenset({"camp", "headquarters", "office", "offices", "tents"})
"""What firms, scouts and parties set up too."""


def _of_beasts(story: Story) -> bool:
    """*the third attack this season*, where sharks or elephants are told of and nobody armed."""
    return not story.vocabulary.keys().isdisjoint(_WILD) and not really_armed(story)


_WILD = _BEASTS - {"bear", "bears", "bull", "bulls", "dog", "dogs", "lion", "lions", "tiger", "tigers"}
"""Without those that are also verbs, traders, teams or rebels."""


def worded(reading: Reading, find: Find) -> bool:
    """The same by the words of the sentence alone; before it is parsed only what no parse can change."""
    words = reading.words
    market = find.sense in _GIVES_WAY and len(words.lowers & _MARKET) >= _TELLING
    counted = find.sense in _TALLIED and _tallied(words, find)
    if market or counted or (find.sense == "shell" and _of_words(words, find)):
        return True
    if find.sense == "protest":
        led = reading.parsed and (_led(words, find) or _in_office(reading, find))
        return led or (words[find.start].lower in _BLOCKED and not _crowd(words))
    if find.sense == "withdraw":
        heads = (find.head,) if reading.parsed else range(find.start, find.end)
        return all(_of_a_claim(words, head) for head in heads) or (reading.parsed and _leaves_behind(words, find))
    if not reading.parsed:
        return False
    if find.sense == "capture":
        return find.verbal and _of_goods(reading, find)
    return find.sense in _BY_NATURE and _by_nature(words, find)


def _of_words(words: Words, find: Find) -> bool:
    """*a barrage of profit warnings*: nothing that shoots or is shot is named behind it."""
    if words[find.start].lower not in {"barrage", "barrages"} or find.end != find.start + 1:
        return False
    behind = words.forms[find.end : find.end + _BEHIND]
    classes = lexicon().classes
    arms = classes["projectile"] | classes["gun"] | classes["bomb"] | classes["airforce"] | {"fire", "gunfire"}
    return behind[:1] == ("of",) and arms.isdisjoint(behind)


_BEHIND = 7
_TALLIED = frozenset({"kill", "attack", "abduct"})


def _tallied(words: Words, find: Find) -> bool:
    """*Killed in the three provinces: 17*, *Abducted: none*: a line of a table."""
    if ":" not in words.lowers:
        return False
    colon = words.forms.index(":")
    if not find.end <= colon <= find.end + _HEADING or colon + 1 >= len(words):
        return False
    plain = all(form.isalpha() for form in words.forms[find.end : colon])
    behind = words.forms[colon + 1]
    return plain and (may_count(behind) or behind in {"none", "nil", "nobody", "zero"})


_HEADING = 6
"""Words between a kind of harm and the colon before its number, at most."""
_BY_NATURE = frozenset({"destroy", "loot", "attack", "kill", "abduct", "overrun"})


def _led(words: Words, find: Find) -> bool:
    """*marched the porters into the bush*: who is led off does not protest."""
    return words[find.start].lower in _MARCH and bool(tree.objects(words, find.head))


def _in_office(reading: Reading, find: Find) -> bool:
    """*Athens protested to Ankara*, *the minister protested*: states and their offices do so in words."""
    words = reading.words
    top = tree.subject(words, find.head) if words[find.head].lower.startswith("protest") and find.verbal else None
    over = (name for name in reading.names if top is not None and name.start <= top < name.end)
    return any(name.kind == "country" or name.sector in OFFICES for name in over)


_TELLING = 2


def _crowd(words: Words) -> bool:
    classes = lexicon().classes
    return not words.lowers.isdisjoint(classes["crowd"] | classes["rioter"] | classes["fighter"] | _DEMANDS)


def _by_nature(words: Words, find: Find) -> bool:
    """*Locusts destroyed the maize*: the subject, or whatever stands before the verb, is weather or a pest."""
    top = tree.subject(words, find.head) if find.verbal else None
    spots = tree.phrase(words, top) if top is not None else range(max(find.head - 4, 0), find.head)
    return any(words[k].lower in _NATURE or words[k].text in _BEASTS for k in spots)


def _of_goods(reading: Reading, find: Find) -> bool:
    """*seized three tonnes of meat*: what was taken is neither ground nor people nor arms."""
    words = reading.words
    taken = tree.befallen(words, find.head)
    held = {k for name in reading.names for k in range(name.start, name.end)}
    spots = {k for top in taken for k in tree.phrase(words, top) if all(w.pos != "VERB" for w in words[top:k])}
    plain = all(words[k].text.islower() or (words[k].pos != "PROPN" and not words[k].text.isupper()) for k in spots)
    named = any(words[k].text[:1].isupper() for k in taken)  # *seized Tel Hamis*
    if (
        not taken
        or not plain
        or named
        or spots & held
        or any(people(words, k) or words[k].lower in _CAPTIVES for k in taken)
    ):
        return False
    return not head_class(words, min(spots), max(spots) + 1)


def _of_a_claim(words: Words, head: int) -> bool:
    """*withdrew its application*: what is taken back is words."""
    behind = words[head + 1 : head + 5]
    end = next((k for k, word in enumerate(behind) if word.lower in {"from", "to", "and", ",", "."}), len(behind))
    return any(word.lower in _CLAIMS for word in behind[:end])


def _leaves_behind(words: Words, find: Find) -> bool:
    """*left the town without water*, *left her blind*: what came of something, and nobody went."""
    if words[find.head].lower not in _LEAVE or find.end >= len(words):
        return False
    after = words[find.end]
    return after.lower in {"without", "with", "short", "top"} or after.pos == "ADJ" or after.tag in {"VBN", "VBG"}


def _force(story: Story, reading: Reading, find: Find) -> bool:
    """Whether anybody armed is told of, or a state or people that goes from a place."""
    classes = lexicon().classes
    if any(name.party and name.kind not in {"igo", "ngo", "media", "civ"} for name in reading.names):
        return True
    if any(not story.vocabulary.keys().isdisjoint(classes[name]) for name in _FORCES):
        return True
    placed = any(name.site and name.start >= find.start for name in reading.names)
    return placed and any(name.country and not name.site and name.end <= find.start for name in reading.names)
