"""Badges that come in twice, and people who go out without one: behaviour 21 and 22."""

from __future__ import annotations

import pytest

from controller.core.events import Level
from controller.core.plan import Passback
from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room


def _room(mode: Passback, millis: int = 600_000) -> Room:
    """Three inside; one of them badges outside again."""
    room = Room(example(door={"passback": mode, "passback_ms": millis}))
    room.enter("B1", "B2")
    room.enter("B3")
    return room


def test_b21_hard_a_badge_that_came_in_does_not_come_in_again() -> None:
    room = _room(Passback.HARD)
    for badge in ("B1", "B1b"):
        room.tap("main.in", badge)
        assert room.reason is Reason.ALREADY_INSIDE
    assert not room.is_open()
    room.wait(86_400)
    room.tap("main.in", "B1")
    assert room.reason is Reason.ALREADY_INSIDE


def test_b21_hard_after_leaving_by_badge_it_comes_in_again() -> None:
    room = _room(Passback.HARD)
    room.leave("B1")
    room.tap("main.in", "B1")
    assert room.is_open()


def test_b21_soft_it_comes_in_again_and_is_written_down() -> None:
    room = _room(Passback.SOFT)
    room.tap("main.in", "B1")
    assert room.is_open()
    assert [e["who"] for e in room.of("passback")] == [["li"]]


def test_b21_off_nothing_is_written_down() -> None:
    room = _room(Passback.OFF)
    room.tap("main.in", "B1")
    assert room.is_open()
    assert not room.of("passback")


@pytest.mark.parametrize("millis", [1_000, 600_000])
def test_b21_timed_it_comes_in_again_after_its_time_and_not_before(millis: int) -> None:
    room = _room(Passback.TIMED, millis)
    came = room.of("entered")[-1]["at"]
    room.wait_ms(max(0, came + millis - 1 - room.now))
    if millis > 3_000:
        room.tap("main.in", "B3")
        assert room.reason is Reason.ALREADY_INSIDE
    room.wait_ms(max(0, came + millis - room.now))
    room.tap("main.in", "B3")
    assert room.is_open()
    assert room.of("passback")


def test_b21_a_passback_is_forgiven_once_by_a_named_person_with_a_reason() -> None:
    room = _room(Passback.HARD)
    room.ask("forgive_passback", "zhao", person="li")
    assert room.reason == Reason.NOT_UNDERSTOOD
    room.ask("forgive_passback", "li", person="li", reason="tailgated out")
    assert room.reason == Reason.ONESELF
    room.ask("forgive_passback", "guest", person="li", reason="tailgated out")
    assert room.reason == Reason.NOT_ALLOWED
    room.ask("forgive_passback", "zhao", person="li", reason="tailgated out")
    forgiven = room.of("passback_forgiven")[0]
    assert (forgiven["who"], forgiven["person"], forgiven["note"]) == (["zhao"], "li", "tailgated out")
    room.enter("B1")
    assert room.of("granted")[-1]["who"] == ["li"]
    room.tap("main.in", "B1")
    assert room.reason == Reason.ALREADY_INSIDE


def test_b21_forgiveness_survives_a_restart_and_is_still_for_once() -> None:
    room = _room(Passback.HARD)
    room.ask("forgive_passback", "zhao", person="li", reason="tailgated out")
    room.restart()
    room.enter("B1")
    room.tap("main.in", "B1")
    assert room.reason is Reason.ALREADY_INSIDE


def test_b21_forgiving_one_does_not_forgive_another() -> None:
    room = _room(Passback.HARD)
    room.ask("forgive_passback", "zhao", person="li", reason="tailgated out")
    room.tap("main.in", "B2")
    assert room.reason is Reason.ALREADY_INSIDE


def test_b21_the_same_badge_never_makes_the_room_fuller() -> None:
    room = _room(Passback.SOFT)
    room.enter("B1")
    assert room.of("entered")[-1]["occupancy"] == 3


def test_b22_who_leaves_by_the_button_is_unknown_and_the_count_uncertain_not_smaller() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.rex()
    assert room.is_open()
    room.through()
    assert [e["place"] for e in room.of("unknown_exit")] == ["vault"]
    assert room.inside == {"li", "wang"}
    assert room.state.room("vault").unknown
    assert "occupancy_unknown" in room.alarms


def test_b22_a_button_nobody_follows_changes_no_count() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.rex()
    room.wait(10)
    assert not room.of("unknown_exit")
    assert not room.state.room("vault").unknown


@pytest.mark.parametrize("badge_first", [True, False])
def test_b22_the_button_beside_an_exit_badge_is_the_same_person(badge_first: bool) -> None:
    room = Room()
    room.enter("B1", "B2")
    room.enter("B3")
    if badge_first:
        room.tap("main.out", "B1")
    room.rex()
    if not badge_first:
        room.tap("main.out", "B1")
    room.through()
    assert room.inside == {"wang", "chen"}
    assert not room.state.room("vault").unknown


def test_b22_the_button_within_the_window_of_an_exit_badge_is_the_same_person() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.enter("B3")
    room.tap("main.out", "B1")
    room.wait(8)
    room.rex()
    room.through()
    assert room.inside == {"wang", "chen"}
    assert not room.state.room("vault").unknown


def test_b22_a_strangers_badge_at_the_inner_reader_opens_and_is_an_unknown_exit() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.tap("main.out", "nobody")
    assert room.is_open()
    room.through()
    assert room.of("unknown_exit")
    assert room.state.room("vault").unknown


def test_b22_the_handle_with_the_button_pressed_is_no_forced_door() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.input("main.rex", Level.ACTIVE)
    room.wait(6)
    room.open()
    room.shut()
    assert "forced" not in room.alarms
    assert room.state.room("vault").unknown


def test_b22_the_button_in_an_empty_room_opens_and_calls_the_guard() -> None:
    room = Room()
    room.rex()
    assert room.is_open()
    assert "intrusion" in room.alarms
