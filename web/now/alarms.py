"""Alarms as cards: what, where, since when, what to do, what cameras saw, and what this person may do.

Rule 1: nobody who opened a room settles an alarm of it, and the card says so before they try (behaviour 33c).
Rule 2: a silent alarm is a calm line with a name that tells a stranger nothing; what it is stands one page
further, for whoever the controller shows it to (behaviour 35).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from controller.core.words import SILENT, AlarmKind
from controller.errors import IronroomError
from web.desk import Who, me
from web.feed.alarm_names import alarm_name
from web.feed.procedures import procedure
from web.i18n import N_, _, translated
from web.now.floor import room_of
from web.now.memory import memory
from web.now.page import keeps
from web.now.shots import Shot, shots

View = Mapping[str, Any]
LOUDEST = (
    *(AlarmKind.LONE, AlarmKind.FORCED, AlarmKind.INTRUSION, AlarmKind.CABINET_FORCED, AlarmKind.WINDOW_OPEN),
    *(AlarmKind.TAMPER, AlarmKind.VISITOR_ALONE, AlarmKind.CARRIER_MISSING, AlarmKind.REMOTE_RELEASE),
    *(AlarmKind.CABINET_OPEN, AlarmKind.HELD, AlarmKind.NOT_BOLTED, AlarmKind.OCCUPANCY_UNKNOWN),
)
"""What is done first, where several call; whatever is not here comes after."""
DISCREET = N_("Quiet message")


@dataclass(frozen=True, slots=True)
class Card:
    """One alarm; times are UTC milliseconds, people are ids, ``n`` is its Entry (None: not shown)."""

    kind: str
    place: str
    name: str
    raised: int
    taken_by: str
    taken_at: int | None
    escalated: int
    late: bool
    cause_stands: bool
    room: str
    silent: bool
    n: int | None
    openers: tuple[str, ...]
    session: int | None  # since when the room's Session goes on; None: it is closed
    inside: tuple[str, ...]
    mine: bool  # this person has taken it
    barred: bool  # this person opened the room, or did what is called out
    can_take: bool
    can_close: bool
    must_force: bool
    may_force: bool

    @property
    def ref(self) -> str:
        """What its address says of it: nothing to whoever reads it beside the screen."""
        return sha256(f"{self.kind}@{self.place}".encode()).hexdigest()[:12]

    @property
    def title(self) -> str:
        """What stands where others may look at the screen."""
        return _(DISCREET) if self.silent else self.name

    @property
    def why_barred(self) -> str:
        """Why somebody else has to settle it."""
        if self.kind == AlarmKind.CONSOLE:
            return _("You opened a room, or signed what this alarm is about: somebody else has to settle it.")
        return _("You opened this room, so somebody else has to settle this alarm.")

    @property
    def steps(self) -> tuple[str, ...]:
        """What to do, step by step."""
        return procedure(self.kind, translated)

    @property
    def shots(self) -> list[Shot]:
        """What cameras saw before, at and after it."""
        return [] if self.n is None else shots(self.n, self.place, self.kind)


def cards(view: View) -> list[Card]:
    """Every alarm that is shown to this person, the loudest first."""
    person, keeping = me(), keeps()
    found = [_card(one, view, person, keeping=keeping) for one in view.get("alarms", ())]
    return sorted(found, key=_order)


def counted(found: list[Card]) -> dict[str, int]:
    """How many alarms are open, and how many of them nobody looks after; silent ones are not counted."""
    loud = [card for card in found if not card.silent]
    return {"open": len(loud), "untaken": sum(not card.taken_by or card.late for card in loud)}


def gravest(told: Iterable[View]) -> View | None:
    """The alarm that comes first on Now, of those the controller tells; None where there is none."""
    ranks = [kind.value for kind in LOUDEST]

    def order(one: View) -> tuple[int, int, int]:
        rank = ranks.index(one["alarm"]) if one["alarm"] in ranks else len(ranks)
        return -int(one.get("escalated", 0)), rank, int(one.get("raised", 0))

    return min(told, key=order, default=None)


def card_of(view: View, ref: str) -> Card | None:
    """The card of one alarm; None where there is none, or none that is shown to this person."""
    return next((one for one in cards(view) if one.ref == ref), None)


def _order(card: Card) -> tuple[bool, bool, int, int, int]:
    ranks = [kind.value for kind in LOUDEST]
    rank = ranks.index(card.kind) if card.kind in ranks else len(ranks)
    return not card.silent, bool(card.taken_by) and not card.late, -card.escalated, rank, card.raised


def _card(one: View, view: View, person: Who, *, keeping: bool) -> Card:
    kind, place, taken_by = str(one["alarm"]), str(one["place"]), str(one.get("taken_by", ""))
    entry, room, late = _entry(kind, place, person), room_of(place), bool(one.get("late"))
    openers = tuple(str(p) for p in (entry or {}).get("openers", ()))
    barred, stands = person.person in openers, bool(one.get("cause_stands"))
    mine = taken_by == person.person
    free = keeping and not barred and (not taken_by or mine or late)
    chief = person.has("chief")
    return Card(
        kind=kind,
        place=place,
        name=alarm_name(kind, translated),
        raised=int(one.get("raised", view.get("wall_ms", 0))),
        taken_by=taken_by,
        taken_at=one.get("taken_at"),
        escalated=int(one.get("escalated", 0)),
        late=late,
        cause_stands=stands,
        room=room,
        silent=kind in SILENT,
        n=None if entry is None else int(entry["n"]),
        openers=openers,
        session=view.get("rooms", {}).get(room, {}).get("since"),
        inside=_inside(view, room),
        mine=mine,
        barred=barred,
        can_take=free and (not mine or late),
        can_close=free and (not stands or chief),
        must_force=stands,
        may_force=chief,
    )


def _inside(view: View, room: str) -> tuple[str, ...]:
    now = view.get("rooms", {}).get(room, {})
    return tuple(str(p) for p in (*now.get("inside", ()), *now.get("visitors", ())))


def _entry(kind: str, place: str, person: Who) -> Mapping[str, Any] | None:
    """The Entry that raised an alarm last; None where the log cannot be read."""
    try:
        kept, log = memory()
        return kept.raised(log, kind, place, sealed=person.sees_sealed)
    except IronroomError:
        return None
