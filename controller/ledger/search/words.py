"""What counts as a word of a text, and when a word that was typed is found in it. Rule: pure, no storage.

A word is a run of letters and digits, case and accents folded, of at most 40 characters: `Ölwechsel`
is `olwechsel`, `room_opened` is two words. Chinese needs no spaces: characters are found wherever they
stand together in a text, and by their pinyin (pinyin.py).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Self
from unicodedata import combining, normalize

from controller.errors import UserMistake
from controller.ledger.search import pinyin

LONGEST = 40
"""Characters of the longest word; longer runs are digests and keys, and are not searched for."""

MOST_CHARACTERS, MOST_WORDS = 200, 16
"""What may be typed into one question."""

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_pieces = re.compile(rf"([{_HAN}]+)|[^\W_{_HAN}]+").finditer
_is_spelling = re.compile(rf"[a-z]{{1,{LONGEST}}}").fullmatch


def fold(text: str) -> str:
    """The text without case, accents, and forms that only look different (NFKD)."""
    if text.isascii():
        return text.lower()
    return "".join(sign for sign in normalize("NFKD", text) if not combining(sign)).casefold()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts: those with spaces around them, and the runs of Chinese characters."""

    apart: frozenset[str]
    runs: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Take texts to pieces."""
        apart, runs = set(), set()
        for text in texts:
            for piece in _pieces(fold(text)):
                if piece[1]:
                    runs.add(piece[1])
                elif len(piece[0]) <= LONGEST:
                    apart.add(piece[0])
        return cls(frozenset(apart), frozenset(runs))

    def tokens(self) -> set[str]:
        """What the index keeps: words, single characters, pairs of neighbours, and how they sound."""
        found = set(self.apart)
        for run in self.runs:
            found.update(run)
            found.update(one + other for one, other in pairwise(run))
            found |= pinyin.tokens(run)
        return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word that was typed, folded; either Chinese characters or anything else."""

    text: str
    is_han: bool

    def is_in(self, words: Words) -> bool:
        """Whether the word, or characters that sound like it, are among the words."""
        if self.is_han:
            return any(self.text in run for run in words.runs)
        if self.text in words.apart:
            return True
        return self._is_spelling and any(pinyin.sounds_like(run, self.text) for run in words.runs)

    def expressions(self) -> list[str]:
        """FTS5 expressions, one of which holds for the tokens of every text that the word is in."""
        if self.is_han:
            tokens = (f'"{token}"' for token in self._neighbours())
            return [f"({' AND '.join(tokens)})"]
        plain = [f'"{self.text}"']
        return plain + pinyin.alternatives(self.text) if self._is_spelling else plain

    def anchors(self) -> list[str]:
        """Tokens, one of which every text has that the word is in."""
        if self.is_han:
            return self._neighbours()[:1]
        return [self.text, *(pinyin.anchors(self.text) if self._is_spelling else ())]

    @property
    def _is_spelling(self) -> bool:
        return _is_spelling(self.text) is not None

    def _neighbours(self) -> list[str]:
        return [one + other for one, other in pairwise(self.text)] or [self.text]


def wanted(text: str) -> tuple[Wanted, ...]:
    """The words of what somebody typed; raises UserMistake where it is too long or holds no word."""
    if len(text) > MOST_CHARACTERS:
        raise UserMistake(f"a search has at most {MOST_CHARACTERS} characters, this one {len(text)}")
    found = dict.fromkeys(Wanted(piece[0], bool(piece[1])) for piece in _pieces(fold(text)))
    if text.strip() and not found:
        raise UserMistake("there is no word in the search: letters, digits or characters are looked for")
    if len(found) > MOST_WORDS:
        raise UserMistake(f"a search has at most {MOST_WORDS} words, this one {len(found)}")
    return tuple(found)
