"""Small things the site remembers beside its doors, rooms and cabinets.

Rule: see state.py; every value is frozen, and only a fold makes one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that nobody has acknowledged yet."""

    kind: str
    place: str
    since: int
    openers: tuple[str, ...] = ()  # of the room when it was raised; they never acknowledge it


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong attempts in a row at one reader: the badge used, once for each of them."""

    badges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lockdown:
    """Who locked the site down."""

    by: str
    since: int


@dataclass(frozen=True, slots=True)
class Carrier:
    """A thing in custody: always in a named compartment or in a named person's hands (R3.10)."""

    state: str
    at: str = ""
    holder: str = ""
    due: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A pair that opened a door, for counting within seven days."""

    at: int
    door: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CabinetSession:
    """Two people at a cabinet."""

    people: tuple[str, ...]
    until: int
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """From a Pair opening the room to its closing."""

    openers: tuple[str, ...]
    since: int
    duress: bool = False
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """A badge being made at an enrolment reader: for whom, at which level, and which two asked."""

    person: str
    level: str
    by: tuple[str, ...]
    until: int


@dataclass(frozen=True, slots=True)
class Pairing:
    """A reader or board being given a new key, and which two asked."""

    by: tuple[str, ...]
    until: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """An authoriser's agreement for a cabinet (behaviour 40)."""

    by: str
    until: int
