"""The sign of each kind of Entry, by the name of its icon. Rule: every kind has one; words say it all."""

from __future__ import annotations

from controller.core.words import Kind

_SIGNS: dict[str, tuple[Kind, ...]] = {
    "alert-triangle": (
        *(Kind.ALARM_RAISED, Kind.ALARM_ESCALATED, Kind.FORCED, Kind.HELD, Kind.HELD_SOON, Kind.LONE),
        *(Kind.DURESS, Kind.TAMPER, Kind.INTRUSION, Kind.NOT_BOLTED, Kind.UNKNOWN_EXIT, Kind.COUNT_LOST),
        *(Kind.WINDOW_OPENED, Kind.CARRIER_UNSEEN, Kind.LOG_CONFLICT, Kind.UNWITNESSED_OPENING),
        *(Kind.UNPICTURED_OPENING, Kind.RELEASE_DROPPED, Kind.PEOPLE_DIFFER, Kind.FIRE, Kind.SESSION_EXPIRED),
    ),
    "circle-check": (
        Kind.ALARM_ACKNOWLEDGED,
        Kind.APPROVED,
        Kind.AUTHORISED,
        Kind.SIGNED_OFF,
        Kind.VISIT_APPROVED,
    ),
    "bell": (Kind.ALARM_TAKEN,),
    "x": (
        *(Kind.REFUSED, Kind.WRONG_PIN, Kind.PENALTY, Kind.PENDING_CANCELLED, Kind.PENDING_LOST),
        *(Kind.TWO_PERSON_TIMEOUT, Kind.VISIT_DECLINED, Kind.SIGN_IN_REFUSED, Kind.VISITOR_BLOCKED),
    ),
    "door": (
        *(Kind.OPENED, Kind.SHUT, Kind.ROOM_OPENED, Kind.ROOM_CLOSED, Kind.NO_ENTRY, Kind.NO_EXIT),
        *(Kind.EXIT_WAITING, Kind.INTERLOCK_OVERRIDDEN, Kind.WINDOW_SHUT, Kind.INTERRUPTED),
    ),
    "lock": (Kind.BOLT_THROWN, Kind.LOCKDOWN, Kind.CABINET_CLOSED, Kind.COMPARTMENT_SHUT),
    "lock-open": (
        *(Kind.BOLT_DRAWN, Kind.GRANTED, Kind.GRANT_PICTURED, Kind.LOG_WITNESSED, Kind.RELEASED_REMOTELY),
        *(Kind.CABINET_OPENED, Kind.COMPARTMENT_OPENED, Kind.COMPARTMENT_ASKED, Kind.NO_OPENING),
    ),
    "users": (
        *(Kind.ENTERED, Kind.LEFT, Kind.CONFIRMED, Kind.RECOUNTED, Kind.ROLL_CALLED, Kind.PENDING),
        *(
            Kind.SHIFT_HANDED_OVER,
            Kind.PASSBACK,
            Kind.PASSBACK_FORGIVEN,
            Kind.VISIT_STARTED,
            Kind.VISIT_ENDED,
        ),
    ),
    "user": (
        *(Kind.ENROLLED, Kind.PERSON_CHANGED, Kind.PERSON_ENDED, Kind.ERASED, Kind.VISIT_REQUESTED),
        *(Kind.VISIT_CHANGED, Kind.VISITOR_UNBLOCKED),
    ),
    "id-badge-2": (
        *(Kind.BADGE_BLOCKED, Kind.BADGE_ISSUE_ASKED, Kind.BADGE_ISSUED, Kind.BADGE_NOT_ISSUED),
        *(Kind.BADGE_COUNTED, Kind.PASS_ISSUED, Kind.PASS_REPRINTED, Kind.PASS_RETURNED),
    ),
    "camera": (
        *(Kind.SNAPSHOT, Kind.PICTURES_TAKEN, Kind.NO_PICTURE, Kind.CAMERA_FAULT, Kind.CAMERA_BACK),
        *(Kind.CAMERAS_LEARN_ASKED, Kind.CAMERA_LEARNED, Kind.CAMERA_NOT_LEARNED, Kind.PICTURES_DELETED),
    ),
    "clock": (
        *(Kind.CLOCK_CHANGED, Kind.CLOCK_TRIMMED, Kind.CLOCK_ACCEPTED, Kind.DELAY_STARTED, Kind.DELAY_ENDED),
        *(Kind.DELAY_EXPIRED, Kind.TIME_LOCK_CHANGED, Kind.COMMAND_EXPIRED),
    ),
    "plug-connected-x": (
        *(Kind.DEVICE_LOST, Kind.DEVICE_BACK, Kind.DEVICE_NOISY, Kind.DEVICE_QUIET, Kind.POWER, Kind.INPUT),
        *(Kind.LOOPS_ASKED, Kind.LOOP_LEARNED, Kind.LOOP_DRIFT, Kind.LOOP_STEP),
    ),
    "key": (
        *(Kind.KEY_ROTATION_ASKED, Kind.LOG_KEY, Kind.KEY_ROTATED, Kind.SITE_KEY_SET, Kind.PAIRING_ASKED),
        *(Kind.READER_PAIRED, Kind.PAIRING_FAILED, Kind.HOLD_SET, Kind.HOLD_LIFTED),
    ),
    "fingerprint": (
        *(Kind.PASSKEY_ENROLLED, Kind.PASSKEY_REMOVED, Kind.SIGN_IN_CHANGED, Kind.ENROLMENT_CODE),
        *(Kind.SIGNED_IN, Kind.SIGNED_OUT),
    ),
    "signature": (Kind.COMMAND_SIGNED, Kind.POLICY_APPROVED, Kind.POLICY_OFFERED),
    "eye": (Kind.EVIDENCE_READ, Kind.NOTED, Kind.CLOSING_COUNT, Kind.CARRIER_MOVED, Kind.CARRIER_SEEN),
    "checklist": (Kind.DAY_CLOSED, Kind.CLOSING_MISSING, Kind.CORRECTED),
    "shield-check": (
        *(Kind.STARTED, Kind.STOPPED, Kind.STATE_KEPT, Kind.PRUNED, Kind.RESTORED, Kind.BACKED_UP),
        *(Kind.BACKUP_FAILED, Kind.DISK_LOW, Kind.DISK_ENOUGH, Kind.RESERVE_USED),
    ),
}
ICONS: dict[str, str] = {kind.value: sign for sign, kinds in _SIGNS.items() for kind in kinds}


def icon_name(kind: str) -> str:
    """Name of the icon of a kind by its stored word."""
    return ICONS.get(kind, "info-circle")
