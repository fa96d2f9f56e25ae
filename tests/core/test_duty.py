"""Outside duty hours a third, absent person approves: behaviour 33b."""

from __future__ import annotations

import pytest

from controller.core.effects import Snapshot
from controller.core.words import Reason
from tests.core.plans import OFFICE, example
from tests.core.room import Room

HOUR = 3_600


def _at_night() -> Room:
    """Ten in the evening; nobody inside."""
    room = Room(example(room={"duty": OFFICE, "duty_posts": ("duty",)}))
    room.wait(13 * HOUR)
    return room


def test_b33b_outside_duty_hours_the_pair_alone_does_not_open() -> None:
    room = _at_night()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.reason == Reason.NEEDS_DUTY_OFFICER
    assert not room.is_open()


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_b33b_the_absent_duty_officer_approves_and_it_is_an_entry_with_a_picture(when: str) -> None:
    room = _at_night()
    if when == "before":
        room.ask("approve_opening", "zhao", room="vault")
    room.tap("main.in", "B1")
    if when == "between":
        room.ask("approve_opening", "zhao", room="vault")
    room.tap("main.in", "B2")
    if when == "after":
        outcome = room.ask("approve_opening", "zhao", room="vault")
        assert any(isinstance(e, Snapshot) for e in outcome.effects)
        room.tap("main.in", "B2")
    assert room.is_open()
    assert [e["who"] for e in room.of("approved")] == [["zhao"]]


def test_b33b_only_the_post_named_may_approve() -> None:
    room = _at_night()
    room.ask("approve_opening", "chen", room="vault")
    assert room.reason is Reason.NOT_ALLOWED


def test_b33b_nobody_of_the_pair_approves_before_or_after_badging() -> None:
    room = _at_night()
    room.tap("main.in", "B4")
    room.ask("approve_opening", "zhao", room="vault")
    assert room.reason == Reason.STILL_ABSENT
    room.wait(60)
    room.ask("approve_opening", "zhao", room="vault")
    assert not room.reason
    room.tap("main.in", "B1")
    room.tap("main.in", "B4")
    assert room.reason == Reason.NEEDS_DUTY_OFFICER
    assert not room.is_open()
    room.tap("main.in", "B2")
    assert room.is_open()


def test_b33b_an_approval_lasts_its_time_and_opens_once() -> None:
    room = _at_night()
    room.ask("approve_opening", "zhao", room="vault")
    room.wait_ms(5 * 60_000)
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.reason == Reason.NEEDS_DUTY_OFFICER
    room.ask("approve_opening", "zhao", room="vault")
    room.tap("main.in", "B2")
    room.through()
    room.leave("B1", "B2")
    assert room.of("room_closed")
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.reason == Reason.NEEDS_DUTY_OFFICER


def test_b33b_in_duty_hours_nobody_needs_to_approve() -> None:
    room = Room(example(room={"duty": OFFICE}))
    room.enter("B1", "B2")
    assert room.inside


def test_b33b_a_restart_does_not_make_an_approval_longer() -> None:
    room = _at_night()
    room.ask("approve_opening", "zhao", room="vault")
    until = room.of("approved")[0]["until"]
    room.restart(off=HOUR * 1_000)
    assert room.state.room("vault").approved_until == until
