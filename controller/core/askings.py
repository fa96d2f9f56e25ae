"""Everything somebody may ask for, in one table: who may ask, and how many people it takes.

Rule: what is not in the table cannot be asked; an Asking is judged here before its file ever sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from controller.core import (
    alarms,
    cabinet,
    camera_orders,
    carriers,
    commissioning,
    compartment,
    custody,
    devices,
    enrolment,
    erasing,
    issuing,
    occupancy,
    pair,
    passage,
    vault,
    visits,
)
from controller.core.effects import Secure
from controller.core.events import Asking
from controller.core.people import Holder
from controller.core.refused_askings import told_of
from controller.core.turn import Turn
from controller.core.words import Kind, Reason

OVERRIDE_MS = 60_000
EXACT = 2**53  # larger integers are not the same everywhere (RFC 8785, 3.2.2.3)


@dataclass(frozen=True, slots=True)
class Row:
    """One Asking: what carries it out, how many people it takes, and its fields for docs/askings.md."""

    do: Callable[[Turn, Asking], None]
    people: int
    fields: str


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


ASKINGS: dict[str, Row] = {
    "found": Row(enrolment.found, 0, "people = { id = { name, department, posts, badges, pin, … } }"),
    "enrol": Row(
        enrolment.enrol,
        2,
        "person, name, document, company, contact, department, posts, badges, badge_level, …",
    ),
    "change_person": Row(enrolment.change, 2, "person, and the fields that change"),
    "end_person": Row(enrolment.end, 1, "person"),
    "block_badge": Row(enrolment.block, 1, "badge"),
    "open_compartment": Row(cabinet.ask_open, 1, 'compartment = "c1.a"'),
    "authorise": Row(cabinet.authorise, 1, "cabinet"),
    "approve_opening": Row(approve, 1, "room"),
    "recount": Row(recount, 2, "room, inside = [ids]"),
    "acknowledge": Row(alarms.acknowledge, 1, "alarm, place (or every place), reason"),
    "lockdown": Row(lockdown, 1, "reason"),
    "lift_lockdown": Row(lift, 1, ""),
    "forgive_passback": Row(forgive, 1, "person, reason"),
    "override_interlock": Row(override, 2, "door, reason"),
    "change_time_lock": Row(vault.change_time_lock, 2, "door, minutes (closed from now on)"),
    "accept_clock": Row(devices.accept_clock, 2, ""),
    "approve_policy": Row(approve_policy, 2, "digest"),
    "check_out": Row(visits.check_out, 1, "visitor"),
    "move_carrier": Row(carriers.ask_move, 2, "carrier, state, at or holder, reason"),
    "erase_person": Row(erasing.erase_person, 2, "person, reason"),
    "set_hold": Row(erasing.set_hold, 1, "hold (its name), person (none: the whole log), reason"),
    "lift_hold": Row(erasing.lift_hold, 2, "hold, reason"),
    "rotate_key": Row(custody.rotate_key, 2, "reason"),
    "issue_badge": Row(issuing.ask, 2, "person, level, reader (the only enrolment reader)"),
    "withdraw_issue": Row(issuing.withdraw, 1, "reader (the only enrolment reader)"),
    "pair_reader": Row(commissioning.ask_pairing, 2, "device"),
    "learn_loops": Row(commissioning.ask_loops, 2, "lines = [names]"),
    "learn_cameras": Row(camera_orders.ask, 2, "cameras = [names]"),
    "set_site_key": Row(
        commissioning.ask_key, 2, "check (eight hexadecimal digits), replace (the same, said on purpose)"
    ),
    "read_evidence": Row(custody.read_evidence, 0, f"what = {' / '.join(custody.EVIDENCE)}, filter, words"),
}


def in_force(turn: Turn, person: str) -> bool:
    """Tell whether somebody may ask for anything: staff, enrolled, and within their rights' time."""
    holder: Holder | None = turn.state.people.get(person)
    return holder is not None and not holder.visitor and holder.in_force(turn.at + turn.state.offset)


def _writable(ask: Asking) -> bool:
    """Tell whether everything said can stand in the log: texts are Unicode, and there are no fractions."""
    try:
        return _plain([ask.by, ask.second]) and _plain(dict(ask.fields))
    except UnicodeEncodeError:
        return False


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        value.encode()
        return True
    if isinstance(value, dict):
        return all(_plain(k) and _plain(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(_plain, value))
    return (
        value is None or isinstance(value, bool | datetime) or (isinstance(value, int) and abs(value) < EXACT)
    )


def judge(turn: Turn, ask: Asking) -> None:
    """Judge an Asking and carry it out, or refuse it with its reason."""
    row = ASKINGS.get(ask.name)
    if row is None or not _writable(ask):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif row.people >= 1 and not in_force(turn, ask.by):
        turn.deny(Reason.NOT_ALLOWED)
    elif row.people > 1 and (ask.second in {"", ask.by} or not in_force(turn, ask.second)):
        turn.deny(Reason.NEEDS_SECOND)
    else:
        row.do(turn, ask)
    if turn.answer is not None and turn.answer.reason is not None:
        who = [p for p in (ask.by, ask.second) if p in turn.state.people]
        turn.write(
            Kind.REFUSED,
            turn.plan.name,
            who,
            turn.answer.reason,
            asking=ask.name[:40] if ask.name in ASKINGS else "",
            **told_of(ask, turn.state.people),
        )
