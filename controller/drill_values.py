"""What may stand behind a key of a drill: words of a list, numbers, texts, people.

Rule: every value tells what would be right; a wrong one becomes a fault and None, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from controller.site_faults import Faults, Path, shown
from controller.site_values import Value

LONGEST = 200
MOST = 500
GREATEST = 1_000_000_000


def wrong(raw: object, at: Path, faults: Faults, right: str) -> Any:
    """Note a fault; the value is then None."""
    faults.add(at, f"{shown(raw)} does not fit", f"write {right}")


def known_are(word: object, known: Iterable[str]) -> str:
    """Say which of the known words may be meant, and list them all."""
    words = sorted(str(one) for one in known)
    if not words:
        return "this site has none"
    close = get_close_matches(str(word)[:60].lower(), words, n=1)
    return (f"did you mean {close[0]}? " if close else "") + f"known: {', '.join(words)}"


def one_of(noun: str, known: Iterable[str] | None, *, upper: bool = False) -> Value:
    """One of some words, or of the names a mapping leads to the right ones; None knows them all."""
    right = f"the name of a {noun}"

    def take(raw: object, at: Path, faults: Faults) -> Any:
        if not isinstance(raw, str):
            return wrong(raw, at, faults, right)
        word = raw.upper() if upper else raw
        if known is None:
            return word
        if word not in known:
            faults.add(at, f"{shown(raw)} is no {noun}", known_are(raw, _own_names(known)))
            return None
        return known[word] if isinstance(known, Mapping) and isinstance(known[word], str) else word

    return Value(right, take)


def _own_names(known: Iterable[str]) -> Iterable[str]:
    """Names as the site has them, without the other words that lead to them."""
    values = set(known.values()) if isinstance(known, Mapping) else set()
    return values if values and all(isinstance(value, str) for value in values) else known


def text() -> Value:
    """Printable text that is not empty."""
    right = f"a text of 1 to {LONGEST} printable characters"

    def take(raw: object, at: Path, faults: Faults) -> Any:
        good = isinstance(raw, str) and 0 < len(raw) <= LONGEST and raw.isprintable()
        return str(raw) if good else wrong(raw, at, faults, right)

    return Value(right, take)


def code() -> Value:
    """Digits typed at a reader."""
    right = 'digits in quotes, such as "4821"'

    def take(raw: object, at: Path, faults: Faults) -> Any:
        good = isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST
        return str(raw) if good else wrong(raw, at, faults, right)

    return Value(right, take)


def number() -> Value:
    """A count."""
    right = "a whole number from 0"

    def take(raw: object, at: Path, faults: Faults) -> Any:
        good = isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= GREATEST
        return int(raw) if good and isinstance(raw, int) else wrong(raw, at, faults, right)

    return Value(right, take)


def either(word: str, other: Value) -> Value:
    """One word, or another value."""
    right = f'"{word}" or {other.right}'

    def take(raw: object, at: Path, faults: Faults) -> Any:
        if isinstance(raw, str):
            return raw if raw == word else wrong(raw, at, faults, right)
        return other.take(raw, at, faults)

    return Value(right, take)


def truth(other: Value | None = None) -> Value:
    """The word true, or another value where there is one."""
    right = f"true or {other.right}" if other else "true"

    def take(raw: object, at: Path, faults: Faults) -> Any:
        if raw is True:
            return True
        return (
            other.take(raw, at, faults) if other and isinstance(raw, str) else wrong(raw, at, faults, right)
        )

    return Value(right, take)


def yes_no() -> Value:
    """True or false."""

    def take(raw: object, at: Path, faults: Faults) -> Any:
        return raw if isinstance(raw, bool) else wrong(raw, at, faults, "true or false")

    return Value("true or false", take)


def names(item: Value) -> Value:
    """A list of values."""
    right = f"a list, each {item.right}"

    def take(raw: object, at: Path, faults: Faults) -> Any:
        if not isinstance(raw, list) or len(raw) > MOST:
            return wrong(raw, at, faults, right)
        return [item.take(one, (*at, place), faults) for place, one in enumerate(raw)]

    return Value(right, take)


def people(known: Iterable[str] | None) -> Value:
    """One person or several, always as a list."""
    listed, one = names(one_of("person", known)), one_of("person", known)

    def take(raw: object, at: Path, faults: Faults) -> Any:
        if isinstance(raw, list):
            return listed.take(raw, at, faults)
        person = one.take(raw, at, faults)
        return None if person is None else [person]

    return Value("a person or a list of people", take)


def any_table() -> Value:
    """A table of anything; dates and times become text."""

    def take(raw: object, at: Path, faults: Faults) -> Any:
        return plain(raw) if isinstance(raw, dict) else wrong(raw, at, faults, "a table { … }")

    return Value("a table", take)


def plain(raw: Any) -> Any:
    """A TOML value as JSON would hold it."""
    if isinstance(raw, dict):
        return {key: plain(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [plain(value) for value in raw]
    return raw.isoformat() if isinstance(raw, datetime | date | time) else raw
