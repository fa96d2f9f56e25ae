"""What every paper carries: who printed it, when, and a digest of what it shows. Rule: plain values only."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol, TypeAlias

import rfc8785

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"

_DOMAIN = b"ironroom paper 1\n"


class Translate(Protocol):
    """Says an English text in the reader's language; `%(name)s` in it is filled from the values."""

    def __call__(self, text: str, **values: object) -> str:
        """Return the text in the reader's language."""
        ...


@dataclass(frozen=True, slots=True)
class Printing:
    """One print: of which site, by whom, when (aware, in the site's zone), in which language (zh or en)."""

    site: str
    by: str
    at: datetime
    language: str

    @property
    def moment(self) -> str:
        """When, to the second, with the distance to UTC: 2026-11-22 17:38:05 UTC+0800."""
        return f"{self.at:%Y-%m-%d %H:%M:%S} UTC{self.at:%z}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper: the PDF file, the digest that its foot shows (64 hexadecimal digits), its pages."""

    pdf: bytes
    digest: str
    pages: int


def digest_of(kind: str, shown: object) -> str:
    """SHA-256 of what a paper shows, as 64 hexadecimal digits: the same for every print of the same content.

    Over "ironroom paper 1", LF, and the RFC 8785 form of {"paper": kind, "shows": values}, where a value of
    bytes stands as its own SHA-256.
    """
    named: dict[str, Plain] = {"paper": kind, "shows": _plain(shown)}
    return sha256(_DOMAIN + rfc8785.dumps(named)).hexdigest()


def grouped(digits: str, groups: int) -> str:
    """The first groups of four of a digest, in capitals, as people compare them: 4F2A 91C0."""
    return " ".join(digits[at : at + 4].upper() for at in range(0, 4 * groups, 4))


def _plain(value: object) -> Plain:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a paper shows plain values, not {type(value).__name__}")
