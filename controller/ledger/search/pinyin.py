"""Chinese characters as they are typed on a Latin keyboard. Rule: knows characters and letters, no entries.

重庆 is found by `chongqing`, by `cq`, and as its characters may also be read, by `zhongqing`. Toneless;
ü is both `v` and `u`. The readings are those of the Unihan database as pypinyin carries them.
"""

import re
from functools import lru_cache
from importlib import import_module
from itertools import pairwise
from typing import Any
from unicodedata import combining, normalize

READINGS = 4
"""Readings of one character that are kept, the most usual first."""

_FINALS = (
    "iang|iong|uang|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|vn|"
    "a|e|i|o|u|v"
)
_SYLLABLE = f"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:{_FINALS})"
_is_syllable = re.compile(_SYLLABLE).fullmatch
_is_pair = re.compile(_SYLLABLE * 2).fullmatch
_LONGEST_PAIR = 12


def book() -> Any:
    """The book of readings, pypinyin; opened at the first character: it is large, and most meet none."""
    return import_module("pypinyin")


@lru_cache(maxsize=20_000)
def readings(character: str) -> tuple[str, ...]:
    """The toneless syllables of one character, none where it has no usual reading."""
    spelt = book().pinyin(character, style=book().Style.TONE, heteronym=True, errors="ignore")
    toneless = [plain for reading in (spelt[0] if spelt else ()) for plain in _toneless(reading)]
    return tuple(dict.fromkeys(filter(_is_syllable, toneless)))[:READINGS]


def tokens(run: str) -> set[str]:
    """What a run of characters is found by: `-li` one of them, `_liwei` and `.lw` two neighbours."""
    spoken = [readings(character) for character in run]
    found = {f"-{one}" for every in spoken for one in every}
    for before, after in pairwise(spoken):
        found |= {f"_{one}{other}" for one in before for other in after}
        found |= {f".{one[0]}{other[0]}" for one in before for other in after}
    return found


def sounds_like(run: str, letters: str) -> bool:
    """Whether neighbours in the run read as exactly these letters, or begin with them in turn."""
    spoken = [readings(character) for character in run]
    starts = range(len(run))
    return any(_spelt_from(spoken, start, letters) or _begun_from(spoken, start, letters) for start in starts)


def alternatives(letters: str) -> list[str]:
    """FTS5 expressions, one of which holds for every text whose characters sound like the letters."""
    found = [f'"-{letters}"', f'"_{letters}"']
    if len(letters) > 1:
        initials = (f'".{one}{other}"' for one, other in pairwise(letters))
        found.append(f"({' AND '.join(initials)})")
    first, last = _pairs(letters, first=True), _pairs(letters, first=False)
    if first and last:  # three characters and more
        found.append(f"(({_any(first)}) AND ({_any(last)}))")
    return found


def anchors(letters: str) -> list[str]:
    """Tokens, one of which every text has whose characters sound like the letters."""
    return [f"-{letters}", f"_{letters}", f".{letters[:2]}", *_pairs(letters, first=True)]


def _spelt_from(spoken: list[tuple[str, ...]], start: int, letters: str) -> bool:
    ends = {0}
    for every in spoken[start : start + len(letters)]:
        ends = {end + len(one) for end in ends for one in every if letters.startswith(one, end)}
        if len(letters) in ends:
            return True
        if not ends:
            return False
    return False


def _begun_from(spoken: list[tuple[str, ...]], start: int, letters: str) -> bool:
    here = spoken[start : start + len(letters)]
    if len(letters) < 2 or len(here) < len(letters):
        return False
    return all(any(one[0] == letter for one in every) for every, letter in zip(here, letters, strict=True))


def _pairs(letters: str, *, first: bool) -> list[str]:
    sizes = range(2, min(_LONGEST_PAIR, len(letters) - 1) + 1)
    cut = (letters[:size] if first else letters[-size:] for size in sizes)
    return [f"_{pair}" for pair in cut if _is_pair(pair)]


def _any(words: list[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _toneless(reading: str) -> list[str]:
    apart = normalize("NFKD", reading)
    plain = "".join(sign for sign in apart if not combining(sign))
    if "\u0308" not in apart:  # the dots of ü
        return [plain]
    return [plain.replace("u", "v"), plain]
