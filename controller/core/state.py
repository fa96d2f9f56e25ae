"""What the site knows: frozen values in a few dicts, all of it made by folding the log.

Rule: only fold.py puts values in here; a copy is a copy of the dicts, because every value is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any

from controller.core.events import Level
from controller.core.legal_hold import LegalHold
from controller.core.party import Awaiting, Pending
from controller.core.people import Badge, Holder
from controller.core.remembered import (
    Agreement,
    Alarm,
    Attempts,
    CabinetSession,
    CameraOrder,
    Carrier,
    Closing,
    Issue,
    Lockdown,
    Opening,
    Pairing,
    Passkey,
    Session,
    Shot,
    SignedOnce,
    SignInCode,
)
from controller.core.remembered_visits import Block, Visit


class DoorPhase(StrEnum):
    """Where a door is between two rests."""

    LOCKED = "locked"
    RELEASED = "released"
    PASSING = "passing"  # open after a grant or a request to exit
    HELD = "held"
    FORCED = "forced"
    AWAITING = "awaiting"  # granted, and bolted until that is cosigned or pictured


class BoxPhase(StrEnum):
    """Where a compartment is between two rests."""

    LOCKED = "locked"
    RELEASED = "released"
    OPEN = "open"
    FORCED = "forced"


@dataclass(frozen=True, slots=True)
class Door:
    """One door: what was commanded and who is passing."""

    phase: DoorPhase = DoorPhase.LOCKED
    until: int | None = None  # end of the release
    moved: bool = False  # contact or bolt has moved since the release
    opened_at: int | None = None
    prealarmed: bool = False
    entering: tuple[str, ...] = ()
    visiting: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    gathering: tuple[str, ...] = ()  # badged out, and may still leave together with others
    together_until: int | None = None
    unmoved: bool = False  # the release for leaving ended without a movement, and others may still badge
    unknown_leaver: bool = False
    exit_waits: int | None = None
    drawn: bool = False  # what the bolt sense said last
    unbolted_at: int | None = None
    rested_at: int | None = None  # when it was last locked
    pending: Pending | None = None
    delay_until: int | None = None
    delay_open_until: int | None = None
    time_lock_until: int | None = None  # shortened by two people
    override_until: int | None = None
    awaiting: Awaiting | None = None
    remote: bool = False  # released by people who are not there: nobody knows who comes in

    def going(self, at: int) -> tuple[str, ...]:
        """Who is on the way out: released to leave, or waiting within the window to leave together."""
        waits = self.together_until is not None and at < self.together_until
        return (*(self.gathering if waits else ()), *self.leaving)

    @property
    def bolted(self) -> bool:
        """Tell whether the bolt is commanded thrown, and the door was shut when it last moved."""
        return self.phase in {DoorPhase.LOCKED, DoorPhase.AWAITING}

    @property
    def lets_in(self) -> bool:
        """Tell whether the door is released for people who come in; nobody lengthens that."""
        return self.phase is DoorPhase.RELEASED and bool(self.entering or self.visiting or self.remote)


@dataclass(frozen=True, slots=True)
class Room:
    """Who is inside, and under which Session."""

    inside: tuple[str, ...] = ()
    visitors: tuple[str, ...] = ()
    unknown: bool = False
    unconfirmed: tuple[str, ...] = ()
    lone_at: int | None = None  # when the lone timer ends
    lone_raised: bool = False
    session: Session | None = None
    openers: tuple[str, ...] = ()  # of the last Session, for acknowledging
    approved_by: str = ""
    approved_until: int | None = None
    duress: bool = False


@dataclass(frozen=True, slots=True)
class Compartment:
    """One compartment: what was commanded."""

    phase: BoxPhase = BoxPhase.LOCKED
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Cabinet:
    """One cabinet: pair being made, compartment asked for, session."""

    pending: Pending | None = None
    wanted: str = ""
    wanted_until: int | None = None
    session: CabinetSession | None = None
    agreements: tuple[Agreement, ...] = ()


# What nobody has spoken of yet; one value each, because every question of every step asks for them.
_DOOR, _ROOM, _CABINET, _COMPARTMENT = Door(), Room(), Cabinet(), Compartment()


@dataclass(slots=True)
class State:
    """Everything the log says about the site."""

    at: int = 0
    size: int = 0  # Entries folded; the next one has this counter
    offset: int = 0  # accepted wall clock minus room time
    claimed: int | None = None  # wall clock minus room time, not yet accepted
    trimmed: int = 0  # silent adjustments of the running day
    trim_day: int = 0
    policy: str = ""
    offered: str = ""
    people: dict[str, Holder] = field(default_factory=dict)
    badges: dict[str, Badge] = field(default_factory=dict)
    doors: dict[str, Door] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    cabinets: dict[str, Cabinet] = field(default_factory=dict)
    compartments: dict[str, Compartment] = field(default_factory=dict)
    inputs: dict[str, Level] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    suspects: frozenset[str] = frozenset()  # lost, and something else answers
    noisy: frozenset[str] = frozenset()
    cameras: dict[str, str] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    attempts: dict[str, Attempts] = field(default_factory=dict)
    penalties: dict[str, int] = field(default_factory=dict)
    forgiven: frozenset[str] = frozenset()
    came_in: dict[str, int] = field(default_factory=dict)
    lockdown: Lockdown | None = None
    fire: bool = False
    openings: tuple[Opening, ...] = ()
    visits: dict[str, int] = field(default_factory=dict)  # visitor inside, since
    ended_visits: frozenset[str] = frozenset()
    visit_book: dict[str, Visit] = field(default_factory=dict)  # visits that go on, and those of late
    visit_count: int = 0  # visits requested, ever; the last one has this number
    passes: dict[str, int] = field(default_factory=dict)  # visit whose pass is out, when it ends (UTC)
    visited: dict[str, int] = field(default_factory=dict)  # passes issued, by visitor
    documents: dict[str, str] = field(default_factory=dict)  # keyed tag of a document, whose it is
    same_visitor: dict[str, str] = field(default_factory=dict)  # id, the earlier one of the same person
    blocks: dict[str, Block] = field(default_factory=dict)  # by visitor and by tag of a document
    boxed: frozenset[str] = frozenset()  # badges that visitors gave back: dead until handed out again
    carriers: dict[str, Carrier] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)  # carrier, compartment its tag is seen in
    holds: dict[str, LegalHold] = field(default_factory=dict)
    log_key: str = ""  # verifier key that signs the log's heads
    rotation_asked: bool = False
    kept_from: int = 0  # first Entry whose body is still there
    log_troubles: frozenset[str] = frozenset()
    uids: dict[str, str] = field(default_factory=dict)  # number of a card, badge that was made on it
    begun: dict[str, str] = field(default_factory=dict)  # number of a card begun as a badge, for whom
    issues: dict[str, Issue] = field(default_factory=dict)  # by enrolment reader
    pairings: dict[str, Pairing] = field(default_factory=dict)  # by reader or board
    identities: dict[str, str] = field(default_factory=dict)  # what a paired device said it is
    learning: frozenset[str] = frozenset()  # lines that are being measured at rest
    learners: dict[str, tuple[str, ...]] = field(default_factory=dict)  # who last asked for that, by line
    learned: dict[str, int] = field(default_factory=dict)  # by line, millionths of the supply
    camera_orders: dict[str, CameraOrder] = field(default_factory=dict)  # by camera that is to learn
    cameras_learned: dict[str, int] = field(default_factory=dict)  # by camera, when it last learned
    shots: int = 0  # Snapshots asked for, ever; the last one has this number
    open_shots: dict[str, Shot] = field(default_factory=dict)  # by number, with parts still waited for
    pictured: dict[str, int] = field(default_factory=dict)  # kind@place, when it was pictured within a minute
    pictured_for: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # kind@place, who that is sealed for
    passkeys: dict[str, Passkey] = field(default_factory=dict)  # by credential id, base64url
    sign_in_codes: dict[str, SignInCode] = field(default_factory=dict)  # by whom they are for
    signed_once: dict[str, SignedOnce] = field(default_factory=dict)  # by digest of the command
    signs: bool = False  # two chiefs in force have had passkeys at some time (chiefs.py)
    closings: dict[str, Closing] = field(default_factory=dict)  # by room
    site_key: str = ""  # check value of the key that badges are proved with

    def copy(self) -> State:
        """Copy that can go its own way; every value inside is frozen."""
        values: list[Any] = [value.copy() if type(value) is dict else value for value in _VALUES(self)]
        return State(*values)

    @property
    def wall(self) -> int:
        """Accepted wall clock at the last event: UTC milliseconds since 1970."""
        return self.at + self.offset

    def door(self, name: str) -> Door:
        """A door as the log knows it."""
        return self.doors.get(name, _DOOR)

    def room(self, name: str) -> Room:
        """A room as the log knows it."""
        return self.rooms.get(name, _ROOM)

    def cabinet(self, name: str) -> Cabinet:
        """A cabinet as the log knows it."""
        return self.cabinets.get(name, _CABINET)

    def compartment(self, name: str) -> Compartment:
        """A compartment as the log knows it."""
        return self.compartments.get(name, _COMPARTMENT)

    def level(self, point: str) -> Level:
        """Level of an input, unknown until it was reported since the start."""
        return self.inputs.get(point, Level.UNKNOWN)


NAMES = tuple(f.name for f in fields(State))
_VALUES = attrgetter(*NAMES)
