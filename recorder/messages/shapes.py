"""Frozen dataclasses with limits, out of decoded JSON and back: strictly, or not at all.

    class Place(Shape):                                  {"room": "vault", "left": 17}
        room: Name
        left: Annotated[int, Meta(ge=0, le=1000)]

Rule 1: every key must be there, no other may be, and every value has a type and a range; texts are printable.
Rule 2: the same limits hold for what is said and for what is heard.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, ClassVar, Self

from msgspec import Meta, ValidationError, convert, to_builtins

GREATEST = 2**53 - 1  # RFC 8785 3.2.2.3: beyond, a number is not the same number everywhere
Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}\Z")]
"""A name as site files have them: of a camera, of a room."""
Count = Annotated[int, Meta(ge=0, le=GREATEST)]
Number = Annotated[int, Meta(ge=1, le=GREATEST)]


class BadMessageError(ValueError):
    """What came, or was to be said, is no message of this line; the text says what would be right."""


def one_of(*words: str) -> Meta:
    """The limit of a text that is one of these."""
    return Meta(pattern=rf"^({'|'.join(words)})\Z")


def checked(said: Any, kind: Any) -> Any:
    """A decoded value as ``kind`` keeps it, nothing converted silently; raises BadMessageError."""
    try:
        return convert(said, kind, builtin_types=(bytes,))
    except (ValidationError, UnicodeEncodeError) as bad:
        raise BadMessageError(str(bad)) from None


class Shape:
    """Base of the frozen dataclasses of the line; each field is Annotated with its limits."""

    __slots__ = ()
    BARE: ClassVar[bool] = False
    """Whether the only field's value stands for the whole."""

    @classmethod
    def of(cls, said: Any) -> Self:
        """Out of decoded JSON; raises BadMessageError, which names the field."""
        names = [each.name for each in fields(cls)]  # type: ignore[arg-type]  # every one is a dataclass
        if cls.BARE:
            said = dict.fromkeys(names, said)
        found: Self = checked(said, cls)
        if _said(found) != said:  # a key was left out, or one too many ignored
            raise BadMessageError(f"an object with {', '.join(names)}, and each of them whole")
        return found

    def plain(self) -> Any:
        """As JSON can spell it; raises BadMessageError where a limit is not kept."""
        said = _said(self)
        checked(said, type(self))
        return next(iter(said.values())) if self.BARE else said


def _said(shape: Shape) -> Any:
    return _listed(to_builtins(shape, builtin_types=(bytes,)))


def _listed(value: Any) -> Any:
    """As JSON has it: lists for tuples, and texts that are printable."""
    match value:
        case str() if not value.isprintable():
            raise BadMessageError("a text has printable characters only")
        case dict():
            return {name: _listed(each) for name, each in value.items()}
        case list() | tuple():
            return [_listed(each) for each in value]
    return value
