"""What was commanded and what is observed: behaviour 27, 33a and 33e."""

from __future__ import annotations

import pytest

from controller.core.effects import Release, Secure
from controller.core.events import Level, ReleaseDropped, TimePassed
from controller.core.state import DoorPhase
from tests.core.plans import passage, witnessed
from tests.core.room import Room


def _granted(room: Room | None = None) -> Room:
    """A pair has just been granted; the clock stands at the grant."""
    room = room or Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.is_open()
    return room


@pytest.mark.parametrize("moves", ["contact", "bolt", "nothing"])
def test_b27_a_grant_without_a_change_of_contact_or_bolt_is_unconfirmed(moves: str) -> None:
    room = _granted()
    if moves == "contact":
        room.open()
    elif moves == "bolt":
        room.bolt(drawn=True)
        room.bolt(drawn=False)
    room.wait(5)
    assert ("actuation_unconfirmed" in room.alarms) is (moves == "nothing")


def test_b27_what_moved_before_the_grant_confirms_nothing() -> None:
    room = Room()
    room.bolt(drawn=True)
    room.bolt(drawn=False)
    _granted(room).wait(5)
    assert "actuation_unconfirmed" in room.alarms


def test_b27_a_further_grant_does_not_undo_that_the_bolt_was_seen_to_move() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.tap("main.out", "B1")
    room.bolt(drawn=True)
    room.wait(1)
    room.tap("main.out", "B2")
    room.wait(5)
    assert "actuation_unconfirmed" not in room.alarms


def test_b27_commanded_and_observed_are_two_things() -> None:
    room = _granted()
    assert room.state.door("main").phase is DoorPhase.RELEASED
    assert room.state.level("main.bolt") is Level.NORMAL
    room.bolt(drawn=True)
    assert room.state.door("main").phase is DoorPhase.RELEASED
    assert room.state.level("main.bolt") is Level.ACTIVE


def test_b33a_every_way_a_door_comes_to_rest_is_watched_for_its_bolt() -> None:
    for way in ("forced", "unused", "outer"):
        room = Room(passage())
        door = "outer" if way == "outer" else "main"
        if way == "unused":
            _granted(room)
        room.bolt(door, drawn=True)
        if way == "forced":
            room.open()
            room.shut()
        room.wait_ms(15_000)
        assert "not_bolted" in room.alarms, way


def test_b33e_what_a_frozen_process_finds_past_is_secured_after_every_release() -> None:
    room = Room(passage())
    room.enter("B1", "B2")
    room.tap("outer.in", "B3")
    room.open("outer")
    room.tap("main.out", "B1")
    room.step(TimePassed(room.now + 600_000))
    locks = [e for e in room.outcome.effects if isinstance(e, Release | Secure)]
    main = [e for e in locks if e.lock == "main"]
    assert isinstance(main[0], Release)
    assert main[-1] == Secure("main")
    assert not room.is_open()


def test_b33e_a_dropped_release_leaves_the_door_locked_and_is_noticed() -> None:
    room = _granted()
    room.bolts.clear()  # the board drops what came too late
    room.site.step(ReleaseDropped(room.now, "main", 1))
    room.site.step(TimePassed(room.now + 5_000))
    assert room.state.door("main").phase is DoorPhase.LOCKED
    assert "actuation_unconfirmed" in room.alarms


def test_b25_a_bolt_drawn_without_a_grant_is_forced_at_once_though_the_contact_says_shut() -> None:
    room = Room()
    room.wait(60)
    room.bolt(drawn=True)
    assert room.kinds[0] == "bolt_drawn"
    assert room.raised == ["forced"]
    room.wait(3)
    room.bolt(drawn=False)
    room.restart()
    assert room.alarms == {"forced"}


def test_b25_a_bolt_drawn_while_a_grant_waits_for_its_log_witness_is_forced() -> None:
    room = _granted_but_bolted()
    room.bolt(drawn=True)
    assert room.raised == ["forced"]


def _granted_but_bolted() -> Room:
    room = Room(witnessed())
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert not room.is_open()
    return room


@pytest.mark.parametrize("way", ["granted", "just shut", "just ended", "pressed", "out", "fire", "start"])
def test_b25_a_bolt_that_has_a_reason_to_move_is_not_forced(way: str) -> None:
    room = Room()
    if way in {"granted", "just shut", "just ended"}:
        _granted(room)
    if way == "just shut":
        room.through()
    elif way == "just ended":
        room.bolt(drawn=True)
        room.bolt(drawn=False)
        room.wait_ms(5_001)
    elif way == "pressed":
        room.input("main.rex", Level.ACTIVE)
    elif way == "out":
        room.tap("main.out", "nobody")
    elif way == "fire":
        room.input("fire", Level.ACTIVE)
    elif way == "start":
        room.restart(settle=False)
    room.bolt(drawn=True)
    assert "forced" not in room.alarms
    room.wait(1)
    room.bolt(drawn=False)
    assert "forced" not in room.alarms


def test_b25_the_time_in_which_a_bolt_may_still_move_ends() -> None:
    for late, forced in ((9_999, False), (10_000, True)):
        room = _granted()
        room.through()
        shut = room.of("shut")[-1]["at"]
        room.wait_ms(shut + late - room.now)
        room.bolt(drawn=True)
        assert ("forced" in room.alarms) is forced
