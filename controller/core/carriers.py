"""Carriers: always in a named compartment or in a named person's hands, and only listed moves.

Rule: each move has actor, witness, reason and evidence; not seen is not missing (behaviour 42, 43).
"""

from __future__ import annotations

from controller.core.events import Asking, TagGone, TagSeen
from controller.core.remembered import Carrier
from controller.core.state import BoxPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

STATES = (
    "IN",
    "RESERVED",
    "OUT",
    "OVERDUE",
    "CIRCULATING",
    "IN_TRANSIT",
    "MISSING",
    "TRANSFERRED",
    "DESTROYED",
)

LONGEST = 200

# From each state the states it may move to; TRANSFERRED and DESTROYED are the end.
MOVES: dict[str, frozenset[str]] = {
    "": frozenset({"IN", "OUT", "IN_TRANSIT"}),
    "IN": frozenset(
        {"IN", "RESERVED", "OUT", "CIRCULATING", "IN_TRANSIT", "MISSING", "TRANSFERRED", "DESTROYED"}
    ),
    "RESERVED": frozenset({"IN", "OUT", "CIRCULATING", "MISSING"}),
    "OUT": frozenset({"IN", "OUT", "OVERDUE", "IN_TRANSIT", "MISSING", "TRANSFERRED"}),
    "OVERDUE": frozenset({"IN", "OUT", "MISSING", "TRANSFERRED"}),
    "CIRCULATING": frozenset({"IN", "CIRCULATING", "OVERDUE", "MISSING"}),
    "IN_TRANSIT": frozenset({"IN", "OUT", "MISSING", "TRANSFERRED"}),
    "MISSING": frozenset({"IN", "OUT"}),
    "TRANSFERRED": frozenset(),
    "DESTROYED": frozenset(),
}


def may_move(state: str, to: str) -> bool:
    """Tell whether a move is listed."""
    return to in MOVES[state]


def _session_at(turn: Turn, place: str) -> tuple[str, ...]:
    cabinet = turn.plan.cabinet_of(place)
    session = turn.state.cabinet(cabinet.name).session if cabinet else None
    return session.people if session and not session.expired else ()


def _now(turn: Turn, carrier: str) -> Carrier:
    return turn.state.carriers.get(carrier, Carrier(""))


def seen(turn: Turn, reading: TagSeen) -> None:
    """A tag reader sees a carrier: back in custody, or just seen where it belongs."""
    now, people = _now(turn, reading.carrier), _session_at(turn, reading.place)
    if now.state == "IN" and now.at == reading.place:
        turn.write(Kind.CARRIER_SEEN, reading.place, carrier=reading.carrier, tag=reading.place)
        return
    if not may_move(now.state, "IN"):
        turn.write(
            Kind.CARRIER_SEEN,
            reading.place,
            (),
            Reason.MOVE_NOT_LISTED,
            carrier=reading.carrier,
            tag=reading.place,
        )
        turn.alarm(AlarmKind.CARRIER_MISSING, reading.carrier)
        return
    turn.write(
        Kind.CARRIER_MOVED,
        reading.place,
        people,
        carrier=reading.carrier,
        before=now.state,
        state="IN",
        at_place=reading.place,
        tag=reading.place,
    )


def gone(turn: Turn, reading: TagGone) -> None:
    """A carrier left its compartment: into the hands of the session's people, or it is missing.

    Behind a shut door it is only not seen: the guard is called, the books stay as they are (behaviour 43).
    """
    now, people = _now(turn, reading.carrier), _session_at(turn, reading.place)
    belongs = now.state in {"IN", "RESERVED"} and now.at == reading.place
    shut = turn.state.compartment(reading.place).phase is BoxPhase.LOCKED and not people
    if not belongs or shut:
        turn.write(Kind.CARRIER_UNSEEN, reading.place, carrier=reading.carrier, tag="")
        if belongs:
            turn.alarm(AlarmKind.CARRIER_MISSING, reading.carrier)
        return
    state = "OUT" if people else "MISSING"
    turn.write(
        Kind.CARRIER_MOVED,
        reading.place,
        people,
        carrier=reading.carrier,
        before=now.state,
        state=state,
        holder=people[0] if people else "",
        at_place="",
        tag="",
    )
    if not people:
        turn.alarm(AlarmKind.CARRIER_MISSING, reading.carrier)


def ask_move(turn: Turn, ask: Asking) -> None:
    """Move a carrier in the books: actor and witness, a reason, and only a listed move."""
    fields = ask.fields
    carrier, to = str(fields.get("carrier", "")), str(fields.get("state", "")).upper()
    reason, place = str(fields.get("reason", "")), str(fields.get("at", ""))
    holder = str(fields.get("holder", ""))
    inside = to in {"IN", "RESERVED"}
    known = turn.plan.cabinet_of(place) is not None if inside else holder in turn.state.people
    needs_somebody = to in {"IN", "RESERVED", "OUT", "OVERDUE", "CIRCULATING", "IN_TRANSIT"}
    fits = all(len(text) <= LONGEST for text in (carrier, place, holder))
    if not carrier or not fits or to not in STATES or not reason or (needs_somebody and not known):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    now = _now(turn, carrier)
    if not may_move(now.state, to):
        turn.deny(Reason.MOVE_NOT_LISTED)
        return
    turn.write(
        Kind.CARRIER_MOVED,
        place,
        [ask.by, ask.second],
        reason[:500],
        carrier=carrier,
        before=now.state,
        state=to,
        at_place=place if inside else "",
        holder=holder,
    )
    turn.accept()
