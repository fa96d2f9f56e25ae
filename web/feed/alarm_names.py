"""What an alarm is called, in a few words: for the plan, the list of alarms and their heading.

Rule: one name for each kind, and a test asks for every one; the whole sentence is in core/sentences.py.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core.words import AlarmKind
from web.feed.mark import N_

ALARM_NAMES: dict[AlarmKind, str] = {
    AlarmKind.FORCED: N_("Door forced"),
    AlarmKind.HELD: N_("Door open too long"),
    AlarmKind.LONE: N_("Person alone"),
    AlarmKind.TAMPER: N_("Tamper"),
    AlarmKind.DURESS: N_("Duress"),
    AlarmKind.NOT_BOLTED: N_("Door not bolted"),
    AlarmKind.CABINET_OPEN: N_("Cabinet left open"),
    AlarmKind.CABINET_FORCED: N_("Cabinet forced"),
    AlarmKind.WINDOW_OPEN: N_("Window open"),
    AlarmKind.INTRUSION: N_("Intrusion"),
    AlarmKind.WRONG_ATTEMPTS: N_("Wrong attempts"),
    AlarmKind.SECOND_REFUSED: N_("Second person refused"),
    AlarmKind.ACTUATION_UNCONFIRMED: N_("Released, nothing moved"),
    AlarmKind.OCCUPANCY_UNKNOWN: N_("Not known who is inside"),
    AlarmKind.VISITOR_ALONE: N_("Visitor without host"),
    AlarmKind.DEVICE_LOST: N_("Device lost"),
    AlarmKind.CAMERA_FAULT: N_("Camera fault"),
    AlarmKind.CARRIER_MISSING: N_("Carrier missing"),
    AlarmKind.IMPOSSIBLE_TRAVEL: N_("One badge in two places"),
    AlarmKind.LOG_UNWITNESSED: N_("Log not witnessed"),
    AlarmKind.INPUT_FAULT: N_("Line chatters"),
    AlarmKind.CLOCK: N_("Clock changed"),
    AlarmKind.RULE_BROKEN: N_("Rule cannot be evaluated"),
    AlarmKind.INTERLOCK: N_("Interlock overridden"),
    AlarmKind.CUSTODIAN_OUT: N_("Custodian left first"),
    AlarmKind.DISK_LOW: N_("Disk filling up"),
    AlarmKind.LOG_CONFLICT: N_("Log contradicts a witness"),
    AlarmKind.LOG_RESTORED: N_("Log put back from backup"),
    AlarmKind.BACKUP_LATE: N_("Backup failed"),
    AlarmKind.BADGE_COPIED: N_("Copied badge"),
    AlarmKind.DEVICE_SUSPECT: N_("Device exchanged"),
    AlarmKind.POWER: N_("Power failing"),
    AlarmKind.LOOP: N_("Line drifts"),
    AlarmKind.NO_PICTURE: N_("Opened without picture"),
    AlarmKind.LOOK: N_("Camera and count differ"),
    AlarmKind.VISITOR_OVERSTAY: N_("Visitor overstays"),
    AlarmKind.REMOTE_RELEASE: N_("Door released remotely"),
    AlarmKind.CONSOLE: N_("Console sign-in attacked"),
    AlarmKind.CLOSING_MISSING: N_("Daily closing missing"),
}


def alarm_name(word: str, _: Callable[[str], str]) -> str:
    """Name of an alarm by its stored word; a word of another version stands for itself."""
    return _(ALARM_NAMES[AlarmKind(word)]) if word in set(AlarmKind) else word
