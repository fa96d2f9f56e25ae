"""Everything somebody may ask for, in one table: who may ask, and how many people it takes.

Rule: what is not in the table cannot be asked; an Asking is judged here before its file ever sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from controller.core import (
    alarm_desk,
    cabinet,
    camera_orders,
    carriers,
    commissioning,
    console,
    custody,
    devices,
    enrolment,
    erasing,
    issuing,
    panels,
    remote_release,
    shift_desk,
    standing_orders,
    vault,
    visit_blocks,
    visit_passes,
    visit_requests,
    visits,
)
from controller.core.console_roles import ConsoleRole, Via
from controller.core.events import Asking
from controller.core.people import Holder
from controller.core.refused_askings import told_of
from controller.core.state import State
from controller.core.turn import Turn
from controller.core.words import Kind, Reason

TWO = 2
NO_MORE: Mapping[str, Any] = MappingProxyType({})
EXACT = 2**53  # larger integers are not the same everywhere (RFC 8785, 3.2.2.3)


@dataclass(frozen=True, slots=True)
class Row:
    """One Asking: what carries it out, how many people it takes, and its fields for docs/askings.md.

    ``roles`` are those of whom each person has one, asked at the console; of none it cannot be asked there.
    ``signed`` ones take a passkey over the exact command, once two people of these roles have passkeys.
    ``own`` ones of one person take two where their field ``own`` says that it is about what the first did.
    """

    do: Callable[[Turn, Asking], None]
    people: int
    fields: str
    roles: tuple[ConsoleRole, ...] = ()
    signed: bool = False
    own: bool = False

    def takes(self, fields: Mapping[str, Any]) -> int:
        """How many people it takes with these fields."""
        return TWO if self.own and fields.get("own") is True else self.people


GUARD, CUSTODIAN, CHIEF_ROLE = ConsoleRole.GUARD, ConsoleRole.CUSTODIAN, ConsoleRole.CHIEF
CHIEF, DESK, CUSTODY = (CHIEF_ROLE,), (GUARD, CHIEF_ROLE), (CUSTODIAN, CHIEF_ROLE)
DEVICES = (ConsoleRole.INSTALLER, CHIEF_ROLE)
ANYBODY = (GUARD, CUSTODIAN, CHIEF_ROLE)  # who may change anything at all

ALL_ROLES = tuple(ConsoleRole)  # who may look
SIGNERS = (*ANYBODY, ConsoleRole.INSTALLER)  # who may sign anything at all


def sign_command(turn: Turn, ask: Asking) -> None:
    """Say that the first of two has signed; nothing is carried out before the second has."""
    row, fields = ASKINGS.get(str(ask.fields.get("ask", ""))), ask.fields.get("fields", {})
    if ask.via != Via.SIGNATURE:
        turn.deny(Reason.NEEDS_SIGNATURE)
    elif row is None or not row.signed or not isinstance(fields, dict) or row.takes(fields) != TWO:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif not {*turn.state.people[ask.by].roles} & {*row.roles}:
        turn.deny(Reason.NOT_ALLOWED)
    else:
        _write_signed(turn, ask, fields, {"until": turn.at + console.COMMAND_MS})
        turn.accept()


ASKINGS: dict[str, Row] = {
    "found": Row(enrolment.found, 0, "people = { id = { name, department, posts, badges, pin, … } }"),
    "enrol": Row(
        enrolment.enrol,
        2,
        "person, name, document, company, contact, department, posts, badges, badge_level, …",
        CHIEF,
        signed=True,
    ),
    "change_person": Row(enrolment.change, 2, "person, and the fields that change", CHIEF, signed=True),
    "end_person": Row(enrolment.end, 1, "person", CHIEF, signed=True),
    "block_badge": Row(enrolment.block, 1, "badge, reason", DESK),
    "open_compartment": Row(cabinet.ask_open, 1, 'compartment = "c1.a"', CUSTODY),
    "authorise": Row(cabinet.authorise, 1, "cabinet", CUSTODY, signed=True),
    "approve_opening": Row(standing_orders.approve, 1, "room", ANYBODY, signed=True),
    "recount": Row(standing_orders.recount, 2, "room, inside = [ids]", DESK, signed=True),
    "take_alarm": Row(alarm_desk.take, 1, "alarm, place (or every place)", DESK),
    "acknowledge": Row(
        alarm_desk.acknowledge,
        1,
        f"alarm, place (or every place), reason; at the console outcome = {' / '.join(alarm_desk.OUTCOMES)}, "
        "force (a chief, while its cause stands)",
        DESK,
    ),
    "hand_over": Row(shift_desk.hand_over, 1, "to (another guard), note", DESK),
    "note_entry": Row(
        shift_desk.note_entry,
        1,
        "n (of an Entry), text, exception (or not), about (a person: erased with them), sealed (as it is)",
        DESK,
    ),
    "sign_off": Row(
        shift_desk.sign_off,
        1,
        "digest, ranges = [[first, last], …], exceptions = [n, …], own (some are the signer's: takes two)",
        CHIEF,
        signed=True,
        own=True,
    ),
    "release_door": Row(remote_release.release, 2, "door, seconds = 3 to 30, reason", CHIEF, signed=True),
    "lockdown": Row(standing_orders.lockdown, 1, "reason", DESK),
    "lift_lockdown": Row(standing_orders.lift, 1, "", DESK, signed=True),
    "forgive_passback": Row(standing_orders.forgive, 1, "person, reason", CHIEF, signed=True),
    "override_interlock": Row(standing_orders.override, 2, "door, reason", CHIEF, signed=True),
    "change_time_lock": Row(
        vault.change_time_lock, 2, "door, minutes (closed from now on)", CHIEF, signed=True
    ),
    "accept_clock": Row(devices.accept_clock, 2, "", CHIEF, signed=True),
    "approve_policy": Row(standing_orders.approve_policy, 2, "digest", CHIEF, signed=True),
    "request_visit": Row(
        visit_requests.request,
        1,
        "name, document, document_kind, company, contact, purpose, host, areas = [doors], from, until, "
        "group, photo, instruction_given, privacy_notice_given, returning (a visitor's id)",
        ANYBODY,
    ),
    "change_visit": Row(
        visit_requests.change, 1, "visit, and the fields that change or were missing", ANYBODY
    ),
    "approve_visit": Row(
        visit_requests.approve, 1, "visit, until (a later end of one that goes on)", ANYBODY, signed=True
    ),
    "decline_visit": Row(visit_requests.decline, 1, "visit, reason", ANYBODY),
    "issue_pass": Row(
        visit_passes.issue,
        1,
        "visit, badge, escort, devices = [{ what, locker }], identity_checked, photo or no_photo (why), "
        "instruction_given, privacy_notice_given",
        DESK,
    ),
    "reprint_pass": Row(visit_passes.reprint, 1, "visit, reason", DESK),
    "check_out": Row(
        visits.check_out, 1, "visitor or visit, badge_returned, devices_returned = true or [lockers]", DESK
    ),
    "block_visitor": Row(visit_blocks.block, 1, "visitor or document, reason", DESK),
    "unblock_visitor": Row(visit_blocks.unblock, 1, "visitor or document, reason", CHIEF, signed=True),
    "roll_call": Row(visit_blocks.roll_call, 1, "found = [ids], missing = [ids]", DESK),
    "move_carrier": Row(carriers.ask_move, 2, "carrier, state, at or holder, reason", CUSTODY, signed=True),
    "erase_person": Row(erasing.erase_person, 2, "person, reason", CHIEF, signed=True),
    "set_hold": Row(erasing.set_hold, 1, "hold (its name), person (none: the whole log), reason", CHIEF),
    "lift_hold": Row(erasing.lift_hold, 2, "hold, reason", CHIEF, signed=True),
    "rotate_key": Row(custody.rotate_key, 2, "reason", CHIEF, signed=True),
    "issue_badge": Row(
        issuing.ask, 2, "person, level, reader (the only enrolment reader)", CHIEF, signed=True
    ),
    "withdraw_issue": Row(issuing.withdraw, 1, "reader (the only enrolment reader)", CHIEF),
    "pair_reader": Row(commissioning.ask_pairing, 2, "device", DEVICES, signed=True),
    "learn_loops": Row(commissioning.ask_loops, 2, "lines = [names]", DEVICES, signed=True),
    "learn_cameras": Row(camera_orders.ask, 2, "cameras = [names]", DEVICES, signed=True),
    "set_site_key": Row(
        commissioning.ask_key, 2, "check (eight hexadecimal digits), replace (the same, said on purpose)"
    ),
    "read_evidence": Row(
        custody.read_evidence, 0, f"what = {' / '.join(custody.EVIDENCE)}, filter, words", ALL_ROLES
    ),
    "export_evidence": Row(
        custody.export_evidence,
        1,
        f"form = {' / '.join(custody.EXPORTS)}, filter, words",
        (CHIEF_ROLE, ConsoleRole.AUDITOR),
        signed=True,
    ),
    "enrol_passkey": Row(console.enrol_passkey, 2, "person, credential, key, label", CHIEF, signed=True),
    "remove_passkey": Row(console.remove_passkey, 1, "credential", SIGNERS, signed=True),
    "invite": Row(console.invite, 2, "person, check (SHA-256 of a one-time code)", CHIEF, signed=True),
    "enrolment_code": Row(console.enrolment_code, 0, "person, check (SHA-256 of a one-time code)"),
    "sign_command": Row(sign_command, 1, "ask (what is signed), fields", SIGNERS, signed=True),
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


def _unheard(turn: Turn, row: Row, ask: Asking) -> Reason | None:
    """Why nobody listens to an Asking that came this way, None where somebody does.

    Whoever keeps the box could say any names at its gate, so what must be signed is not heard there any
    more once two people can sign it; a site without them has no console yet and is run at the gate.
    """
    if ask.via == Via.BOX:
        return Reason.NEEDS_SIGNATURE if row.signed and can_be_signed(turn.state, turn.at, row) else None
    if row.signed and ask.via != Via.SIGNATURE:
        return Reason.NEEDS_SIGNATURE
    if ask.via == Via.SIGNATURE and not console.signed_by(turn.state, ask):
        return Reason.NEEDS_SIGNATURE
    people = [turn.state.people.get(p) for p in (ask.by, ask.second)[: max(row.takes(ask.fields), 1)] if p]
    return None if all(h and {*h.roles} & {*row.roles} for h in people) else Reason.NOT_ALLOWED


def can_be_signed(state: State, at: int, row: Row) -> bool:
    """Tell whether two people who may ask for it have passkeys that count."""
    wall = at + state.offset
    holders = {key.person for key in state.passkeys.values()}
    known = [state.people[p] for p in holders if p in state.people]
    return sum(h.in_force(wall) and bool({*h.roles} & {*row.roles}) for h in known) >= TWO


def _carry_out(turn: Turn, row: Row, ask: Asking) -> None:
    """Carry an Asking out; the Entry of a signature stands before those of what it ordered."""
    if ask.via == Via.SIGNATURE and row.do is not sign_command:
        _write_signed(turn, ask, ask.fields)
    row.do(turn, ask)
    if ask.via == Via.SIGNATURE:
        panels.told(turn, ask)


def _write_signed(
    turn: Turn, ask: Asking, fields: Mapping[str, Any], waits: Mapping[str, Any] = NO_MORE
) -> None:
    name = str(ask.fields.get("ask", "")) if ask.name == panels.FIRST else ask.name
    place, proof = console.place_of(turn.plan, name, fields), {**ask.proof, **waits}
    turn.write(Kind.COMMAND_SIGNED, place, list(filter(None, (ask.by, ask.second))), **proof)


def judge(turn: Turn, ask: Asking) -> None:
    """Judge an Asking and carry it out, or refuse it with its reason."""
    row = ASKINGS.get(ask.name)
    if row is None or not _writable(ask):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif reason := _unheard(turn, row, ask):
        turn.deny(reason)
    elif row.people >= 1 and not in_force(turn, ask.by):
        turn.deny(Reason.NOT_ALLOWED)
    elif row.takes(ask.fields) > 1 and (ask.second in {"", ask.by} or not in_force(turn, ask.second)):
        turn.deny(Reason.ONESELF if row.own else Reason.NEEDS_SECOND)
    else:
        _carry_out(turn, row, ask)
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
