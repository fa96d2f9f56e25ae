"""Kinds of Entry by what a chief looks for. Rule: every kind is in one group, and a test asks for each."""

from __future__ import annotations

from controller.core.words import Kind
from web.feed.level import QUIET
from web.i18n import N_

GROUPS: dict[str, str] = {
    "openings": N_("Openings and closings"),
    "refusals": N_("Refusals"),
    "alarms": N_("Alarms"),
    "cabinets": N_("Cabinets and carriers"),
    "visitors": N_("Visitors"),
    "people": N_("People and rights"),
    "devices": N_("Devices and cameras"),
    "log": N_("Log and console"),
}
ONLY: dict[str, str] = {
    "matters": N_("Without routine"),
    "alarms": N_("Alarms only"),
    "all": N_("Everything"),
}
K = Kind
_KINDS: dict[str, tuple[Kind, ...]] = {
    "refusals": (
        *(K.REFUSED, K.TWO_PERSON_TIMEOUT, K.PENDING_CANCELLED, K.PENALTY, K.WRONG_PIN, K.PASSBACK),
        *(K.SIGN_IN_REFUSED, K.RELEASE_DROPPED),
    ),
    "alarms": (
        *(K.ALARM_RAISED, K.ALARM_TAKEN, K.ALARM_ESCALATED, K.ALARM_ACKNOWLEDGED, K.FORCED, K.HELD_SOON),
        *(K.HELD, K.LONE, K.DURESS, K.TAMPER, K.INTRUSION, K.LOCKDOWN, K.FIRE, K.PEOPLE_DIFFER),
        *(K.UNWITNESSED_OPENING, K.UNPICTURED_OPENING, K.LOG_CONFLICT),
    ),
    "cabinets": (
        *(K.COMPARTMENT_ASKED, K.AUTHORISED, K.CABINET_OPENED, K.CABINET_CLOSED, K.COMPARTMENT_OPENED),
        *(K.COMPARTMENT_SHUT, K.NO_OPENING, K.SESSION_EXPIRED, K.CARRIER_MOVED, K.CARRIER_SEEN),
        K.CARRIER_UNSEEN,
    ),
    "visitors": (
        *(K.VISIT_STARTED, K.VISIT_ENDED, K.VISIT_REQUESTED, K.VISIT_CHANGED, K.VISIT_APPROVED),
        *(K.VISIT_DECLINED, K.PASS_ISSUED, K.PASS_REPRINTED, K.PASS_RETURNED, K.VISITOR_BLOCKED),
        *(K.VISITOR_UNBLOCKED, K.ROLL_CALLED),
    ),
    "people": (
        *(K.ENROLLED, K.PERSON_CHANGED, K.PERSON_ENDED, K.BADGE_BLOCKED, K.PASSBACK_FORGIVEN, K.ERASED),
        *(K.BADGE_ISSUE_ASKED, K.BADGE_ISSUED, K.BADGE_NOT_ISSUED, K.BADGE_COUNTED, K.PASSKEY_ENROLLED),
        *(K.PASSKEY_REMOVED, K.SIGN_IN_CHANGED, K.ENROLMENT_CODE, K.POLICY_OFFERED, K.POLICY_APPROVED),
        *(K.SHIFT_HANDED_OVER, K.COMMAND_SIGNED, K.COMMAND_EXPIRED),
    ),
    "devices": (
        *(K.DEVICE_LOST, K.DEVICE_BACK, K.DEVICE_NOISY, K.DEVICE_QUIET, K.POWER, K.SNAPSHOT),
        *(K.CAMERA_FAULT, K.CAMERA_BACK, K.PICTURES_TAKEN, K.NO_PICTURE, K.CAMERAS_LEARN_ASKED),
        *(K.CAMERA_LEARNED, K.CAMERA_NOT_LEARNED, K.PAIRING_ASKED, K.READER_PAIRED, K.PAIRING_FAILED),
        *(K.LOOPS_ASKED, K.LOOP_LEARNED, K.LOOP_DRIFT, K.LOOP_STEP, K.SITE_KEY_SET, K.INPUT),
        *(K.CLOCK_CHANGED, K.CLOCK_TRIMMED, K.CLOCK_ACCEPTED),
    ),
    "log": (
        *(K.STARTED, K.STOPPED, K.HOLD_SET, K.HOLD_LIFTED, K.EVIDENCE_READ, K.KEY_ROTATION_ASKED),
        *(K.LOG_KEY, K.KEY_ROTATED, K.STATE_KEPT, K.PRUNED, K.DISK_LOW, K.DISK_ENOUGH, K.RESERVE_USED),
        *(K.PICTURES_DELETED, K.RESTORED, K.BACKED_UP, K.BACKUP_FAILED, K.SIGNED_IN, K.SIGNED_OUT),
        *(K.SIGNED_OFF, K.NOTED, K.CORRECTED),
    ),
}


def group_of(kind: str) -> str:
    """The group of a kind; what is in no other is about openings."""
    return _GROUP_OF.get(kind, "openings")


def kinds_of(group: str, only: str) -> frozenset[str]:
    """The kinds that a group and a loudness leave over; an empty set means every kind."""
    chosen = {kind for kind in Kind if not group or group_of(kind) == group}
    if only == "alarms":
        chosen = {kind for kind in chosen if group_of(kind) == "alarms"}
    elif only == "matters":
        chosen = {kind for kind in chosen if kind not in QUIET}
    if len(chosen) == len(Kind):
        return frozenset()
    return frozenset(chosen) or frozenset({"-"})


_GROUP_OF: dict[str, str] = {kind: group for group, kinds in _KINDS.items() for kind in kinds}
