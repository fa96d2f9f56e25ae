"""Those who come together: one of them, a pair being made, and a grant that waits.

Rule: see state.py; every value is frozen, and only a fold makes one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a pair being made: by which badge, at which reader, in which group's place."""

    holder: str
    badge: str
    reader: str
    group: str = ""
    visitor: bool = False
    level: str = "uid"  # at which the badge was read


@dataclass(frozen=True, slots=True)
class Pending:
    """A pair being made (behaviour 1 to 9)."""

    members: tuple[Member, ...]
    since: int
    deadline: int
    refusals: int = 0
    ready: bool = False  # complete, but waits to be told which compartment

    @property
    def people(self) -> tuple[str, ...]:
        """Holders who count, visitors left out."""
        return tuple(m.holder for m in self.members if not m.visitor)

    @property
    def visitors(self) -> tuple[str, ...]:
        """Visitors who wait for their hosts."""
        return tuple(m.holder for m in self.members if m.visitor)


def weakest(members: tuple[Member, ...]) -> str:
    """How badges were read: ``uid`` where one of them only showed its number, else as the last."""
    return "uid" if any(m.level == "uid" for m in members) else members[-1].level


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A grant that is not carried out yet: who was judged, and what is cosigned and pictured until when."""

    members: tuple[Member, ...]
    level: str  # of the weakest badge
    since: int
    size: int  # of the log with the grant in it
    deadline: int | None  # of its cosignatures; None: none is waited for
    shot: int = 0  # Snapshot of it; 0: no camera was asked
    picture_until: int | None = None  # None: no picture is waited for
    pictured: bool | None = None  # whether one is on disk; None: not yet answered
