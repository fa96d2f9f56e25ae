"""Which Entries are kept how long: every kind stands in exactly one of three tuples. Behaviour 63.

Rule 1: a kind that stands nowhere, of a newer version say, is kept; nothing goes that was not named.
Rule 2: age is room time, which no clock sets, but for a week at most at a start: it goes on while the box
runs, and only then. So an Entry is never younger than it is taken for, whatever anybody did to the clock.
"""

from __future__ import annotations

from collections.abc import Iterable

from controller.core.words import Kind
from controller.ledger.pruning import Term
from controller.site_log import Keeping

DAY_MS = 86_400_000

KEEPING_TOLD = """\
`[keeping]` in the site file says for how many days; 180 are the least. What is older loses its body:
counter, times and leaf hash stay, so every receipt, head and proof stays good, and `log verify` accepts
the log. The Entry `pruned` comes first. Under any legal hold, and while a changed clock waits to be
accepted, nothing goes. Age is the time that the box ran.

A start needs a kept state from behind `kept_from`: two that an Entry vouches for are there before
anything goes, and a backup without them cannot be started.

Pictures go after `picture_days`; while the disk is low, those of more than 180 days, oldest first and
no more than are wanted; younger ones only while the log lives on its reserve and would stop otherwise.
`pictures_deleted` names each. A legal hold keeps them all: then room has to be made by hand.
A visitor's photograph goes `picture_days` after the last visit that named it, or with the visitor.

`DATA/reserve` holds `reserve_mb` for the log alone. Less than `announce_free_mb` beside it is
`disk_low`, an alarm. Below a quarter of its size the reserve is given up before the next commit
(`reserve_used`, an alarm), and taken again when there is room; `disk_enough` ends both."""

FOREVER: tuple[tuple[Kind, str], ...] = (
    (Kind.CARRIER_MOVED, "register: where a carrier was, and by whose hand"),
    (Kind.CARRIER_SEEN, "register: where a carrier was seen"),
    (Kind.CARRIER_UNSEEN, "register: since when a carrier was not seen"),
    (Kind.ENROLLED, "who anybody in the log is, and with which rights"),
    (Kind.PERSON_CHANGED, "who anybody in the log is, and with which rights"),
    (Kind.PERSON_ENDED, "who anybody in the log is, and with which rights"),
    (Kind.BADGE_BLOCKED, "which badge counted until when"),
    (Kind.BADGE_ISSUED, "which badge counted from when, and who let it be made"),
    (Kind.READER_PAIRED, "which reader was believed from when"),
    (Kind.SITE_KEY_SET, "by which key cards were believed"),
    (Kind.POLICY_OFFERED, "by which rules was decided"),
    (Kind.POLICY_APPROVED, "by which rules was decided"),
    (Kind.CLOCK_CHANGED, "what the times of other Entries are worth"),
    (Kind.CLOCK_ACCEPTED, "what the times of other Entries are worth"),
    (Kind.ERASED, "why something personal is missing"),
    (Kind.PRUNED, "why bodies are missing"),
    (Kind.PICTURES_DELETED, "why pictures are missing"),
    (Kind.HOLD_SET, "what was not to be erased, and since when"),
    (Kind.HOLD_LIFTED, "what was not to be erased, and until when"),
    (Kind.KEY_ROTATION_ASKED, "which key signs the log"),
    (Kind.LOG_KEY, "which key signs the log"),
    (Kind.KEY_ROTATED, "which key signs the log"),
    (Kind.RESTORED, "where the log has a gap"),
    (Kind.LOG_CONFLICT, "that somebody showed another history"),
    (Kind.PASSKEY_ENROLLED, "whose signature counted from when"),
    (Kind.PASSKEY_REMOVED, "whose signature counted until when"),
    (Kind.SIGN_IN_CHANGED, "how somebody could sign in, and since when"),
    (Kind.ENROLMENT_CODE, "who let somebody set up a sign-in"),
    (Kind.COMMAND_SIGNED, "whose signature stood under a command"),
    (Kind.VISIT_REQUESTED, "visitor book"),
    (Kind.VISIT_CHANGED, "visitor book"),
    (Kind.VISIT_APPROVED, "visitor book"),
    (Kind.VISIT_DECLINED, "visitor book"),
    (Kind.PASS_ISSUED, "visitor book"),
    (Kind.PASS_REPRINTED, "visitor book"),
    (Kind.PASS_RETURNED, "visitor book"),
    (Kind.VISITOR_BLOCKED, "visitor book"),
    (Kind.VISITOR_UNBLOCKED, "visitor book"),
    (Kind.SIGNED_OFF, "review"),
    (Kind.NOTED, "review"),
    (Kind.CORRECTED, "review"),
    (Kind.DAY_CLOSED, "register: how a room was left, and who signed for it"),
)
"""Never pruned, each with its reason."""

ALARMS: tuple[Kind, ...] = (
    Kind.ALARM_RAISED,
    Kind.ALARM_ACKNOWLEDGED,
    Kind.FORCED,
    Kind.HELD_SOON,
    Kind.HELD,
    Kind.NOT_BOLTED,
    Kind.LONE,
    Kind.DURESS,
    Kind.TAMPER,
    Kind.INTRUSION,
    Kind.WINDOW_OPENED,
    Kind.WINDOW_SHUT,
    Kind.UNKNOWN_EXIT,
    Kind.COUNT_LOST,
    Kind.RECOUNTED,
    Kind.PASSBACK,
    Kind.PASSBACK_FORGIVEN,
    Kind.PENALTY,
    Kind.WRONG_PIN,
    Kind.LOCKDOWN,
    Kind.FIRE,
    Kind.POWER,
    Kind.INTERLOCK_OVERRIDDEN,
    Kind.INTERRUPTED,
    Kind.DEVICE_LOST,
    Kind.DEVICE_BACK,
    Kind.DEVICE_NOISY,
    Kind.DEVICE_QUIET,
    Kind.CAMERA_FAULT,
    Kind.CAMERA_BACK,
    Kind.RELEASE_DROPPED,
    Kind.SESSION_EXPIRED,
    Kind.UNWITNESSED_OPENING,
    Kind.UNPICTURED_OPENING,
    Kind.PEOPLE_DIFFER,
    Kind.CAMERA_NOT_LEARNED,
    Kind.DISK_LOW,
    Kind.DISK_ENOUGH,
    Kind.RESERVE_USED,
    Kind.BACKUP_FAILED,
    Kind.PAIRING_FAILED,
    Kind.LOOP_DRIFT,
    Kind.LOOP_STEP,
    Kind.SIGN_IN_REFUSED,
    Kind.RELEASED_REMOTELY,
    Kind.ALARM_TAKEN,
    Kind.ALARM_ESCALATED,
    Kind.ROLL_CALLED,
    Kind.CLOSING_MISSING,
)
"""What alarms were about, how they began and how they ended: kept for ``alarm_days``."""

ORDINARY: tuple[Kind, ...] = (
    Kind.STARTED,
    Kind.STOPPED,
    Kind.PENDING_LOST,
    Kind.CLOCK_TRIMMED,
    Kind.PENDING,
    Kind.REFUSED,
    Kind.TWO_PERSON_TIMEOUT,
    Kind.PENDING_CANCELLED,
    Kind.GRANTED,
    Kind.NO_ENTRY,
    Kind.NO_EXIT,
    Kind.OPENED,
    Kind.SHUT,
    Kind.BOLT_DRAWN,
    Kind.BOLT_THROWN,
    Kind.ENTERED,
    Kind.LEFT,
    Kind.CONFIRMED,
    Kind.EXIT_WAITING,
    Kind.ROOM_OPENED,
    Kind.ROOM_CLOSED,
    Kind.CLOSING_COUNT,
    Kind.INPUT,
    Kind.SNAPSHOT,
    Kind.PICTURES_TAKEN,
    Kind.NO_PICTURE,
    Kind.GRANT_PICTURED,
    Kind.CAMERAS_LEARN_ASKED,
    Kind.CAMERA_LEARNED,
    Kind.COMPARTMENT_ASKED,
    Kind.AUTHORISED,
    Kind.CABINET_OPENED,
    Kind.CABINET_CLOSED,
    Kind.COMPARTMENT_OPENED,
    Kind.COMPARTMENT_SHUT,
    Kind.NO_OPENING,
    Kind.VISIT_STARTED,
    Kind.VISIT_ENDED,
    Kind.DELAY_STARTED,
    Kind.DELAY_ENDED,
    Kind.DELAY_EXPIRED,
    Kind.TIME_LOCK_CHANGED,
    Kind.APPROVED,
    Kind.EVIDENCE_READ,
    Kind.STATE_KEPT,
    Kind.BACKED_UP,
    Kind.LOG_WITNESSED,
    Kind.BADGE_ISSUE_ASKED,
    Kind.BADGE_NOT_ISSUED,
    Kind.BADGE_COUNTED,
    Kind.PAIRING_ASKED,
    Kind.LOOPS_ASKED,
    Kind.LOOP_LEARNED,
    Kind.SIGNED_IN,
    Kind.SIGNED_OUT,
    Kind.COMMAND_EXPIRED,
    Kind.SHIFT_HANDED_OVER,
)
"""Everything else: kept for ``log_days``."""


def terms(keeping: Keeping, at: int) -> tuple[Term, Term]:
    """What may go at this room time, by the settings of the site."""
    return (
        Term("log", _words(ORDINARY), at - keeping.log_days * DAY_MS),
        Term("alarm", _words(ALARMS), at - keeping.alarm_days * DAY_MS),
    )


def _words(kinds: Iterable[Kind]) -> frozenset[str]:
    return frozenset(kind.value for kind in kinds)
