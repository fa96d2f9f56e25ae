"""Everything somebody may ask for, in one table: who may ask, and how many people it takes.

Rule: what is not in the table cannot be asked; whether somebody is heard is judged in judging.py.
"""

from __future__ import annotations

from controller.core import (
    alarm_desk,
    cabinet,
    camera_orders,
    carriers,
    closing,
    commissioning,
    console,
    correcting,
    custody,
    devices,
    enrolment,
    erasing,
    issuing,
    remote_release,
    shift_desk,
    standing_orders,
    vault,
    visit_approvals,
    visit_blocks,
    visit_passes,
    visit_requests,
    visits,
)
from controller.core.asking_rows import CHIEF, SIGNERS, Row, write_signed
from controller.core.chiefs import TWO
from controller.core.console_roles import ConsoleRole, Via
from controller.core.events import Asking
from controller.core.turn import Turn
from controller.core.words import Reason

GUARD, CUSTODIAN, CHIEF_ROLE = ConsoleRole.GUARD, ConsoleRole.CUSTODIAN, ConsoleRole.CHIEF
DESK, CUSTODY = (GUARD, CHIEF_ROLE), (CUSTODIAN, CHIEF_ROLE)
DEVICES = (ConsoleRole.INSTALLER, CHIEF_ROLE)
ANYBODY = (GUARD, CUSTODIAN, CHIEF_ROLE)  # who may change anything at all

ALL_ROLES = tuple(ConsoleRole)  # who may look


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
        write_signed(turn, ask, fields, {"until": turn.at + console.COMMAND_MS})
        turn.accept()


ASKINGS: dict[str, Row] = {
    "found": Row(enrolment.found, 0, "people = { id = { name, department, posts, badges, pin, … } }"),
    "enrol": Row(
        enrolment.enrol,
        2,
        "person, name, document, company, contact, department, posts, badges, badge_level, …",
        CHIEF,
        signed=True,
        heirs=True,
    ),
    "change_person": Row(
        enrolment.change, 2, "person, and the fields that change", CHIEF, signed=True, heirs=True
    ),
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
    "correct_entry": Row(
        correcting.correct_entry,
        2,
        "n (of an Entry), text, fields = { name: what is right }, reason, "
        "about (a person: erased with them), sealed (as it is)",
        ANYBODY,
        signed=True,
    ),
    "close_day": Row(
        closing.close_day,
        2,
        "room, notes = { finding: note } (one for each thing that is not in order), note",
        ANYBODY,
        signed=True,
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
        visit_approvals.approve,
        1,
        "visit, until (a later end of one that goes on); or visits (several, all or none); as_of (signed: "
        "the number of Entries when it was shown, filled in by the controller)",
        ANYBODY,
        signed=True,
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
        visits.check_out,
        1,
        "visitor or visit, badge_returned, devices_returned = true or [lockers], reason (what is missing)",
        DESK,
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
    "pair_reader": Row(commissioning.ask_pairing, 2, "device", DEVICES, signed=True, chief=True),
    "learn_loops": Row(commissioning.ask_loops, 2, "lines = [names]", DEVICES, signed=True, chief=True),
    "learn_cameras": Row(camera_orders.ask, 2, "cameras = [names]", DEVICES, signed=True, chief=True),
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
