"""Finding people by a few letters: name, pinyin, initials, mixed. Rule: every reading counts.

    wjg, wangjg, jianguo, 王建, wang jian → 王建国      zeng, ceng → 曾      yuchi, wc → 尉迟

Whoever is read otherwise than the dictionary thinks (曾 单 仇 解 查 区 朴 尉迟) is found by either reading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from controller.ledger.search.pinyin import book

LONGEST = 64
"""Letters of a query that are looked at."""
_KEPT = 8_192
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_units = re.compile(f"[{_HAN}]|[^\\W_{_HAN}]+").finditer
_words = re.compile(r"[^\W_]+").findall
_SPELLINGS = {"lv": ("lu", "lyu"), "nv": ("nu", "nyu")}  # ü on a keyboard, and in a passport
Unit = tuple[str, ...]
SAME, BEGINS, INITIALS, FURTHER_ON, INSIDE = range(5)
"""How well a name fits, best first."""


def matches(query: str, names: Mapping[str, str]) -> list[str]:
    """Ids whose name (or id) fits every word of ``query``, best first; for an empty one all, by name."""
    asked = folded(query)[:LONGEST]
    words = _words(asked)
    if asked and not words:
        return []
    fits = ((rank(asked, words, ident, name), order(name), ident) for ident, name in names.items())
    return [ident for fit, _, ident in sorted(one for one in fits if one[0] <= INSIDE)]


def order(name: str) -> tuple[str, ...]:
    """By what a list of names is sorted: pinyin, and letters, as they are read first."""
    return (*(unit[1] if len(unit) > 1 else unit[0] for unit in units_of(name)), name)


def rank(asked: str, words: list[str], ident: str, name: str) -> int:
    """How well a name fits all words: SAME to INSIDE, and more where one of them does not."""
    if asked and asked in {folded(name), folded(ident)}:
        return SAME
    return max((_rank(word, ident, name) for word in words), default=SAME)


def folded(text: str) -> str:
    """A text without case, accents and width: what is compared."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()


def _rank(word: str, ident: str, name: str) -> int:
    units = units_of(name)
    if _spells(word, units, whole=True):
        return BEGINS
    if _spells(word, units, whole=False):
        return INITIALS
    if any(_spells(word, units[start:], whole=False) for start in range(1, len(units))):
        return FURTHER_ON
    return INSIDE if word in folded(name) or word in folded(ident) else INSIDE + 1


def _spells(word: str, units: tuple[Unit, ...], *, whole: bool) -> bool:
    """Whether a word runs through the units in turn, by whole readings but for the last, or by beginnings."""
    reached = {0}
    for unit in units:
        reached = {end for at in reached for form in unit for end in _ends(word, at, form, whole=whole)}
        if len(word) in reached:
            return True
    return False


def _ends(word: str, at: int, form: str, *, whole: bool) -> Iterator[int]:
    """Where a word may go on after ``form``, or after the beginning of it, was found at ``at``."""
    rest = word[at:]
    common = next((n for n, (a, b) in enumerate(zip(rest, form, strict=False)) if a != b), None)
    alike = min(len(rest), len(form)) if common is None else common
    if not whole:
        yield from range(at + 1, at + alike + 1)
    elif alike in {len(form), len(rest)}:
        yield at + alike


@lru_cache(_KEPT)
def units_of(name: str) -> tuple[Unit, ...]:
    """A name in its units: each Chinese character with its readings, each other word as it is."""
    plain = unicodedata.normalize("NFKC", name)
    read = _readings(plain)
    return tuple(_unit(one.group(), read[one.start()]) for one in _units(plain))


def _readings(text: str) -> list[list[str]]:
    """Of every sign its readings."""
    normal = book().Style.NORMAL
    found: list[list[str]] = book().pinyin(text, style=normal, heteronym=True, errors=_apart)
    return found


def _apart(signs: str) -> Any:
    """What has no reading stays in its place, sign by sign."""
    return list(signs)


def _unit(text: str, here: list[str]) -> Unit:
    """A character as itself and in every reading: here, among its neighbours, and alone."""
    if not re.match(f"[{_HAN}]", text):
        return (folded(text),)
    alone = _readings(text)[0]
    return tuple(dict.fromkeys((text, *(one for said in (*here, *alone) for one in _spelled(said)))))


def _spelled(reading: str) -> Iterator[str]:
    """A reading, and the other ways to write its ü."""
    yield reading
    for other in _SPELLINGS.get(reading[:2], ()):
        yield other + reading[2:]
