"""Grants at a door that stands open, and rights that end while nothing happens: behaviour 1, 14 and 28."""

from __future__ import annotations

from controller.core.plan import DoorPlan, Together
from controller.core.words import Reason
from tests.core.plans import example, passage
from tests.core.room import Room


def test_b01_a_pair_granted_at_an_open_door_begins_a_session() -> None:
    room = Room()
    room.rex()
    room.open()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.of("granted")[-1]["who"] == ["li", "wang"]
    assert not room.is_open()
    assert room.of("room_opened")[0]["who"] == ["li", "wang"]
    room.shut()
    assert room.inside == {"li", "wang"}
    room.ask("acknowledge", "li", alarm="intrusion", reason="it was me")
    assert room.reason is Reason.OPENED_THE_ROOM


def test_b01_a_second_pair_at_the_open_door_joins_the_session_of_the_first() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    room.open()
    room.tap("main.in", "B3")
    room.tap("main.in", "B4")
    room.shut()
    assert room.inside == {"li", "wang", "chen", "zhao"}
    assert len(room.of("room_opened")) == 1
    assert len(room.of("entered")) == 1


def test_b01_a_grant_at_an_open_door_draws_no_bolt() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    room.open()
    room.wait(40)
    room.tap("main.in", "B3")
    room.tap("main.in", "B4")
    assert not room.is_open()


def test_b05_a_plan_that_asks_for_one_person_still_takes_two_into_a_room() -> None:
    room = Room(example(together={"people": 1}))
    room.tap("main.in", "B1")
    assert not room.is_open()
    room.tap("main.in", "B2")
    assert room.is_open()


def test_b01_a_door_that_leads_into_no_room_opens_for_one() -> None:
    plan = passage()
    assert plan.doors["outer"] == DoorPlan("outer", together=Together(people=1), interlock=("main",))
    room = Room(plan)
    room.tap("outer.in", "B1")
    assert room.is_open("outer")
    room.wait(10)
    room.tap("outer.in", "V1")
    assert not room.is_open("outer")


def test_b28_an_override_ends_after_its_minute_though_nothing_happens_in_between() -> None:
    for millis, opens in ((59_999, True), (60_000, False)):
        room = Room(passage())
        room.enter("B1", "B2")
        room.tap("outer.in", "B3")
        room.open("outer")
        room.ask("override_interlock", "li", "wang", door="main", reason="a patient on a stretcher")
        room.now += millis
        room.tap("main.in", "B4")
        assert room.is_open("main") is opens
