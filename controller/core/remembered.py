"""Small things the site remembers beside its doors, rooms and cabinets.

Rule: see state.py; every value is frozen, and only a fold makes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controller.core.effects import Wanted

NOW, AFTER = "now", "after"
"""The two parts of a Snapshot: from before the event and at it, and from after it."""
PATIENCE_MS = 5_000
"""For so long after its last moment a part is waited for, where nothing asks for longer."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that nobody has acknowledged yet."""

    kind: str
    place: str
    since: int
    openers: tuple[str, ...] = ()  # of the room when it was raised; they never acknowledge it
    taken_by: str = ""  # the guard who looks after it; empty: nobody has taken it
    taken_at: int | None = None
    escalated: int = 0  # how often it was called out again
    late: bool = False  # called out again since it was raised, or since it was last taken


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
class Due:
    """Until when a day of a room is to be closed (UTC milliseconds), and who opened it on that day."""

    by: int
    openers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """A room's daily closing: what is due, since when it is missing, the last; UTC milliseconds."""

    dues: tuple[Due, ...] = ()
    missed: int | None = None
    closed_at: int | None = None
    closed_by: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Passkey:
    """Public half of a passkey: whose, the COSE key (RFC 9052) in base64url, and how its owner calls it."""

    person: str
    key: str
    label: str = ""
    since: int = 0


@dataclass(frozen=True, slots=True)
class SignInCode:
    """A one-time code to set up a sign-in with: SHA-256 of it, and until which room time it may be used."""

    check: str
    until: int


@dataclass(frozen=True, slots=True)
class SignedOnce:
    """A command that its first person has signed and that waits for the second, until room time ``until``."""

    ask: str
    code: str
    by: str
    place: str
    until: int


@dataclass(frozen=True, slots=True)
class CameraOrder:
    """A camera that is to learn what it should see, and which two asked."""

    by: tuple[str, ...]
    until: int


@dataclass(frozen=True, slots=True)
class Shot:
    """A Snapshot; ``waits`` names the parts of it that nobody has answered yet."""

    place: str
    why: str
    at: int
    wanted: tuple[Wanted, ...]
    waits: tuple[str, ...]
    patience_ms: int = PATIENCE_MS

    def of(self, part: str) -> tuple[Wanted, ...]:
        """Pictures of one part."""
        return tuple(one for one in self.wanted if part_of(one) == part)

    def due(self, part: str) -> int:
        """Until when a part is waited for."""
        return self.at + self.patience_ms + max([0, *(one.moment for one in self.of(part))])


def part_of(one: Wanted) -> str:
    """Part of a Snapshot that a picture belongs to."""
    return AFTER if one.moment > 0 else NOW


def parts_of(wanted: Iterable[Wanted]) -> tuple[str, ...]:
    """Parts that pictures belong to, in the order of time."""
    there = {part_of(one) for one in wanted}
    return tuple(part for part in (NOW, AFTER) if part in there)
