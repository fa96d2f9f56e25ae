"""Vault mode: a delay, then a window in which both are needed; behaviour 37."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.events import ClockJumped, TimePassed
from controller.core.plan import MINUTE
from controller.core.words import Reason
from tests.core.plans import example, passage
from tests.core.room import Room

DELAY, WINDOW = 10 * MINUTE, 5 * MINUTE
VAULT = {"delay_ms": DELAY, "delay_window_ms": WINDOW}


def _started(**more: Any) -> Room:
    """One entitled person has just started the delay."""
    room = Room(example(door=VAULT | more))
    room.tap("main.in", "B1")
    assert room.kinds[0] == "delay_started"
    return room


def _open_window() -> Room:
    """The delay has just ended."""
    room = _started()
    room.wait_ms(DELAY)
    assert "delay_ended" in room.kinds
    return room


def test_b37_one_entitled_person_starts_the_delay_and_counts_for_nothing_yet() -> None:
    room = _started()
    assert room.of("delay_started")[0]["who"] == ["li"]
    assert room.state.door("main").pending is None
    assert room.signal("main.in") == "wait"
    room.tap("main.in", "B2")
    assert room.reason is Reason.DELAY_RUNNING
    assert not room.is_open()


@pytest.mark.parametrize("badge", ["nobody", "V1"])
def test_b37_who_is_not_entitled_starts_nothing(badge: str) -> None:
    room = Room(example(door=VAULT))
    room.tap("main.in", badge)
    assert not room.of("delay_started")


@pytest.mark.parametrize(("delay", "window"), [(1, 1), (10, 5), (99, 20)])
def test_b37_the_window_opens_at_its_millisecond_and_both_are_needed(delay: int, window: int) -> None:
    room = _started(delay_ms=delay * MINUTE, delay_window_ms=window * MINUTE)
    room.wait_ms(delay * MINUTE - 1)
    room.tap("main.in", "B1")
    assert room.reason is Reason.DELAY_RUNNING
    room.wait_ms(1)
    assert room.of("delay_ended")[0]["until"] == room.now + window * MINUTE
    room.tap("main.in", "B1")
    assert not room.is_open()
    room.tap("main.in", "B2")
    assert room.is_open()


def test_b37_any_two_open_in_the_window_not_only_who_started_it() -> None:
    room = _open_window()
    room.tap("main.in", "B3")
    room.tap("main.in", "B4")
    assert room.is_open()


def test_b37_the_window_ends_at_its_millisecond_and_then_it_starts_anew() -> None:
    room = _open_window()
    room.wait_ms(WINDOW - 1)
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.is_open()
    room = _open_window()
    room.wait_ms(WINDOW - 1)
    room.tap("main.in", "B1")
    room.wait_ms(1)
    assert room.kinds[0] == "delay_expired"
    room.tap("main.in", "B2")
    assert not room.is_open()
    assert room.kinds[0] == "delay_started"
    room.wait_ms(DELAY - 1)
    room.tap("main.in", "B1")
    assert room.reason is Reason.DELAY_RUNNING


def test_b37_a_window_is_for_one_opening() -> None:
    room = _open_window()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    room.wait(6)
    assert room.of("no_entry")
    room.tap("main.in", "B1")
    assert room.kinds[0] == "delay_started"


def test_b37_who_joins_those_inside_waits_for_no_delay() -> None:
    room = _open_window()
    room.enter("B1", "B2")
    room.wait(600)
    room.tap("main.in", "B3")
    assert room.is_open()


def test_b37_the_delay_holds_nobody_inside() -> None:
    room = _open_window()
    room.enter("B1", "B2")
    room.leave("B1", "B2")
    room.tap("main.in", "B3")
    room.tap("main.out", "B1")
    assert room.is_open()


@pytest.mark.parametrize("off", [0, 1, DELAY, 24 * 60 * MINUTE])
def test_b37_power_loss_never_shortens_the_delay(off: int) -> None:
    room = _started()
    room.wait_ms(DELAY // 2)
    room.restart(off=off)
    room.wait_ms(DELAY // 2 - 1)
    room.tap("main.in", "B1")
    assert room.reason is Reason.DELAY_RUNNING
    room.wait_ms(1)
    assert room.of("delay_ended")


def test_b37_power_loss_in_the_window_ends_it_and_the_delay_starts_anew() -> None:
    room = _open_window()
    room.restart(off=24 * 60 * MINUTE)
    room.tap("main.in", "B1")
    assert room.kinds[0] == "delay_started"
    room.tap("main.in", "B2")
    assert not room.is_open()


@pytest.mark.parametrize("jump", [-86_400_000, -5_000, 5_000, 86_400_000])
@pytest.mark.parametrize("accepted", [True, False])
def test_b37_a_clock_that_jumps_never_shortens_the_delay(jump: int, accepted: bool) -> None:
    room = _started()
    room.wait_ms(DELAY // 2)
    room.step(ClockJumped(room.now, jump))
    if accepted:
        room.ask("accept_clock", "chen", "zhao")
    room.wait_ms(DELAY // 2 - 1)
    assert not room.of("delay_ended")
    room.wait_ms(1)
    assert room.of("delay_ended")


def test_b37_a_frozen_process_finds_the_window_past() -> None:
    room = _started()
    room.step(TimePassed(room.now + DELAY + WINDOW))
    assert room.kinds == ["delay_ended", "delay_expired"]
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert not room.is_open()


def test_b37_a_lockdown_in_the_window_keeps_it_shut() -> None:
    room = _open_window()
    room.ask("lockdown", "chen")
    room.tap("main.in", "B1")
    assert room.reason is Reason.LOCKDOWN


def test_b37_without_a_delay_nobody_waits() -> None:
    room = Room(passage())
    room.tap("main.in", "B1")
    assert room.kinds[0] == "pending"
