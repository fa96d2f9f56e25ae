"""The site as it is wired and ruled: frozen values that config.py makes out of site.toml.

Rule: every number of behaviour.md that can be set stands here with its default; times are milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, time, tzinfo
from functools import cached_property

from controller.core.eye_plan import CameraPlan, ShotPlan
from controller.core.meanings import Mode, Passback, Role, Side
from controller.core.panel_plan import PanelPlan
from controller.core.schedule import ALWAYS, Schedule, written
from controller.core.visit_words import PURPOSES

__all__ = [
    "CabinetPlan",
    "CameraPlan",
    "DoorPlan",
    "InputPlan",
    "LogWitnesses",
    "Mode",
    "PanelPlan",
    "Passback",
    "ReaderPlan",
    "Role",
    "RoomPlan",
    "ShotPlan",
    "Side",
    "SitePlan",
    "Together",
    "WindowPlan",
]

SECOND = 1_000
MINUTE = 60 * SECOND
WEEK = 7 * 24 * 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Together:
    """How many people act as one authority, and who may be one of them (behaviour 2, 6, 9, 10, 13)."""

    people: int = 2
    window_ms: int = 15 * SECOND
    groups: tuple[str, ...] = ()  # one post for each of the people; empty: any
    witness: str = ""  # a further person of this post, who stays outside
    different_departments: bool = False
    pair_per_week: int = 0  # 0: no limit
    dual_readers: bool = False


@dataclass(frozen=True, slots=True)
class ReaderPlan:
    """A reader: ``at`` names its door or cabinet, ``asks`` tells that cards prove themselves at it."""

    name: str
    at: str
    side: Side
    asks: bool = False


@dataclass(frozen=True, slots=True)
class InputPlan:
    """An input: ``at`` names the door, window, compartment, cabinet, room or device it belongs to."""

    name: str
    role: Role
    at: str


@dataclass(frozen=True, slots=True)
class DoorPlan:
    """One iron door; ``room`` is empty for the outer door of a passage."""

    name: str
    room: str = ""
    together: Together = Together()
    unlock_ms: int = 5 * SECOND
    held_ms: int = 30 * SECOND
    prealarm_ms: int = 5 * SECOND
    bolt_ms: int = 10 * SECOND
    confirm_by_reader: bool = False
    passback: Passback = Passback.HARD
    passback_ms: int = 10 * MINUTE
    interlock: tuple[str, ...] = ()
    egress_wait_ms: int = 15 * SECOND
    delay_ms: int = 0  # 0: no vault delay
    delay_window_ms: int = 5 * MINUTE
    time_lock: Schedule | None = None
    levels: tuple[str, ...] = ("uid",)
    has_bolt: bool = True


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """One secure room."""

    name: str
    mode: Mode = Mode.NO_LONE_ZONE
    lone_ms: int = 30 * SECOND
    absence_ms: int = 5 * MINUTE  # integrity mode, in duty hours
    strict_pairs: bool = False
    max_occupancy: int = 20
    duty: Schedule = ALWAYS
    duty_posts: tuple[str, ...] = ()  # empty: any staff
    approval_ms: int = 5 * MINUTE
    custodian_first: bool = False
    visitors_per_host: int = 3
    witnessed: int = 0  # log witnesses that cosign a grant before the bolt is released; 0: none is waited for
    witness_ms: int = 3 * SECOND  # and for how long they are waited for
    pictured: bool = False  # a grant is carried out when pictures of it are on disk
    picture_ms: int = 2 * SECOND  # and for how long they are waited for
    closing_due: time = time(8)  # on the next morning the day of a room that was opened must be closed
    unpictured_opens: bool = False  # then it opens with an alarm; else it is refused


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """One iron window."""

    name: str
    room: str


@dataclass(frozen=True, slots=True)
class CabinetPlan:
    """One iron cabinet with its compartments, by short name."""

    name: str
    room: str
    compartments: tuple[str, ...]
    together: Together = Together()
    unlock_ms: int = 5 * SECOND
    session_ms: int = 15 * MINUTE
    authorisers: int = 0
    authoriser_post: str = ""
    levels: tuple[str, ...] = ("uid",)

    def full(self, compartment: str) -> str:
        """Name of a compartment in the whole site."""
        return f"{self.name}.{compartment}"


@dataclass(frozen=True, slots=True)
class LogWitnesses:
    """Machines that cosign the log, and how much of it may go without as many of them as are needed."""

    names: tuple[str, ...] = ()
    needed: int = 1
    most: int = 1_000  # Entries
    late_ms: int = 5 * MINUTE


@dataclass(frozen=True)
class SitePlan:
    """One controller box and everything it runs."""

    name: str
    digest: str = ""
    zone: tzinfo = UTC
    rooms: Mapping[str, RoomPlan] = field(default_factory=dict)
    doors: Mapping[str, DoorPlan] = field(default_factory=dict)
    windows: Mapping[str, WindowPlan] = field(default_factory=dict)
    cabinets: Mapping[str, CabinetPlan] = field(default_factory=dict)
    readers: Mapping[str, ReaderPlan] = field(default_factory=dict)
    inputs: Mapping[str, InputPlan] = field(default_factory=dict)
    panels: Mapping[str, PanelPlan] = field(default_factory=dict)
    cameras: tuple[str, ...] = ()
    views: Mapping[str, CameraPlan] = field(default_factory=dict)  # by camera; one that is not here sees all
    shots: Mapping[str, ShotPlan] = field(default_factory=dict)  # by kind of Entry or alarm; else ShotPlan()
    look_ms: int = 60 * SECOND  # how long picture and Occupancy may differ
    log_witnesses: LogWitnesses = LogWitnesses()
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    levels_issued: tuple[str, ...] = ("desfire", "ntag424", "piv")  # how far new badges may be authenticated
    settle_ms: int = 300
    chatter_limit: int = 10
    chatter_ms: int = 10 * SECOND
    walk_ms: int = 1 * SECOND
    attempts: int = 5
    penalty_ms: int = 10 * MINUTE
    refusals: int = 3
    pin_ms: int = 10 * SECOND
    drift_ms: int = 5 * SECOND
    signal_ms: int = 1 * SECOND
    alarm_take_ms: int = 60 * SECOND  # within so long a guard takes an alarm, or it is called out again
    alarm_settle_ms: int = 30 * MINUTE  # and within so long after that it is acknowledged
    refusal_ms: int = 300  # from the first sight of a badge, or the end of a PIN, to any "no"
    pairable: frozenset[str] = frozenset()  # readers and boards that can be given a key
    loops: frozenset[str] = frozenset()  # supervised lines that can be learned
    purposes: tuple[str, ...] = PURPOSES  # of visits; any others are somebody's own words

    def cabinets_of(self, room: str) -> tuple[CabinetPlan, ...]:
        """Cabinets that stand in a room."""
        return tuple(c for c in self.cabinets.values() if c.room == room)

    @cached_property
    def _doors(self) -> dict[str, tuple[DoorPlan, ...]]:
        found: dict[str, tuple[DoorPlan, ...]] = {}
        for one in self.doors.values():
            found[one.room] = (*found.get(one.room, ()), one)
        return found

    def doors_of(self, room: str) -> tuple[DoorPlan, ...]:
        """Doors that lead into a room."""
        return self._doors.get(room, ())

    @cached_property
    def waiting_doors(self) -> tuple[DoorPlan, ...]:
        """Doors whose grants are cosigned or pictured before they are carried out."""
        rooms = {name for name, room in self.rooms.items() if room.witnessed or room.pictured}
        return tuple(d for d in self.doors.values() if d.room in rooms)

    @cached_property
    def _inputs(self) -> dict[tuple[str, Role], tuple[str, ...]]:
        found: dict[tuple[str, Role], tuple[str, ...]] = {}
        for one in self.inputs.values():
            found[one.at, one.role] = (*found.get((one.at, one.role), ()), one.name)
        return found

    def rooms_at(self, place: str) -> tuple[str, ...]:
        """Rooms a place belongs to, by its name or its beginning; a place of no room belongs to all."""
        for part in (place, place.split(".", maxsplit=1)[0]):
            if part in self.rooms:
                return (part,)
            things = self.doors, self.cabinets, self.windows, self.panels
            for thing in (one.get(part) for one in things):
                if thing is not None and thing.room:
                    return (thing.room,)
        return tuple(self.rooms)

    def inputs_of(self, at: str, role: Role) -> tuple[str, ...]:
        """Names of the inputs of one role at one place."""
        return self._inputs.get((at, role), ())

    def cabinet_of(self, compartment: str) -> CabinetPlan | None:
        """Cabinet that has this compartment, by its full name."""
        return next((c for c in self.cabinets.values() if compartment in map(c.full, c.compartments)), None)

    def hours(self, text: str) -> Schedule:
        """Hours of a person: a schedule of the site by its name, or written out; ValueError for neither."""
        return self.schedules[text] if text in self.schedules else written(text)

    @property
    def locks(self) -> tuple[str, ...]:
        """Names of everything with a bolt that the box commands."""
        return (*self.doors, *(c.full(k) for c in self.cabinets.values() for k in c.compartments))
