"""Values with limits, and frozen dataclasses out of decoded JSON and back: strictly, or not at all.

    class Place(Shape):                                  {"room": "vault", "left": 17}
        room: Annotated[str, Name()]
        left: Annotated[int, Whole(0, 1000)]

Rule 1: every key must be there, no other may be, and every value has a type and a range.
Rule 2: the same limits hold for what is said and for what is heard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, ClassVar, Self, get_type_hints

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
GREATEST = 2**53 - 1  # RFC 8785 3.2.2.3: beyond, a number is not the same number everywhere


class BadMessageError(ValueError):
    """What came, or was to be said, is no message of this line; the text says what would be right."""


Check = Callable[[Any], Any]
"""Gives the value as Python keeps it, or raises BadMessageError."""


class Whole:
    """A whole number between two others."""

    def __init__(self, least: int, most: int = GREATEST) -> None:
        self._least, self._most = least, most

    def __call__(self, raw: Any) -> int:
        """The number; raises BadMessageError."""
        if type(raw) is not int or not self._least <= raw <= self._most:
            raise BadMessageError(f"a whole number from {self._least} to {self._most}")
        return raw


class Real:
    """A finite number between two others."""

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most

    def __call__(self, raw: Any) -> float:
        """The number; raises BadMessageError."""
        # Compared and not converted: a whole number of 400 digits is no float, and NaN is within no range.
        if type(raw) not in (int, float) or not self._least <= raw <= self._most:
            raise BadMessageError(f"a number from {self._least} to {self._most}")
        return float(raw)


class Text:
    """Printable characters, at most so many and, where ``pattern`` is given, of that pattern."""

    def __init__(self, longest: int, pattern: re.Pattern[str] | None = None) -> None:
        self._longest, self._pattern = longest, pattern

    def __call__(self, raw: Any) -> str:
        """The text; raises BadMessageError."""
        if not isinstance(raw, str) or len(raw) > self._longest or not raw.isprintable():
            raise BadMessageError(f"a text of at most {self._longest} printable characters")
        if self._pattern is not None and not self._pattern.fullmatch(raw):
            raise BadMessageError(f"a text like {self._pattern.pattern}")
        return raw


class Name(Text):
    """A name as site files have them: of a camera, of a room."""

    def __init__(self) -> None:
        super().__init__(32, _NAME)


class One:
    """One of some words."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def __call__(self, raw: Any) -> str:
        """The word; raises BadMessageError."""
        if not isinstance(raw, str) or raw not in self._words:
            raise BadMessageError(f"one of {', '.join(self._words)}")
        return raw


class Flag:
    """Yes or no."""

    def __call__(self, raw: Any) -> bool:
        """The flag; raises BadMessageError."""
        if not isinstance(raw, bool):
            raise BadMessageError("true or false")
        return raw


class Body:
    """Raw bytes, which follow the line; empty until they have come."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, raw: Any) -> bytes:
        """The bytes; raises BadMessageError."""
        if not isinstance(raw, bytes) or len(raw) > self.most:
            raise BadMessageError(f"at most {self.most} bytes")
        return raw


class Listed:
    """Between ``least`` and ``most`` values of one kind."""

    def __init__(self, check: Check, least: int, most: int) -> None:
        self._check, self._least, self._most = check, least, most

    def __call__(self, raw: Any) -> tuple[Any, ...]:
        """The values; raises BadMessageError."""
        if not isinstance(raw, list) or not self._least <= len(raw) <= self._most:
            raise BadMessageError(f"a list of {self._least} to {self._most}")
        return tuple(self._check(each) for each in raw)


class Named:
    """At most ``most`` values of one kind, each under its name."""

    def __init__(self, check: Check, most: int) -> None:
        self._check, self._most = check, most

    def __call__(self, raw: Any) -> dict[str, Any]:
        """The values by name; raises BadMessageError."""
        if not isinstance(raw, dict) or len(raw) > self._most:
            raise BadMessageError(f"an object of at most {self._most}")
        named = Name()
        return {named(key): self._check(value) for key, value in raw.items()}


class Shape:
    """Base of the frozen dataclasses of the line; each field is Annotated with its Check."""

    __slots__ = ()
    BARE: ClassVar[bool] = False
    """Whether the only field's value stands for the whole."""

    @classmethod
    def of(cls, said: Any) -> Self:
        """Out of decoded JSON; raises BadMessageError, which names the field."""
        checks = _checks(cls)
        if cls.BARE:
            said = dict.fromkeys(checks, said)
        if not isinstance(said, dict) or set(said) != set(checks):
            raise BadMessageError(f"an object with {', '.join(checks)}")
        return cls(**{name: _checked(check, name, said[name]) for name, check in checks.items()})

    def plain(self) -> Any:
        """As JSON can spell it; raises BadMessageError where a limit is not kept."""
        checks = _checks(type(self))
        said = {name: _plain(getattr(self, name)) for name in checks}
        for name, check in checks.items():
            _checked(check, name, said[name])
        return next(iter(said.values())) if self.BARE else said


_CHECKS: dict[type[Any], dict[str, Check]] = {}


def _checks(shape: type[Any]) -> dict[str, Check]:
    """By field its Check; to find them out takes longer than a beat."""
    if shape not in _CHECKS:
        hints = get_type_hints(shape, include_extras=True)
        _CHECKS[shape] = {each.name: hints[each.name].__metadata__[0] for each in fields(shape)}
    return _CHECKS[shape]


def _checked(check: Check, name: str, raw: Any) -> Any:
    try:
        return check(raw)
    except BadMessageError as bad:
        raise BadMessageError(f'"{name}": {bad}') from None


def _plain(value: Any) -> Any:
    if isinstance(value, Shape):
        return value.plain()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
