"""What the site remembers of visits: ids, times, doors and things; never who a visitor is.

Rule: see state.py; every value is frozen, and only a fold makes one. Names stand in the log's erasable
disclosures alone, and of a document its keyed tag (documents.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class VisitStatus(StrEnum):
    """Where a visit is."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    INSIDE = "inside"  # the pass is out: from its issue until it is given back or reported lost
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Deposit:
    """A device that a visitor leaves behind, and the locker it lies in."""

    what: str
    locker: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of one visitor; ``starts`` and ``ends`` are UTC milliseconds, ``closed`` is room time."""

    visitor: str
    host: str
    areas: tuple[str, ...]  # doors
    starts: int
    ends: int
    purpose: str
    by: str  # who requested it
    status: VisitStatus = VisitStatus.REQUESTED
    group: str = ""
    approved_by: str = ""
    escort: str = ""
    badge: str = ""
    devices: tuple[Deposit, ...] = ()
    identified: bool = False  # a right document number was given
    photographed: bool = False
    instructed: bool = False
    informed: bool = False  # has been given the privacy notice
    overstayed: bool = False
    reprints: int = 0
    badge_missing: bool = False
    closed: int | None = None
    told: int = 0  # how many Entries there were with the last one that requested or changed it

    @property
    def goes_on(self) -> bool:
        """Tell whether somebody is awaited, is inside, or has things here."""
        return self.status not in {VisitStatus.DECLINED, VisitStatus.LEFT} or bool(self.devices)

    @property
    def open(self) -> bool:
        """Tell whether it still goes on, or its badge is not back."""
        return self.goes_on or self.badge_missing


@dataclass(frozen=True, slots=True)
class Block:
    """A visitor who may not come until this is lifted; ``visitor`` is empty once erased."""

    by: str
    since: int
    visitor: str = ""
