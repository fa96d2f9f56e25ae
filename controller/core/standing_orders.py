"""Orders to the whole site or a room of it that are not about a thing or a person alone.

Rule: who may give them, and how many people it takes, stands in askings.py; here they are carried out.
"""

from __future__ import annotations

from controller.core import compartment, occupancy, pair, passage
from controller.core.effects import Secure
from controller.core.events import Asking
from controller.core.turn import Turn
from controller.core.words import Kind, Reason

OVERRIDE_MS = 60_000


def lockdown(turn: Turn, ask: Asking) -> None:
    """Lock everything at once; ways out stay free."""
    if turn.state.lockdown:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    turn.write(Kind.LOCKDOWN, turn.plan.name, [ask.by], on=True, note=str(ask.fields.get("reason", ""))[:500])
    for lock in turn.plan.locks:
        turn.do(Secure(lock))
    for name, door in list(turn.state.doors.items()):
        if door.pending:
            pair.cancel(turn, name, door.pending.people, Reason.LOCKDOWN, "door")
        passage.relocked(turn, name, Reason.LOCKDOWN)
    for room in turn.plan.rooms:
        compartment.lock_out(turn, room)
    turn.accept()


def lift(turn: Turn, ask: Asking) -> None:
    """Lift a lockdown; a different person than who set it (behaviour 29)."""
    now = turn.state.lockdown
    if now is None:
        turn.deny(Reason.NOTHING_TO_DO)
    elif now.by == ask.by:
        turn.deny(Reason.SAME_PERSON_LIFTS)
    else:
        turn.write(Kind.LOCKDOWN, turn.plan.name, [ask.by], on=False)
        turn.accept()


def recount(turn: Turn, ask: Asking) -> None:
    """Say who is inside; two different people (behaviour 19)."""
    room, inside = str(ask.fields.get("room", "")), ask.fields.get("inside")
    if not room and len(turn.plan.rooms) == 1:
        room = next(iter(turn.plan.rooms))
    known = isinstance(inside, list) and all(isinstance(p, str) and p in turn.state.people for p in inside)
    if room not in turn.plan.rooms or not known or not isinstance(inside, list):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    occupancy.recount(turn, room, inside, (ask.by, ask.second))
    turn.accept()


def approve(turn: Turn, ask: Asking) -> None:
    """Approve an opening outside duty hours, as a third and absent person (behaviour 33b)."""
    room = str(ask.fields.get("room", "")) or next(iter(turn.plan.rooms), "")
    plan = turn.plan.rooms.get(room)
    if plan is None:
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    pairs = [d.pending for d in turn.state.doors.values() if d.pending]
    present = set(turn.state.room(room).inside) | {p for pair in pairs for p in pair.people}
    if ask.by in present:
        turn.deny(Reason.STILL_ABSENT)
    elif plan.duty_posts and not set(plan.duty_posts) & set(turn.state.people[ask.by].posts):
        turn.deny(Reason.NOT_ALLOWED)
    else:
        turn.write(Kind.APPROVED, room, [ask.by], until=turn.at + plan.approval_ms)
        turn.picture(room, Kind.APPROVED.value)
        turn.accept()


def forgive(turn: Turn, ask: Asking) -> None:
    """Forgive one passback, by name and with a reason (behaviour 21)."""
    person, note = str(ask.fields.get("person", "")), str(ask.fields.get("reason", ""))
    if person not in turn.state.people or not note:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif person == ask.by:
        turn.deny(Reason.ONESELF)
    else:
        turn.write(Kind.PASSBACK_FORGIVEN, "", [ask.by], person=person, note=note[:500])
        turn.accept()


def override(turn: Turn, ask: Asking) -> None:
    """Let one interlocked door open beside the other, for a minute; two people and a reason."""
    door, note = str(ask.fields.get("door", "")), str(ask.fields.get("reason", ""))
    if door not in turn.plan.doors or not turn.plan.doors[door].interlock or not note:
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    turn.write(
        Kind.INTERLOCK_OVERRIDDEN,
        door,
        [ask.by, ask.second],
        until=turn.at + OVERRIDE_MS,
        note=note[:500],
    )
    turn.accept()


def approve_policy(turn: Turn, ask: Asking) -> None:
    """Put the site file found at the last start into force, from the next start on."""
    digest = str(ask.fields.get("digest", ""))
    if digest != turn.state.offered or digest == turn.state.policy:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    turn.write(Kind.POLICY_APPROVED, "", [ask.by, ask.second], digest=digest)
    turn.accept()
