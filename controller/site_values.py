"""What may stand behind a key: numbers with units, names, lists, choices.

Rule: every value tells what would be right; a wrong one becomes a fault and None, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from controller.site_faults import Faults, Path, near, shown

Take = Callable[[object, Path, Faults], Any]

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
NAME_RIGHT = "a name of small letters, digits, - and _, at most 32"
_ZONE = re.compile(r"UTC|[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}")
_MOST_IN_LIST = 400
_ROUNDING = 1e-6  # 2.3 times 1000 is not 2300 in binary


@dataclass(frozen=True, slots=True)
class Value:
    """``right`` says what may be written; ``take`` gives the checked value, or None after noting a fault."""

    right: str
    take: Take


def whole(low: int, high: int, unit: str = "") -> Value:
    """A whole number of a range."""
    right = f"a whole number{unit} from {low} to {high}"

    def take(raw: object, at: Path, faults: Faults) -> int | None:
        if isinstance(raw, int) and not isinstance(raw, bool) and low <= raw <= high:
            return raw
        _wrong(raw, at, faults, right)
        return None

    return Value(right, take)


def millis(low: int, high: int) -> Value:
    """A whole number of milliseconds."""
    return whole(low, high, " of milliseconds")


def seconds(low: int, high: int) -> Value:
    """Seconds, as milliseconds."""
    return _scaled(low, high, "seconds", 1_000)


def minutes(low: int, high: int) -> Value:
    """Minutes, as milliseconds."""
    return _scaled(low, high, "minutes", 60_000)


def _scaled(low: int, high: int, unit: str, factor: int) -> Value:
    right = f"a number of {unit} from {low} to {high}"

    def take(raw: object, at: Path, faults: Faults) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not low <= raw <= high:
            _wrong(raw, at, faults, right)
            return None
        exact = round(raw * factor)
        if abs(raw * factor - exact) > _ROUNDING:
            _wrong(raw, at, faults, f"{right}, no finer than a millisecond")
            return None
        return exact

    return Value(right, take)


def yes_no() -> Value:
    """True or false."""

    def take(raw: object, at: Path, faults: Faults) -> bool | None:
        if isinstance(raw, bool):
            return raw
        _wrong(raw, at, faults, "true or false")
        return None

    return Value("true or false", take)


def choice(words: Mapping[str, Any]) -> Value:
    """One of some words, and what each stands for."""
    right = " or ".join(f'"{word}"' for word in words)

    def take(raw: object, at: Path, faults: Faults) -> Any:
        if isinstance(raw, str) and raw in words:
            return words[raw]
        if isinstance(raw, str):
            faults.add(at, f"{shown(raw)} is no choice here", f"{near(raw, words, every=False)}write {right}")
            return None
        _wrong(raw, at, faults, right)
        return None

    return Value(right, take)


def text(most: int) -> Value:
    """One line of printable text that is not empty."""
    right = f"a text of 1 to {most} printable characters"

    def take(raw: object, at: Path, faults: Faults) -> str | None:
        if isinstance(raw, str) and 0 < len(raw) <= most and raw.isprintable() and raw == raw.strip():
            return raw
        _wrong(raw, at, faults, right)
        return None

    return Value(right, take)


def name() -> Value:
    """The name of something in the site, a post or a level."""

    def take(raw: object, at: Path, faults: Faults) -> str | None:
        if isinstance(raw, str) and NAME.fullmatch(raw):
            return raw
        _wrong(raw, at, faults, NAME_RIGHT)
        return None

    return Value(NAME_RIGHT, take)


def list_of(item: Value, least: int, most: int = _MOST_IN_LIST, *, repeats: bool = False) -> Value:
    """A list of values, as a tuple; without repeats unless they mean something."""
    right = f"a list of {least} to {most}, each {item.right}"

    def take(raw: object, at: Path, faults: Faults) -> tuple[Any, ...] | None:
        if not isinstance(raw, list) or not least <= len(raw) <= most:
            _wrong(raw, at, faults, right)
            return None
        taken = [item.take(one, (*at, number), faults) for number, one in enumerate(raw)]
        good = [one for one in taken if one is not None]
        for number, one in enumerate(taken):
            if not repeats and one is not None and one in taken[:number]:
                faults.add((*at, number), f"{shown(raw[number])} is there twice", "write it once")
        return tuple(good) if len(good) == len(raw) else None

    return Value(right, take)


def zone() -> Value:
    """A time zone of the IANA data base."""
    right = 'the name of a time zone, such as "Asia/Shanghai"'

    def take(raw: object, at: Path, faults: Faults) -> tzinfo | None:
        if not isinstance(raw, str):
            _wrong(raw, at, faults, right)
            return None
        found = _zone(raw)
        if found is None:
            known = (zone for zone in available_timezones() if "/" in zone)
            faults.add(at, f"{shown(raw)} is no time zone", f"{near(raw, known, every=False)}write {right}")
        return found

    return Value(right, take)


def _zone(name: str) -> ZoneInfo | None:
    if not _ZONE.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder such as America/Indiana is an OSError
        return None


def _wrong(raw: object, at: Path, faults: Faults, right: str) -> None:
    faults.add(at, f"{_kind(raw)} does not fit", f"write {right}")


def _kind(raw: object) -> str:
    """The value with its kind, so that a number in quotes is seen as a text."""
    match raw:
        case bool() | int() | float():
            return shown(raw)
        case str():
            return f"the text {shown(raw)}"
        case list():
            return f"a list of {len(raw)}"
        case Mapping():
            return "a table"
    return f"{type(raw).__name__} {shown(raw)}"
