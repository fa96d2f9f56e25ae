"""Holders, their badges and PINs, as the room knows them.

Rule 1: a PIN is never kept, only its keyed tag; comparing takes the same time whatever is compared.
Rule 2: an id is a pseudonym of the house; who it is stands in the log's erasable disclosures alone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

PIN_DISTANCE = 2
MOST_DIGITS = 12
NO_PIN = "-" * 64  # compared where there is no tag; no digits have it
PERSONAL = ("name", "document", "company", "contact")
"""Claims about a person that stand in the log as salted digests, and can be erased (behaviour 60)."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person the room knows. ``doors`` and ``compartments`` of None mean every one of the site.

    What is personal (``PERSONAL``) is no part of it: no decision needs it, so the room does not keep it.
    """

    id: str
    department: str = ""
    posts: tuple[str, ...] = ()
    doors: frozenset[str] | None = None
    compartments: frozenset[str] | None = None
    valid_from: int | None = None  # UTC milliseconds, as are the next
    valid_until: int | None = None
    pledge_until: int | None = None
    training_until: int | None = None
    pledged: bool = True
    trained: bool = True
    excluded_with: frozenset[str] = frozenset()
    hours: str = ""
    visitor: bool = False
    host: str = ""
    pin: str = ""  # tag, see pin_tag
    ended: bool = False
    erased: bool = False  # ended for ever: the id is never used again
    roles: tuple[str, ...] = ()  # at the console (console_roles.py)

    def in_force(self, wall: int) -> bool:
        """Tell whether the Holder's rights have begun and not ended, by the accepted wall clock."""
        begun = self.valid_from is None or self.valid_from <= wall
        return not self.ended and begun and (self.valid_until is None or wall < self.valid_until)

    def may_pass(self, door: str) -> bool:
        """Tell whether the Holder is entitled to a door."""
        return self.doors is None or door in self.doors

    def may_open(self, compartment: str) -> bool:
        """Tell whether the Holder is entitled to a compartment."""
        return self.compartments is None or compartment in self.compartments


@dataclass(frozen=True, slots=True)
class Badge:
    """A credential; belongs to exactly one Holder, and counts only when it is read at its own ``level``.

    ``uid``: number of the card that it was made on; ``counter``: what that card had counted to.
    """

    holder: str
    blocked: bool = False
    level: str = "uid"
    uid: str = ""
    counter: int | None = None


def pin_tag(pepper: bytes, holder: str, digits: str) -> str:
    """Keyed tag of a Holder's PIN: HMAC-SHA-256 over holder and digits (RFC 2104), hexadecimal."""
    return hmac.new(pepper, f"{holder}\n{digits}".encode(), hashlib.sha256).hexdigest()


def shifted(digits: str, by: int) -> str:
    """PIN whose last digit is moved by a number, modulo ten."""
    return digits[:-1] + str((int(digits[-1]) + by) % 10)


def pin_says(pepper: bytes, holder: Holder, digits: str) -> tuple[bool, bool]:
    """Tell whether digits are the PIN and whether they are the duress PIN.

    The work is the same whatever was typed, and whether or not the Holder has a PIN.
    """
    can_be = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
    typed, tag = digits if can_be else "0", holder.pin or NO_PIN
    normal = hmac.compare_digest(pin_tag(pepper, holder.id, typed), tag)
    duress = hmac.compare_digest(pin_tag(pepper, holder.id, shifted(typed, -1)), tag)
    return can_be and normal, can_be and duress


def _nearby(digits: str) -> set[str]:
    """PINs within two of this one: as numbers, and in the last digit alone, which is how duress is typed."""
    steps = range(-PIN_DISTANCE, PIN_DISTANCE + 1)
    size = 10 ** len(digits)
    return {shifted(digits, by) for by in steps} | {
        str((int(digits) + by) % size).zfill(len(digits)) for by in steps
    }


def pin_is_close(pepper: bytes, digits: str, others: Iterable[Holder]) -> bool:
    """Tell whether a new PIN lies within two of anybody's PIN (behaviour 35)."""
    nearby = _nearby(digits)
    return any(
        hmac.compare_digest(pin_tag(pepper, other.id, near), other.pin)
        for other in others
        if other.pin
        for near in nearby
    )
