"""The words of a drill file, in tables: what can be done, with which fields, and what can be expected.

Rule: a word that does not stand here is a fault that lists those that do (drills.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controller.core.askings import ASKINGS
from controller.core.carriers import STATES
from controller.core.effects import Signal
from controller.core.events import CONDITIONS
from controller.core.unseen import Unseen
from controller.core.words import AlarmKind, Kind, Reason
from controller.drill_names import Names
from controller.drill_times import amount
from controller.drill_values import any_table, code, either, number, one_of, people, text, truth
from controller.site_values import Value

LEVELS = ("normal", "active", "cut", "short")
DEVICE_IS = ("lost", "back", "noisy")
WITNESS_IS = ("cosigns", "silent")
SIGHTS = ("occupied", "empty")  # how the room looks that a camera watches
CAMERA_IS = (*CONDITIONS, *SIGHTS)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a word: what it may hold, and whether it may be left out."""

    value: Value
    optional: bool = False


Words = Mapping[str, Mapping[str, Field]]


def _may(value: Value) -> Field:
    return Field(value, optional=True)


def deeds(names: Names) -> Words:
    """Every ``do`` word with its fields, for the names of one site and its people."""
    moves = one_of("thing that opens", names.openings)
    return {
        "tap": {"reader": Field(one_of("reader", names.readers)), "badge": Field(text())},
        "pin": {"reader": Field(one_of("reader", names.readers)), "digits": Field(code())},
        "open": {"what": Field(moves)},
        "shut": {"what": Field(moves)},
        "bolt": {
            "what": Field(one_of("thing with a bolt sense", names.bolts)),
            "is": Field(one_of("state of a bolt", ("thrown", "drawn"))),
        },
        "rex": {"door": Field(one_of("door with a request to exit", names.exits))},
        "input": {"name": Field(one_of("input", names.inputs)), "is": Field(one_of("level", LEVELS))},
        **{
            word: {"where": Field(one_of(f"place with a {word} sensor", names.with_sensor(word)))}
            for word in ("motion", "glass", "vibration", "tamper")
        },
        "fire": {"is": Field(one_of("state of the fire input", ("on", "off") if names.fire else ()))},
        "power": {"is": Field(one_of("state of the mains", ("lost", "back") if names.mains else ()))},
        "crash": {},
        "clock": {"by": Field(amount())},
        "device": {
            "name": Field(one_of("device", names.devices)),
            "is": Field(one_of("state of a device", DEVICE_IS)),
        },
        "camera": {
            "name": Field(one_of("camera", names.cameras)),
            "is": Field(one_of("state of a camera", CAMERA_IS)),
        },
        "ask": {
            "as": Field(one_of("person", names.people)),
            "what": Field(one_of("Asking", ASKINGS)),
            "with": _may(any_table()),
            "and": _may(one_of("person", names.people)),
        },
        **{
            word: {"carrier": Field(text()), "at": Field(one_of("compartment", names.compartments))}
            for word in ("put", "take")
        },
        "witness": {
            "name": Field(one_of("log witness", names.log_witnesses)),
            "is": Field(one_of("state of a log witness", WITNESS_IS)),
        },
        "wait": {},
    }


def expectations(names: Names) -> Words:
    """Every expectation with its fields, its own word first, for the names of one site and its people."""
    kind, alarm = one_of("kind of Entry", list(Kind)), one_of("kind of alarm", list(AlarmKind))
    place = _may(text())
    which = {
        "reason": _may(one_of("reason", [*Reason, *Unseen])),
        "who": _may(people(names.people)),
        "place": place,
    }
    return {
        "lock": {
            "lock": Field(one_of("lock", names.locks)),
            "is": Field(one_of("state of a lock", ("locked", "unlocked"))),
        },
        "signal": {
            "signal": Field(one_of("reader", names.readers)),
            "is": Field(one_of("signal", list(Signal))),
        },
        "occupancy": {
            "occupancy": Field(either("unknown", number())),
            "room": Field(one_of("room", names.rooms), optional=names.rooms is None or len(names.rooms) < 2),
        },
        "entry": {"entry": Field(kind), **which, "count": _may(number())},
        "no_entry": {"no_entry": Field(kind), **which},
        "alarm": {"alarm": Field(alarm), "place": place},
        "no_alarm": {"no_alarm": Field(truth(alarm)), "place": place},
        "carrier": {
            "carrier": Field(text()),
            "is": Field(one_of("state of a carrier", STATES, upper=True)),
            "holder": _may(one_of("person", names.people)),
            "at": _may(one_of("compartment", names.compartments)),
        },
        "refused": {"refused": Field(truth(one_of("reason", list(Reason))))},
        "accepted": {"accepted": Field(truth())},
        "egress": {
            "egress": Field(one_of("door", names.doors)),
            "is": Field(one_of("state of a way out", ("free",))),
        },
    }


ANSWERED = frozenset({"tap", "pin", "ask"})  # deeds that are answered, for ``refused`` and ``accepted``
