"""What a rule looks at: one person with one badge before one door or cabinet, at one instant.

Rule: a Case holds facts and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from controller.core.party import Member
from controller.core.people import Badge, Holder
from controller.core.plan import DoorPlan, RoomPlan, SitePlan
from controller.core.schedule import local
from controller.core.state import State
from controller.core.words import Reason

PAIR = 2


@dataclass(slots=True)
class Case:
    """One person with one badge before one door or cabinet at one instant, with those already accepted."""

    plan: SitePlan
    state: State
    at: int
    door: DoorPlan | None
    room: RoomPlan | None
    levels: tuple[str, ...]
    badge: str
    level: str
    credential: Badge | None
    holder: Holder | None
    party: tuple[Member, ...] = ()
    doubt: Reason | None = None  # why the card is not believed, whatever it says

    @property
    def wall(self) -> int:
        """Accepted wall clock, UTC milliseconds."""
        return self.at + self.state.offset

    @property
    def moment(self) -> datetime:
        """Accepted wall clock as local time."""
        return local(self.wall, self.plan.zone)


Rule = Callable[[Case], Reason | None]
