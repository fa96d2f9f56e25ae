"""The time lock and the clock it hangs on: behaviour 38 and the drift of 62."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from controller.core.events import ClockJumped, InputLevel, Level
from controller.core.plan import MINUTE
from controller.core.schedule import WORKDAYS, Schedule, Window
from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

HOUR = 60 * MINUTE
NINE_TO_FIVE = Schedule("vault", (Window(WORKDAYS, time(9), time(17)),))  # START is nine o'clock sharp


def _room(after: int = 0) -> Room:
    """A vault that opens from nine to five, so long after nine."""
    room = Room(example(door={"time_lock": NINE_TO_FIVE}))
    room.wait_ms(after)
    return room


def _opens(room: Room) -> bool:
    """Whether a pair gets in now."""
    room.wait(20)
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    if not room.is_open():
        assert room.reason is Reason.TIME_LOCK
        return False
    room.wait(6)
    return True


def _ask(room: Room, what: str, by: str, second: str = "", /, **given: Any) -> Reason | None:
    room.ask(what, by, second, **given)
    return room.outcome.answer.reason if room.outcome.answer else None


def _jump(room: Room, millis: int) -> None:
    room.step(ClockJumped(room.now, millis))


@pytest.mark.parametrize(
    ("after", "opens"),
    [(0, True), (8 * HOUR - 1, True), (8 * HOUR, False), (24 * HOUR - 1, False), (24 * HOUR, True)],
)
def test_b38_the_time_lock_opens_and_shuts_to_the_millisecond(after: int, opens: bool) -> None:
    room = _room()
    room.tap("main.in", "B1") if after == 0 else room.wait_ms(after - 1_000)
    if after:
        room.tap("main.in", "B1")
        room.wait_ms(1_000)
    room.tap("main.in", "B2")
    assert room.is_open() is opens


def test_b38_the_time_lock_holds_nobody_inside() -> None:
    room = _room()
    room.enter("B1", "B2")
    room.wait(10 * 3600)
    room.tap("main.out", "B1")
    assert room.is_open()


def test_b38_two_people_may_shorten_and_one_may_not() -> None:
    room = _room()
    assert _ask(room, "change_time_lock", "li", door="main", minutes=30) is Reason.NEEDS_SECOND
    assert _ask(room, "change_time_lock", "li", "li", door="main", minutes=30) is Reason.NEEDS_SECOND
    assert _opens(room)
    assert _ask(room, "change_time_lock", "li", "wang", door="main", minutes=30) is None
    until = room.of("time_lock_changed")[0]["until"]
    room.restart()
    assert not _opens(room)
    room.tap("main.in", "B1")
    room.wait_ms(until - room.state.wall - 1)
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.reason is Reason.TIME_LOCK
    room.wait_ms(1)
    room.tap("main.in", "B2")
    assert room.is_open()


@pytest.mark.parametrize("minutes", [0, -30, -1, 7 * 24 * 60 + 1, "30", None, 2.5])
def test_b38_nobody_lengthens_the_open_time_with_a_strange_number(minutes: object) -> None:
    room = _room(9 * HOUR)
    assert _ask(room, "change_time_lock", "li", "wang", door="main", minutes=minutes) is Reason.NOT_UNDERSTOOD
    assert not _opens(room)


def test_b38_a_second_shortening_never_ends_the_first_earlier() -> None:
    room = _room()
    room.ask("change_time_lock", "li", "wang", door="main", minutes=120)
    room.ask("change_time_lock", "li", "wang", door="main", minutes=1)
    room.wait_ms(119 * MINUTE)
    assert not _opens(room)


def test_b38_a_shortening_that_runs_out_at_night_opens_nothing() -> None:
    room = _room(7 * HOUR)
    room.ask("change_time_lock", "li", "wang", door="main", minutes=180)
    room.wait_ms(181 * MINUTE)
    assert not _opens(room)


@pytest.mark.parametrize("back", [5_001, HOUR, 9 * HOUR, 24 * HOUR])
def test_b38_a_clock_going_backwards_never_reopens_a_window(back: int) -> None:
    room = _room(8 * HOUR + MINUTE)
    assert not _opens(room)
    _jump(room, -back)
    assert "clock" in room.raised
    assert not _opens(room)
    room.ask("accept_clock", "li", "wang")
    assert not _opens(room)
    for _ in range(24):
        room.wait_ms(min(back, HOUR) // 24)
        assert not _opens(room)


def test_b38_not_even_within_the_silent_five_seconds() -> None:
    room = _room(8 * HOUR - 1_000)
    room.tap("main.in", "B1")
    room.wait_ms(1_000)
    room.tap("main.in", "B2")
    assert room.reason is Reason.TIME_LOCK
    _jump(room, -5_000)
    assert room.state.claimed is None
    room.tap("main.in", "B2")
    assert not room.is_open()
    assert len(room.of("time_lock_changed")) == 1


def test_b38_a_clock_set_back_while_the_window_is_open_or_far_from_one_changes_no_lock() -> None:
    for after in (4 * HOUR, 12 * HOUR):
        room = _room(after)
        _jump(room, -5_000)
        _jump(room, -HOUR)
        room.ask("accept_clock", "li", "wang")
        assert not room.of("time_lock_changed")


def test_b38_a_clock_that_was_years_ahead_shuts_nobody_out_for_years() -> None:
    room = _room(10 * HOUR)
    year = 365 * 24 * HOUR
    for by in (year, -year):
        _jump(room, by)
        room.ask("accept_clock", "li", "wang")
    room.wait_ms(24 * HOUR + 14 * HOUR + MINUTE)
    assert _opens(room)


@pytest.mark.parametrize("jump", [5_001, 3 * HOUR, -HOUR])
def test_b38_until_two_people_accept_a_changed_clock_the_time_lock_stays_shut(jump: int) -> None:
    room = _room(2 * HOUR)
    _jump(room, jump)
    assert room.of("clock_changed")
    assert not _opens(room)
    assert room.entries[-1]["clock"] == "unconfirmed"
    assert _ask(room, "accept_clock", "li") is Reason.NEEDS_SECOND
    assert not _opens(room)
    assert _ask(room, "accept_clock", "li", "wang") is None
    assert _opens(room)
    assert room.entries[-1]["clock"] == "trusted"
    assert _ask(room, "accept_clock", "li", "wang") is Reason.NOTHING_TO_DO


def test_b38_a_changed_clock_stays_unaccepted_over_a_restart() -> None:
    room = _room(2 * HOUR)
    _jump(room, 3 * HOUR)
    room.restart()
    assert not _opens(room)


@pytest.mark.parametrize(
    ("jumps", "event"),
    [
        ((5_000,), False),
        ((5_001,), True),
        ((-5_000,), False),
        ((-5_001,), True),
        ((3_000, 2_000), False),
        ((3_000, 2_001), True),
        ((3_000, -2_001), True),
        ((1_000,) * 5, False),
        ((1_000,) * 6, True),
    ],
)
def test_b38_a_clock_change_beyond_five_seconds_a_day_is_an_event(
    jumps: tuple[int, ...], event: bool
) -> None:
    room = _room()
    for by in jumps:
        _jump(room, by)
    assert bool(room.of("clock_changed")) is event
    assert ("clock" in room.alarms) is event
    assert len(room.of("clock_trimmed")) == len(jumps) - event


def test_b38_the_budget_is_a_days_and_no_restart_renews_it() -> None:
    room = _room()
    _jump(room, 5_000)
    room.restart()
    _jump(room, 1)
    assert room.of("clock_changed")
    room = _room()
    _jump(room, 5_000)
    room.wait_ms(24 * HOUR)
    _jump(room, 5_000)
    assert not room.of("clock_changed")


def test_b38_accepting_takes_the_wall_clock_as_it_then_is() -> None:
    room = _room()
    before = room.state.offset
    for by in (HOUR, -10 * MINUTE, 1_000):
        _jump(room, by)
    assert room.state.offset == before
    room.ask("accept_clock", "li", "wang")
    assert room.state.offset == before + 50 * MINUTE + 1_000


@pytest.mark.parametrize(("off", "event"), [(3_600_000, False), (0, False), (-5_000, False), (-5_001, True)])
def test_b38_a_start_takes_the_time_it_was_off_and_no_clock_that_went_back(off: int, event: bool) -> None:
    room = _room(HOUR)
    room.restart(off=off)
    assert ("clock_changed" in [e["kind"] for e in room.entries]) is event
    assert ("clock" in room.alarms) is event
    assert room.state.wall >= room.now


@pytest.mark.parametrize(("off", "believed"), [(7 * 24 * HOUR, True), (7 * 24 * HOUR + 1, False)])
def test_b38_a_clock_more_than_a_week_ahead_at_a_start_takes_two_people(off: int, believed: bool) -> None:
    room = _room(HOUR)
    before = room.state.wall
    room.restart(off=off)
    assert (room.state.claimed is None) is believed
    assert (room.state.wall >= before + off) is believed
    assert ("clock" in room.alarms) is not believed


def test_b38_room_time_never_runs_backwards() -> None:
    room = _room(HOUR)
    room.step(InputLevel(0, "north.contact", Level.ACTIVE, settled=True))
    assert room.of("window_opened")[0]["at"] == HOUR
    assert room.state.at == HOUR
