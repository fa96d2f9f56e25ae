"""People by what somebody types: an id, a name, its pinyin or initials. Rule: nothing is kept here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from controller.ledger.search.finder import Finder
from controller.ledger.search.question import Question
from controller.ledger.search.words import Words, wanted
from web.names import KINDS

MOST = 12
MOST_INITIALS, MOST_NAMED = 4, 1_000
"""Initials of spaced names are not in the index; they are looked for among the newest names."""
_NAMED = frozenset(map(str, KINDS))


def people_called(text: str, finder: Finder, *, sealed: bool) -> list[str]:
    """Ids of people with such a name, at most MOST, newest first; raises UserMistake for what is no word."""
    found: dict[str, None] = {}
    page = finder.find(Question(kinds=_NAMED, words=text), limit=200, sealed=sealed)
    for entry in page.entries:
        found.update(dict.fromkeys(_matching(entry, text)))
    if not found and text.isascii() and text.isalpha() and len(text) <= MOST_INITIALS:
        every = finder.find(Question(kinds=_NAMED), limit=MOST_NAMED, sealed=sealed)
        found.update(dict.fromkeys(one for entry in every.entries for one in _matching(entry, text)))
    return list(found)[:MOST]


def _matching(entry: dict[str, Any], text: str) -> Iterator[str]:
    personal = entry.get("personal")
    for person, claims in personal.items() if isinstance(personal, dict) else ():
        name = claims.get("name") if isinstance(claims, dict) else None
        if isinstance(name, str) and is_called(name, text):
            yield person


def is_called(name: str, text: str) -> bool:
    """Whether every word of a text is in a name, by letters or pinyin, or these are its initials."""
    initials = "".join(part[0] for part in name.lower().split())
    if initials == text.strip().lower():
        return True
    words = Words.of((name,))
    return all(one.is_in(words) for one in wanted(text))
