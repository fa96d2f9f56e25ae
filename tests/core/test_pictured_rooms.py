"""A door whose grants are pictured before the bolt is released (requirement R8.3)."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import Raise, Release
from controller.core.events import DeviceLost
from controller.core.eye_events import RECORDER, PicturesTaken
from controller.core.state import DoorPhase
from controller.core.words import Reason
from tests.core.eyes import answer, asked, fail, picture
from tests.core.pictured import OPENS, granted
from tests.core.plans import example, passage, pictured
from tests.core.room import Room


def test_a_granted_pair_waits_before_a_locked_door_until_its_picture_is_on_disk() -> None:
    room = granted()
    assert room.reason is None
    assert not room.is_open()
    assert room.signal() == "wait"
    assert [shot.shot for shot in asked(room)] == [room.of("granted")[-1]["awaits_shot"]]
    answer(room)
    assert "grant_pictured" in room.kinds
    assert room.of("grant_pictured")[-1]["shot"] == room.of("granted")[-1]["awaits_shot"]
    assert room.is_open()
    assert room.signal() == "granted"
    room.through()
    assert room.inside == {"li", "wang"}
    assert not room.alarms


def test_one_picture_from_before_or_at_is_enough() -> None:
    room = granted()
    room.step(PicturesTaken(room.now, room.state.shots, "now", (picture("room", -2_000),)))
    assert room.is_open()


def test_pictures_from_after_thumbnails_and_pictures_of_something_else_open_nothing() -> None:
    room = Room(pictured())
    room.open("north")
    room.shut("north")
    granted(room)
    answer(room, shot=1)
    answer(room, "after")
    assert not room.is_open()
    thumbnail = picture("door", 0, thumbnail=True)
    room.step(PicturesTaken(room.now, room.state.shots, "now", (thumbnail,)))
    assert not room.is_open()
    assert room.of("no_entry")[-1]["reason"] == Reason.NOT_PICTURED


def test_the_time_to_open_begins_with_the_release() -> None:
    room = granted()
    room.wait(1.9)
    answer(room)
    assert room.of("grant_pictured")[-1]["until"] == room.now + 5_000


def test_at_the_limit_the_door_stays_shut() -> None:
    room = granted()
    room.wait_ms(1_999)
    assert room.state.door("main").phase is DoorPhase.AWAITING
    room.wait_ms(1)
    assert room.of("no_entry")[-1]["reason"] == Reason.NOT_PICTURED
    assert room.of("no_entry")[-1]["who"] == ["li", "wang"]
    assert room.signal() == "refused"
    answer(room)
    assert not room.is_open()
    assert room.of("pictures_taken"), "late pictures are evidence all the same"


def test_where_the_room_says_so_it_opens_at_the_limit_with_an_entry_and_an_alarm() -> None:
    room = granted(Room(pictured(room=OPENS)))
    room.wait(2)
    assert "unpictured_opening" in room.kinds
    assert "no_picture" in room.raised
    assert room.is_open()
    room.through()
    assert room.inside == {"li", "wang"}


@pytest.mark.parametrize(("more", "opens"), [({}, False), (OPENS, True)])
def test_an_answer_that_there_is_none_is_not_waited_out(more: dict[str, Any], opens: bool) -> None:
    room = granted(Room(pictured(room=more)))
    fail(room)
    assert room.is_open() is opens
    assert ("no_picture" in room.alarms) is opens


def test_a_limit_longer_than_the_recorder_is_usually_given_is_kept() -> None:
    room = granted(Room(pictured(room={"picture_ms": 10_000})))
    room.wait(9.9)
    answer(room)
    assert room.is_open()


def test_the_recorder_is_given_as_long_as_the_grant_waits_whatever_other_rooms_wait() -> None:
    for waits_ms in (1_000, 10_000):
        room = granted(Room(pictured(room={"picture_ms": waits_ms})))
        assert [one.patience_ms for one in asked(room)] == [waits_ms]
    room = Room(pictured(room={"picture_ms": 10_000}))
    room.open("main")
    assert {one.patience_ms for one in asked(room)} == {2_000}


@pytest.mark.parametrize("out", ["badge", "button"])
def test_a_way_out_never_waits_for_a_picture(out: str) -> None:
    room = granted()
    answer(room)
    room.through()
    room.step(DeviceLost(room.now, RECORDER))
    room.wait(10)
    if out == "badge":
        room.tap("main.out", "B1")
    else:
        room.rex()
    assert room.is_open()


def test_a_way_out_takes_back_the_grant_that_waits_at_the_same_door() -> None:
    room = granted()
    answer(room)
    room.through()
    room.wait(10)
    granted(room, "B3")
    shot = room.state.shots
    assert room.site.egress_is_free("main")
    room.tap("main.out", "B1")
    assert room.is_open()
    answer(room, shot=shot)
    room.through()
    assert room.inside == {"wang"}, "who was not let in is not counted"


def test_a_door_that_waits_does_not_hold_up_who_leaves_by_the_interlocked_one() -> None:
    room = granted(Room(passage(room={"pictured": True})))
    shot = room.state.shots
    room.tap("outer.out", "B3")
    assert room.is_open("outer")
    answer(room, shot=shot)
    assert not room.is_open("main"), "both would be open at once"
    assert room.of("no_entry")[-1]["reason"] == Reason.INTERLOCK


def test_a_door_that_waits_and_opens_is_forced() -> None:
    room = granted()
    shot = room.state.shots
    room.open()
    assert "forced" in room.alarms
    room.shut()
    assert not room.inside
    answer(room, shot=shot)
    assert not room.is_open()


@pytest.mark.parametrize("more", [{}, OPENS])
def test_a_crash_while_it_waits_is_locked_again_and_pending_lost(more: dict[str, Any]) -> None:
    room = granted(Room(pictured(room=more)))
    started = room.restart()
    assert room.of("pending_lost")[-1]["who"] == ["li", "wang"]
    assert not any(isinstance(effect, Release) for effect in started.effects)
    assert not room.state.room("vault").unknown
    room.wait(60)
    assert not room.is_open()
    assert not room.of("unpictured_opening")


def test_nobody_is_granted_at_a_door_that_waits_or_is_released() -> None:
    room = granted()
    shot = room.state.shots
    room.tap("main.in", "B3")
    assert room.reason is Reason.GRANT_WAITS
    answer(room, shot=shot)
    room.tap("main.in", "B3")
    assert room.reason is Reason.GRANT_WAITS


def test_a_grant_within_a_second_of_one_that_was_taken_back_has_its_own_picture() -> None:
    room = granted()
    first = room.state.shots
    room.pin("main.in", "0000")
    granted(room)
    assert room.of("granted")[-1]["awaits_shot"] > first
    answer(room, shot=first)
    assert not room.is_open()


def test_a_room_without_the_setting_opens_at_once_whatever_the_recorder_does() -> None:
    room = Room(example())
    room.step(DeviceLost(room.now, RECORDER))
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.is_open()


def test_each_opening_without_a_picture_calls_the_guard_though_the_alarm_stands() -> None:
    room = granted(Room(pictured(room=OPENS)))
    room.wait(2)
    room.wait(10)
    granted(room)
    room.wait(2)
    assert Raise("no_picture", "main") in room.outcome.effects
    assert len([e for e in room.of("alarm_raised") if e["alarm"] == "no_picture"]) == 1
