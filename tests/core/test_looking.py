"""A camera that watches a room is an advisory witness of its Occupancy: a look, never a decision."""

from __future__ import annotations

import pytest

from controller.core.events import DeviceLost, Level, RoomSeen
from controller.core.eye_events import RECORDER
from controller.core.eye_plan import CameraPlan
from controller.core.plan import SitePlan
from tests.core.eyes import camera
from tests.core.plans import example
from tests.core.room import Room


def watched() -> SitePlan:
    return example(views={"room": CameraPlan("room", watches="vault")}, look_ms=60_000)


def look(room: Room, *, occupied: bool, by: str = "room") -> None:
    room.step(RoomSeen(room.now, by, occupied))


def inside() -> Room:
    room = Room(watched())
    room.enter("B1", "B2")
    return room


def test_somebody_in_a_room_where_nobody_is_registered_is_looked_at_to_the_millisecond() -> None:
    room = Room(watched())
    look(room, occupied=True)
    room.wait_ms(59_999)
    assert not room.of("people_differ")
    room.wait_ms(1)
    told = room.of("people_differ")[-1]
    assert (told["place"], told["camera"]) == ("vault", "room")
    assert (told["seen"], told["registered"]) == ("occupied", 0)
    assert room.raised == ["look"]
    assert not room.state.room("vault").unknown, "a picture loses no count"


def test_nobody_in_a_room_where_two_are_registered_is_looked_at() -> None:
    room = inside()
    look(room, occupied=False)
    room.wait(60)
    told = room.of("people_differ")[-1]
    assert (told["seen"], told["registered"]) == ("empty", 2)
    assert room.inside == {"li", "wang"}


def test_it_is_told_once_until_they_agreed_again() -> None:
    room = Room(watched())
    look(room, occupied=True)
    room.wait(3_600)
    look(room, occupied=True)
    room.wait(3_600)
    assert len(room.of("people_differ")) == 1
    look(room, occupied=False)
    look(room, occupied=True)
    room.wait(60)
    assert len(room.of("people_differ")) == 2


def test_a_short_difference_is_none() -> None:
    room = Room(watched())
    for _ in range(5):
        look(room, occupied=True)
        room.wait(59)
        look(room, occupied=False)
        room.wait(1)
    assert not room.of("people_differ")


def test_while_a_door_is_not_bolted_nothing_is_compared() -> None:
    room = Room(watched())
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    look(room, occupied=True)
    room.open()
    room.wait(300)
    assert not room.of("people_differ")


def test_while_nobody_knows_who_is_inside_nothing_is_compared() -> None:
    room = inside()
    room.input("main.contact", Level.CUT)
    room.input("main.contact", Level.NORMAL)
    assert room.state.room("vault").unknown
    look(room, occupied=False)
    room.wait(300)
    assert not room.of("people_differ")


@pytest.mark.parametrize("doubt", ["covered", "lost", "recorder"])
def test_a_camera_that_cannot_be_believed_is_not_compared(doubt: str) -> None:
    room = Room(watched())
    look(room, occupied=True)
    if doubt == "recorder":
        room.step(DeviceLost(room.now, RECORDER))
    else:
        camera(room, "room", doubt)
    room.wait(300)
    assert not room.of("people_differ")


def test_after_a_doubt_the_time_in_which_they_differ_begins_anew() -> None:
    room = Room(watched())
    look(room, occupied=True)
    room.wait(59)
    camera(room, "room", "covered")
    camera(room, "room", "back")
    room.wait(59)
    assert not room.of("people_differ")
    room.wait(1)
    assert room.of("people_differ")


@pytest.mark.parametrize("by", ["door", "stranger", ""])
def test_a_camera_that_watches_no_room_is_not_believed(by: str) -> None:
    room = Room(watched())
    look(room, occupied=True, by=by)
    room.wait(300)
    assert not room.of("people_differ")


def test_a_restart_forgets_how_the_room_looked() -> None:
    room = Room(watched())
    look(room, occupied=True)
    room.wait(59)
    room.restart()
    room.wait(300)
    assert not room.of("people_differ")
