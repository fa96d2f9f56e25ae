"""Behaviour 55: the daily closing is filled in from the sensors, takes two, and is missed in the morning."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from controller.core.console_roles import Via
from controller.core.events import Asking, CameraSeen, ClockJumped, DeviceLost, Level
from controller.core.fold import replay
from controller.core.plan import SitePlan
from controller.core.words import Reason
from controller.view import view
from tests.core.desk import Desk
from tests.core.plans import START, example
from tests.core.room import Room

HOUR = 3_600
TO_NINE_NEXT = 24 * HOUR


def closed(desk: Room, by: str = "sun", second: str = "qian", /, **given: Any) -> Any:
    """Ask for a closing; why it was refused."""
    desk.ask("close_day", by, second, **({"room": "vault"} | given))
    return desk.reason


def used(plan: SitePlan | None = None) -> Desk:
    """Two people were inside and left again."""
    room = Desk(plan)
    room.enter("B1", "B2")
    room.leave("B1", "B2")
    return room


def noted(room: Room) -> dict[str, str]:
    """A note on everything that is not in order."""
    return dict.fromkeys(view(room.site)["rooms"]["vault"]["closing"]["findings"], "seen")


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


def test_b55_by_the_next_morning_it_is_missing_once() -> None:
    room = used()
    room.wait(TO_NINE_NEXT - HOUR - 60)
    assert "closing_missing" not in room.alarms
    room.wait(60)
    assert "closing_missing" in room.alarms
    (written,) = room.of("closing_missing")
    assert (written["place"], written["due"]) == ("vault", START + (TO_NINE_NEXT - HOUR) * 1000)
    assert written["at"] + START == written["due"]
    room.wait(3 * 24 * HOUR)
    assert len(room.of("closing_missing")) == 1


def test_b55_a_day_that_was_closed_is_not_missing() -> None:
    room = used()
    closed(room)
    room.wait(3 * 24 * HOUR)
    assert not room.of("closing_missing")


def test_b55_a_day_on_which_nobody_opened_the_room_needs_no_closing() -> None:
    room = Desk()
    room.wait(3 * 24 * HOUR)
    assert not room.of("closing_missing")


def test_b55_every_day_on_which_it_is_opened_needs_its_closing() -> None:
    room = used()
    room.wait(20 * HOUR)  # five in the morning: yesterday's is not due yet, and today's is due tomorrow
    room.enter("B1", "B2")
    room.leave("B1", "B2")
    room.wait(2 * 24 * HOUR)
    assert [e["due"] - START for e in room.of("closing_missing")] == [82_800_000, 82_800_000 + 86_400_000]


def test_b55_a_room_that_is_never_left_is_missing_every_morning() -> None:
    room = Desk()
    room.enter("B1", "B2")
    room.wait(3 * 24 * HOUR)
    assert len(room.of("closing_missing")) == 3


def test_b55_a_closing_of_an_occupied_room_needs_another_by_the_next_morning() -> None:
    room = Desk()
    room.enter("B1", "B2")
    assert closed(room, notes=noted(room)) is None
    room.wait(24 * HOUR)
    assert len(room.of("closing_missing")) == 1


def test_b55_until_when_it_is_due_is_the_rooms() -> None:
    room = used(example(room={"closing_due": time(4, 30)}))
    room.wait(19.5 * HOUR)
    assert room.of("closing_missing")[0]["due"] == START + round(19.5 * HOUR) * 1000


def test_b55_a_late_closing_settles_the_alarm() -> None:
    room = used()
    room.wait(24 * HOUR)
    assert closed(room) is None
    assert "closing_missing" not in room.alarms
    (written,) = room.of("day_closed")
    assert (written["late"], written["due"]) == (True, START + (TO_NINE_NEXT - HOUR) * 1000)
    assert room.of("alarm_acknowledged")[-1]["who"] == ["sun", "qian"]


def test_b33c_a_late_closing_by_who_opened_the_room_leaves_the_alarm_to_others() -> None:
    room = used()
    room.wait(24 * HOUR)
    assert closed(room, "li", "sun") is None
    assert "closing_missing" in room.alarms
    told = {one["alarm"]: one["cause_stands"] for one in view(room.site)["alarms"]}
    assert told == {"closing_missing": False}
    room.says("acknowledge", "qian", alarm="closing_missing", reason="closed late", outcome="true")
    assert room.why() is None


def test_b55_its_cause_stands_until_it_is_closed() -> None:
    room = used()
    room.wait(24 * HOUR)
    room.says("acknowledge", "qian", alarm="closing_missing", reason="later", outcome="true")
    assert room.why() is Reason.CAUSE_STANDS


def test_b55_it_is_missing_after_a_restart_as_well() -> None:
    room = used()
    room.wait(HOUR)
    room.restart()
    room.wait(24 * HOUR)
    room.restart()
    room.wait(24 * HOUR)
    assert len(room.of("closing_missing")) == 1
    replayed = replay(json.loads(json.dumps(room.entries)))
    assert replayed.closings == room.state.closings


def test_b55_an_accepted_clock_moves_the_morning() -> None:
    room = used()
    room.step(ClockJumped(room.now, 2 * HOUR * 1000))
    room.ask("accept_clock", "zhou", "wu")
    assert room.reason is None
    room.wait(21 * HOUR)
    assert len(room.of("closing_missing")) == 1


def test_b55_a_clock_that_was_a_month_ahead_and_is_set_back_puts_no_closing_off() -> None:
    room, month = Desk(), 30 * 24 * HOUR
    for ahead in (month, -month):
        room.step(ClockJumped(room.now, ahead * 1000))
        room.ask("accept_clock", "zhou", "wu")
        assert room.reason is None
        if ahead > 0:
            room.enter("B1", "B2")
    room.wait(2 * 24 * HOUR)
    assert len(room.of("closing_missing")) == 2
    assert replay(json.loads(json.dumps(room.entries))).closings == room.state.closings


def test_b55_a_room_that_is_no_longer_of_the_site_is_waited_for_no_more() -> None:
    room = used()
    other = {"attic": replace(room.plan.rooms["vault"], name="attic")}
    doors = {"main": replace(room.plan.doors["main"], room="attic")}
    room.site.plan = room.plan = replace(room.plan, rooms=other, doors=doors)
    room.step(Asking(room.now + 48 * HOUR * 1000, "close_day", "sun", "qian", {"room": "vault"}))
    assert room.reason is Reason.NOT_UNDERSTOOD
    assert not room.of("closing_missing")


def test_what_the_view_tells_of_a_closing() -> None:
    room = used()
    told = view(room.site)["rooms"]["vault"]["closing"]
    assert (told["due"], told["missed"], told["closed_at"]) == (
        START + (TO_NINE_NEXT - HOUR) * 1000,
        None,
        None,
    )
    assert told["sensors"]["doors"] == {"main": "bolted"}
    at = room.now
    closed(room)
    told = view(room.site)["rooms"]["vault"]["closing"]
    assert (told["due"], told["closed_at"], told["closed_by"]) == (None, START + at, ["sun", "qian"])
