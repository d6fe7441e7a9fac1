"""English words with their endings: *shell* is also *shells*, *shelled* and *shelling*. Pure.

Forms are made from the word that is looked for, never by cutting down the words of a text: so no word is found by an
accident of spelling (*shellfish* by *shell*), and each form can be shown to whoever asks why something matched.
"""

from functools import cache
from typing import Final

_VOWELS: Final = frozenset("aeiou")

_IRREGULAR: Final = """
arise arose arisen | basis bases | beat beaten | become became | begin began begun | bid bidden | bite bit bitten |
bleed bled | blow blew blown | break broke broken | bring brought | build built | burn burnt | buy bought |
calf calves | catch caught | child children | choose chose chosen | come came | crisis crises | deal dealt |
die dying | dig dug | draw drew drawn | drink drank drunk | drive drove driven | eat ate eaten |
equip equipped equipping | fall fell fallen | feel felt | fight fought | find found | flee fled | fly flew flown |
foot feet | forbid forbade forbidden | freeze froze frozen | get got gotten | give gave given | go goes went gone |
grow grew grown | half halves | hear heard | hide hid hidden | hold held | keep kept | knife knives |
know knew known | lay laid | lead led | leaf leaves | leave left | lie lying | life lives | light lit | loaf loaves |
lose lost | make made | man men | meet met | mouse mice | overrun overran | overtake overtook overtaken |
overthrow overthrew overthrown | panic panicked panicking | pay paid | quit quitting | retake retook retaken |
ride rode ridden | ring rang rung | rise rose risen | run ran | say said | see saw seen | seek sought | sell sold |
send sent | shake shook shaken | shelf shelves | shoot shot | shrink shrank shrunk | sink sank sunk | sit sat |
slay slew slain | sleep slept | speak spoke spoken | spend spent | spring sprang sprung | stand stood |
steal stole stolen | strike struck stricken | swear swore sworn | sweep swept | swim swam swum | take took taken |
teach taught | tear tore torn | tell told | thesis theses | thief thieves | think thought | throw threw thrown |
tooth teeth | understand understood | undertake undertook undertaken | uphold upheld | wear wore worn | wife wives |
win won | wind wound | withdraw withdrew withdrawn | wolf wolves | woman women | write wrote written
"""
"""Words with the forms that no rule makes; written from general knowledge."""


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    rows = (row.split() for row in _IRREGULAR.split("|"))
    return {word: tuple(forms) for word, *forms in rows}


def forms(word: str) -> frozenset[str]:
    """The word in lower case with its plural, its third person, its past and its *-ing*, as far as it may have them.

    The word is taken as its base form; nobody says whether it is a noun or a verb, so it gets the endings of both.
    Words that do not end in a Latin letter, or are shorter than three letters, are left as they are.
    """
    word = word.casefold()
    irregular = _irregular().get(word, ())
    if len(word) < 3 or not ("a" <= word[-1] <= "z"):
        return frozenset({word, *irregular})
    if word.endswith("man") and len(word) > 4:
        irregular = (word[:-3] + "men",)
    return frozenset({word, *irregular, *_plural(word), *_past(word), *_ing(word)})


def _plural(word: str) -> tuple[str, ...]:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return (word + "es",)
    if word[-1] == "y" and word[-2] not in _VOWELS:
        return (word[:-1] + "ies",)
    return (word + "s", word + "es") if word[-1] == "o" else (word + "s",)


def _past(word: str) -> tuple[str, ...]:
    if word[-1] == "e":
        return (word + "d",)
    if word[-1] == "y" and word[-2] not in _VOWELS:
        return (word[:-1] + "ied",)
    return tuple(stem + "ed" for stem in _stems(word))


def _ing(word: str) -> tuple[str, ...]:
    if word[-1] == "e" and word[-2] not in _VOWELS | {"y"}:
        return (word[:-1] + "ing",)
    if word.endswith("ue"):
        return (word[:-1] + "ing",)
    return tuple(stem + "ing" for stem in _stems(word))


def _stems(word: str) -> tuple[str, ...]:
    """What *-ed* and *-ing* are put to: *stop* doubles its end, *cancel* may (British and American spelling)."""
    ends_shut = word[-1] not in _VOWELS | set("wxy") and word[-2] in _VOWELS and word[-3] not in _VOWELS
    if not ends_shut:
        return (word,)
    one_syllable = not any(letter in _VOWELS | {"y"} for letter in word[:-2])
    return (word + word[-1],) if one_syllable else (word, word + word[-1])
