"""How loud an Entry is: quiet (shown on request), notice (shown), alarm (shown, and called out).

Rule: every kind is of one level, and a test asks for each; a fact that raises an alarm is a notice, its
``alarm_raised`` beside it is the alarm, so that one forced door is not two alarms on the screen.
"""

from __future__ import annotations

from enum import StrEnum

from controller.core.words import Kind


class Level(StrEnum):
    """How loud an Entry is."""

    QUIET = "quiet"
    NOTICE = "notice"
    ALARM = "alarm"


ALARMS = frozenset(
    {Kind.ALARM_RAISED, Kind.ALARM_ESCALATED, Kind.DURESS, Kind.FIRE, Kind.LOCKDOWN, Kind.LOG_CONFLICT}
)
QUIET = frozenset(
    {
        *(Kind.CLOCK_TRIMMED, Kind.SHUT, Kind.BOLT_DRAWN, Kind.BOLT_THROWN, Kind.OPENED, Kind.CONFIRMED),
        *(Kind.INPUT, Kind.WINDOW_SHUT, Kind.DEVICE_QUIET, Kind.SNAPSHOT, Kind.PICTURES_TAKEN),
        *(Kind.COMPARTMENT_ASKED, Kind.COMPARTMENT_SHUT, Kind.COMPARTMENT_OPENED, Kind.CARRIER_SEEN),
        *(Kind.EXIT_WAITING, Kind.NO_ENTRY, Kind.NO_EXIT, Kind.NO_OPENING, Kind.GRANTED),
        *(Kind.DELAY_STARTED, Kind.DELAY_ENDED, Kind.DELAY_EXPIRED, Kind.STATE_KEPT, Kind.LOG_KEY),
        *(Kind.BACKED_UP, Kind.DISK_ENOUGH, Kind.LOG_WITNESSED, Kind.GRANT_PICTURED, Kind.BADGE_COUNTED),
        *(Kind.LOOPS_ASKED, Kind.LOOP_LEARNED, Kind.EVIDENCE_READ, Kind.PRUNED, Kind.PICTURES_DELETED),
        *(Kind.SIGNED_IN, Kind.SIGNED_OUT),
    }
)


def level(kind: str) -> Level:
    """Level of a kind by its stored word; one of another version is a notice."""
    if kind in ALARMS:
        return Level.ALARM
    return Level.QUIET if kind in QUIET else Level.NOTICE
