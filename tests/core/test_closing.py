"""Behaviour 55: the daily closing is filled in from the sensors, and takes two."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.console_roles import Via
from controller.core.events import Asking, CameraSeen, DeviceLost, Level
from controller.core.words import Reason
from tests.core.closings import HOUR, closed, noted, used
from tests.core.desk import Desk


def test_b55_a_closing_holds_what_the_sensors_say_and_who_signed() -> None:
    room = used()
    assert closed(room, note="all quiet") is None
    (written,) = room.of("day_closed")
    assert written["who"] == ["sun", "qian"]
    assert written["doors"] == {"main": "bolted"}
    assert written["windows"] == {"north": "shut"}
    assert written["compartments"] == dict.fromkeys(("c1.a", "c1.b", "c1.c", "c1.d"), "shut")
    assert written["cameras"] == {"door": "back", "room": "back"}
    assert (written["inside"], written["visitors"], written["counted"], written["armed"]) == (
        0,
        0,
        True,
        True,
    )
    assert (written["findings"], written["note"], written["late"]) == ([], "all quiet", False)


def test_b55_the_sensors_fill_it_in_and_not_who_asks() -> None:
    room = used()
    room.input("north.contact", Level.ACTIVE)
    closed(room, notes=noted(room), doors={"main": "open"}, windows={"north": "shut"}, inside=7)
    (written,) = room.of("day_closed")
    assert (written["windows"], written["doors"], written["inside"]) == (
        {"north": "open"},
        {"main": "bolted"},
        0,
    )


WRONG: dict[str, Any] = {
    "door_open main": lambda room: room.open(),
    "door_unbolted main": lambda room: room.bolt(drawn=True),
    "door_unknown main": lambda room: room.input("main.bolt", Level.CUT),
    "window_open north": lambda room: room.open("north"),
    "compartment_open c1.a": lambda room: room.open("c1.a"),
    "compartment_unknown c1.a": lambda room: room.input("c1.a.contact", Level.SHORT),
    "camera_covered door": lambda room: room.step(CameraSeen(room.now, "door", "covered")),
    "sensor_active vault.motion": lambda room: room.input("vault.motion", Level.ACTIVE),
    "sensor_broken north.glass": lambda room: room.input("north.glass", Level.CUT),
    "device_lost main.in": lambda room: room.step(DeviceLost(room.now, "main.in", "silent")),
    "occupied vault": lambda room: room.enter("B1", "B2"),
    "not_counted vault": lambda room: room.rex() and room.through(),
    "alarm forced@main": lambda room: room.open(),
}


@pytest.mark.parametrize("finding", WRONG)
def test_b55_what_is_not_in_order_needs_a_note_each(finding: str) -> None:
    room = used()
    room.wait(HOUR)
    WRONG[finding](room)
    notes = noted(room)
    assert finding in notes
    assert closed(room) is Reason.NOTE_MISSING
    assert closed(room, notes={key: "seen" for key in notes if key != finding}) is Reason.NOTE_MISSING
    assert closed(room, notes=notes | {finding: " "}) is Reason.NOT_UNDERSTOOD
    assert not room.of("day_closed")
    assert closed(room, notes=notes) is None
    assert {"finding": finding, "note": "seen"} in room.of("day_closed")[0]["findings"]


def test_a_finding_that_is_over_when_the_second_signs_is_kept_with_its_note() -> None:
    room = used()
    assert closed(room, notes={"window_open north": "shut by li"}) is None
    assert room.of("day_closed")[0]["findings"] == [
        {"finding": "window_open north", "note": "shut by li", "over": True}
    ]


def test_b35_of_duress_a_closing_says_nothing() -> None:
    room = Desk()
    room.tap("main.in", "B1")
    room.pin("main.in", "4822")
    assert "duress" in room.alarms
    assert not any("duress" in one for one in noted(room))


@pytest.mark.parametrize(
    ("by", "second", "reason"),
    [
        ("sun", "sun", Reason.NEEDS_SECOND),
        ("sun", "", Reason.NEEDS_SECOND),
        ("sun", "guest", Reason.NEEDS_SECOND),
        ("nobody", "sun", Reason.NOT_ALLOWED),
    ],
)
def test_b55_it_takes_two_people(by: str, second: str, reason: Reason) -> None:
    room = used()
    assert closed(room, by, second) is reason
    assert not room.of("day_closed")


def test_at_the_console_a_closing_is_signed() -> None:
    room = used()
    room.step(Asking(room.now, "close_day", "sun", "qian", {"room": "vault"}, via=Via.SESSION))
    assert room.reason is Reason.NEEDS_SIGNATURE


@pytest.mark.parametrize(
    "fields",
    [
        {"room": "attic"},
        {"room": 7},
        {"notes": "none"},
        {"notes": {"door_open main": 7}},
        {"notes": {"door_open main": "x" * 201}},
        {"notes": {"x" * 201: "x"}},
        {"notes": {f"{n}": "x" for n in range(1_001)}},
        {"note": "x" * 201},
        {"note": None},
    ],
)
def test_what_is_no_closing_is_not_understood(fields: dict[str, Any]) -> None:
    assert closed(used(), **fields) is Reason.NOT_UNDERSTOOD
