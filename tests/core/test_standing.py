"""Standing orders of the room: behaviour 33a, 33c, 33d and 33e."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from controller.core.askings import ASKINGS
from controller.core.effects import Release
from controller.core.events import Level, ReleaseDropped
from controller.core.plan import DoorPlan, RoomPlan, SitePlan
from controller.core.words import Reason
from tests.core.plans import example, passage
from tests.core.room import Room


def _unbolted() -> Room:
    """A room just left: the door is shut, the bolt still drawn."""
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    room.bolt(drawn=True)
    room.open()
    room.shut()
    return room


def test_b33a_closed_but_not_bolted_for_ten_seconds_is_an_alarm() -> None:
    room = _unbolted()
    room.wait_ms(9_999)
    assert not room.alarms
    room.wait_ms(1)
    assert room.alarms == {"not_bolted"}
    assert room.kinds[0] == "not_bolted"


def test_b33a_bolted_in_time_is_no_alarm() -> None:
    room = _unbolted()
    room.wait_ms(9_999)
    room.bolt(drawn=False)
    room.wait(60)
    assert not room.alarms


def test_b33a_a_bolt_drawn_while_nobody_was_granted_is_watched_too() -> None:
    room = Room()
    room.bolt(drawn=True)
    room.wait(10)
    assert room.alarms == {"forced", "not_bolted"}


def test_b33a_an_open_door_is_not_expected_to_be_bolted() -> None:
    room = _unbolted()
    room.wait(5)
    room.tap("main.out", "B1")
    room.open()
    room.wait(20)
    assert "not_bolted" not in room.alarms


def test_b33a_the_ten_seconds_begin_anew_after_a_restart_and_still_end() -> None:
    room = _unbolted()
    room.wait(9)
    room.restart(off=60_000)
    room.wait_ms(9_999)
    assert "not_bolted" not in room.alarms
    room.wait_ms(1)
    assert "not_bolted" in room.alarms


def _alarmed() -> Room:
    room = Room()
    room.enter("B1", "B2")
    room.enter("B3")
    room.input("north.glass", Level.ACTIVE)
    return room


def test_b33c_nobody_of_the_pair_that_opened_the_room_acknowledges_its_alarms() -> None:
    room = _alarmed()
    for opener in ("li", "wang"):
        room.ask("acknowledge", opener, alarm="intrusion", reason="nothing")
        assert room.reason is Reason.OPENED_THE_ROOM
    room.leave("B1", "B2", "B3")
    for opener in ("li", "wang"):
        room.ask("acknowledge", opener, alarm="intrusion", place="north", reason="nothing")
        assert room.reason is Reason.OPENED_THE_ROOM
    assert room.alarms == {"intrusion"}


@pytest.mark.parametrize("guard", ["chen", "zhao"])
def test_b33c_anybody_else_does_with_a_reason(guard: str) -> None:
    room = _alarmed()
    room.ask("acknowledge", guard, alarm="intrusion")
    assert room.reason == Reason.NOT_UNDERSTOOD
    room.ask("acknowledge", guard, alarm="intrusion", reason="a bird")
    assert room.reason is None
    assert not room.alarms
    assert room.of("alarm_acknowledged")[0]["note"] == "a bird"


@pytest.mark.parametrize(
    ("point", "alarm"),
    [
        ("main.contact", "tamper"),
        ("main.in.tamper", "tamper"),
        ("c1.a.contact", "tamper"),
        ("fire", "tamper"),
    ],
)
def test_b33c_every_alarm_of_the_room_its_cabinets_and_its_readers_is_covered(point: str, alarm: str) -> None:
    room = Room()
    room.enter("B1", "B2")
    room.input(point, Level.SHORT)
    room.ask("acknowledge", "li", alarm=alarm, reason="nothing")
    assert room.reason is Reason.OPENED_THE_ROOM


def test_b33c_an_alarm_stays_out_of_reach_of_its_own_pair_and_of_the_next() -> None:
    room = _alarmed()
    room.leave("B1", "B2", "B3")
    room.enter("B3", "B4")
    room.ask("acknowledge", "chen", alarm="intrusion", reason="a bird")
    assert room.reason == Reason.OPENED_THE_ROOM
    room.ask("acknowledge", "li", alarm="intrusion", reason="a bird")
    assert room.reason == Reason.OPENED_THE_ROOM


FIELDS: dict[str, Any] = {
    "room": "vault",
    "door": "main",
    "compartment": "c1.a",
    "cabinet": "c1",
    "inside": [],
    "person": "odd",
    "badge": "B3",
    "badges": ["B9"],
    "minutes": 5,
    "digest": "policy-1",
    "alarm": "tamper",
    "reason": "because",
    "visitor": "guest",
    "carrier": "K1",
    "state": "OUT",
    "holder": "li",
    "people": {"odd": {"badges": ["B9"]}},
}


@pytest.mark.parametrize("name", ASKINGS)
def test_b33d_nothing_one_person_asks_for_opens_anything(name: str) -> None:
    for build in (example, passage):
        room = Room(build())
        for second in ("", "li", "guest", "nobody"):
            outcome = room.ask(name, "li", second, **FIELDS)
            assert not any(isinstance(e, Release) for e in outcome.effects)
        room.tap("main.in", "B1")
        room.tap("main.in", "B1b")
        room.wait(10)
        assert not any(room.is_open(lock) for lock in room.plan.locks)


@pytest.mark.parametrize("name", [n for n, row in ASKINGS.items() if row.people == 2])
def test_b33d_what_takes_two_is_refused_to_one(name: str) -> None:
    room = Room()
    for second in ("", "li", "guest", "nobody"):
        room.ask(name, "li", second, **FIELDS)
        assert room.reason is Reason.NEEDS_SECOND


def test_b33d_no_plan_has_a_place_for_a_code_or_a_master_badge() -> None:
    for plan in (SitePlan, DoorPlan, RoomPlan):
        for field in fields(plan):
            assert not {"master", "code", "override", "bypass", "supervisor"} & {*field.name.split("_")}


def test_b33e_every_release_ends_and_none_comes_twice() -> None:
    room = Room()
    room.tap("main.in", "B1")
    outcome = room.tap("main.in", "B2")
    release = next(e for e in outcome.effects if isinstance(e, Release))
    assert release.until == room.now + room.plan.doors["main"].unlock_ms
    for _ in range(100):
        later = room.wait(0.1)
        assert not any(isinstance(e, Release) for e in later.effects)
    assert not room.is_open()


def test_b33e_an_unlock_that_came_too_late_is_written_down_and_not_repeated() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    outcome = room.step(ReleaseDropped(room.now + 6_000, "main", 1_000))
    assert not any(isinstance(e, Release) for e in outcome.effects)
    dropped = room.of("release_dropped")[0]
    assert (dropped["place"], dropped["late_ms"]) == ("main", 1_000)
    assert not room.is_open()
