"""What the parts of a plan can mean: sides of readers, roles of inputs, modes of rooms and doors.

Rule: these are the words of site.toml; what follows from each is decided elsewhere.
"""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Where a reader hangs."""

    IN = "in"  # outside the door, for entering
    OUT = "out"  # inside the door, for leaving
    CABINET = "cabinet"
    CONFIRM = "confirm"  # inside the room, confirms who came in
    ENROLMENT = "enrolment"  # on a desk: cards are made badges there, and nothing opens


class Role(StrEnum):
    """What an input means."""

    CONTACT = "contact"
    BOLT = "bolt"
    REX = "rex"
    GLASS = "glass"
    VIBRATION = "vibration"
    MOTION = "motion"
    TAMPER = "tamper"
    FIRE = "fire"
    MAINS = "mains"
    BATTERY = "battery"  # active is low
    POWER = "power"  # the supply of a device; active is lost


class Mode(StrEnum):
    """How a room treats one person inside (behaviour 16)."""

    INTEGRITY = "integrity"
    NO_LONE_ZONE = "no_lone_zone"


class Passback(StrEnum):
    """What happens to a badge that comes in twice (behaviour 21)."""

    OFF = "off"
    SOFT = "soft"
    HARD = "hard"
    TIMED = "timed"
