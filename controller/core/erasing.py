"""Erasing what is personal about somebody, and the legal holds that forbid it.

Rule 1: erasing changes no leaf; the log deletes the disclosures in the commit that says so (behaviour 60).
Rule 2: an id that was erased stays taken for ever, so that no later person inherits its Entries.

    {"kind": "erased", "who": ["li", "wang"], "person": "v17", "note": "asked for it by letter",
     "erases": ["v17", "os:words searched"], …}
"""

from __future__ import annotations

from controller.core.effects import Body
from controller.core.enrolment import LONGEST, SYSTEM_USER
from controller.core.events import Asking
from controller.core.people import Holder
from controller.core.state import State
from controller.core.turn import Turn
from controller.core.visit_known import linked
from controller.core.words import Kind, Reason

WORDS_SEARCHED = f"{SYSTEM_USER}words searched"
"""Subject of the free words of all searches: nobody can tell whom they name, so every erasure takes them."""
LONGEST_NOTE = 500


def erase_person(turn: Turn, ask: Asking) -> None:
    """Erase what is personal about somebody who has ended; for ever, by two others, with a reason."""
    person, note = str(ask.fields.get("person", "")), str(ask.fields.get("reason", ""))
    holder = turn.state.people.get(person)
    if not note:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif person in {ask.by, ask.second}:
        turn.deny(Reason.ONESELF)
    elif holder is None or holder.erased:
        turn.deny(Reason.NOTHING_TO_DO)
    elif any(held(turn.state, one) for one in linked(turn.state, person)):
        turn.deny(Reason.UNDER_HOLD)
    elif any(room.unknown for room in turn.state.rooms.values()):
        turn.deny(Reason.OCCUPANCY_UNKNOWN)
    elif not all(_over(turn.state, turn.state.people[one]) for one in linked(turn.state, person)):
        turn.deny(Reason.NOT_ENDED)
    else:
        _erase(turn, ask, person, note[:LONGEST_NOTE])


def _erase(turn: Turn, ask: Asking, person: str, note: str) -> None:
    """Erase a person, with every id under which a visitor came before the document told who it is."""
    also = [one for one in linked(turn.state, person) if one != person]
    more: Body = {"also": also} if also else {}
    both, subjects = (ask.by, ask.second), [person, *also, WORDS_SEARCHED]
    turn.write(Kind.ERASED, "", both, person=person, note=note, erases=subjects, **more)
    turn.accept()


def _over(state: State, holder: Holder) -> bool:
    """Tell whether nothing of the person goes on: rights or visit ended, outside, and no carrier in hand.

    A badge that was lost on a visit is dead and may never come back; nobody's name is kept for that.
    """
    ended = holder.ended or (holder.visitor and holder.id in state.ended_visits)
    awaited = any(visit.visitor == holder.id and visit.goes_on for visit in state.visit_book.values())
    holding = any(c.holder == holder.id and c.state != "IN" for c in state.carriers.values())
    return ended and not awaited and not holding and not _about(state, holder.id)


def _about(state: State, person: str) -> bool:
    """Tell whether somebody is inside or at a door."""
    if any(person in {*room.inside, *room.visitors} for room in state.rooms.values()):
        return True
    doors = state.doors.values()
    return any(person in {*d.entering, *d.visiting, *d.leaving, *d.gathering} for d in doors)


def held(state: State, person: str = "") -> list[str]:
    """Names of the legal holds on a person or on the whole log; without a person, of all holds there are.

    Pruning asks without a person: a body that goes may name anybody.
    """
    return sorted(name for name, hold in state.holds.items() if not person or hold.person in {"", person})


def set_hold(turn: Turn, ask: Asking) -> None:
    """Set a legal hold on a person, or on the whole log: nothing it covers is erased or pruned."""
    name, person, note = (str(ask.fields.get(key, "")) for key in ("hold", "person", "reason"))
    if not 0 < len(name) <= LONGEST or not note or (person and person not in turn.state.people):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif name in turn.state.holds:
        turn.deny(Reason.NOTHING_TO_DO)
    else:
        turn.write(Kind.HOLD_SET, "", [ask.by], hold=name, person=person, note=note[:LONGEST_NOTE])
        turn.accept()


def lift_hold(turn: Turn, ask: Asking) -> None:
    """Lift a legal hold: two people, neither of whom set it nor is held by it, with a reason.

    Setting protects evidence and takes one; lifting exposes it, so with whoever set it three have looked,
    as at a lockdown (behaviour 29), and the hold outlives its setter's leaving.
    """
    name, note = str(ask.fields.get("hold", "")), str(ask.fields.get("reason", ""))
    hold = turn.state.holds.get(name)
    if not note:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif hold is None:
        turn.deny(Reason.NOTHING_TO_DO)
    elif hold.by in {ask.by, ask.second}:
        turn.deny(Reason.SAME_PERSON_LIFTS)
    elif hold.person in {ask.by, ask.second}:
        turn.deny(Reason.ONESELF)
    else:
        turn.write(Kind.HOLD_LIFTED, "", (ask.by, ask.second), hold=name, note=note[:LONGEST_NOTE])
        turn.accept()
