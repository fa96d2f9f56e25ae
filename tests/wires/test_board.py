"""The layer between the core and the outputs: it does only what is listed, only in time, and never twice."""

from __future__ import annotations

import pytest

from controller.board import Board
from controller.clock import ClockWatch, RoomClock
from controller.core.effects import Effect, Raise, Release, Secure, Show, Signal, Silence, Snapshot
from controller.core.events import ClockJumped
from controller.core.remembered import Alarm
from controller.core.state import State
from hardware.signals import Lamp, LateRelease
from hardware.signals import Signal as Said

LONG_MS = 3_600_000


class Iron:
    """Bolts and a siren that keep what was done to them, in order."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []
        self.until: dict[str, float] = {}

    def release(self, line: str, until_monotonic: float) -> None:
        self.done.append(("release", line))
        self.until[line] = until_monotonic

    def secure(self, line: str) -> None:
        self.done.append(("secure", line))

    def secure_all(self) -> None:
        self.done.append(("secure", "all"))

    def set(self, line: str, on: bool) -> None:
        self.done.append(("on" if on else "off", line))


class Desk:
    """A board with iron, a lamp, and everything it says."""

    def __init__(self, *, siren: bool = True) -> None:
        self.clock, self.iron = RoomClock(), Iron()
        self.said: list[Said] = []
        self.shown: list[tuple[str, Lamp]] = []
        lamps = {"main.in": lambda reader, lamp: self.shown.append((reader, lamp))}
        self.board = Board(self.clock, self.iron, ["main", "c1.a"], lamps, self.said.append, siren=siren)

    def done(self, *effects: Effect, state: State | None = None) -> list[tuple[str, ...]]:
        self.board.secure(effects)
        self.board.release(effects, state or State())
        return self.iron.done


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_release_is_carried_out_until_its_own_time(desk: Desk) -> None:
    until = desk.clock.now() + LONG_MS
    assert desk.done(Release("main", until)) == [("release", "main")]
    assert desk.iron.until["main"] == pytest.approx(desk.clock.monotonic(until))


@pytest.mark.parametrize("late_ms", [0, 1, 60_000])
def test_a_release_that_comes_after_its_time_is_dropped_and_said(late_ms: int, desk: Desk) -> None:
    assert desk.done(Release("main", desk.clock.now() - late_ms)) == []
    (late,) = desk.said
    assert isinstance(late, LateRelease)
    assert late.line == "main"
    assert late.late_ms >= late_ms


def test_what_the_site_file_does_not_list_is_not_touched(desk: Desk) -> None:
    until = desk.clock.now() + LONG_MS
    assert desk.done(Release("safe", until), Secure("safe"), Show("elsewhere", Signal.GRANTED)) == []
    assert desk.shown == []


def test_what_is_taken_back_in_the_same_batch_is_never_released(desk: Desk) -> None:
    until = desk.clock.now() + LONG_MS
    assert desk.done(Release("main", until), Secure("main")) == [("secure", "main")]


def test_a_release_after_its_bolt_was_secured_counts(desk: Desk) -> None:
    until = desk.clock.now() + LONG_MS
    assert desk.done(Secure("main"), Release("main", until)) == [("secure", "main"), ("release", "main")]


def test_bolts_drop_and_the_guard_is_called_before_the_log_and_nothing_opens_then(desk: Desk) -> None:
    until = desk.clock.now() + LONG_MS
    desk.board.secure(
        [Release("main", until), Secure("c1.a"), Raise("forced", "main"), Show("main.in", Signal.IDLE)]
    )
    assert desk.iron.done == [("secure", "c1.a"), ("on", "siren")]
    assert desk.shown == []


def test_a_silent_alarm_sounds_nowhere(desk: Desk) -> None:
    assert desk.done(Raise("duress", "vault", silent=True), Snapshot("main", "granted", 0)) == []


def test_the_siren_stops_when_nothing_loud_is_left(desk: Desk) -> None:
    held = State(alarms={"held@main": Alarm("held", "main", 0)})
    duress = State(alarms={"duress@vault": Alarm("duress", "vault", 0)})
    assert desk.done(Silence("forced", "main"), state=held) == []
    assert desk.done(Silence("held", "main"), state=duress) == [("off", "siren")]


def test_a_start_sounds_again_for_what_nobody_has_looked_at(desk: Desk) -> None:
    desk.board.resume(State(alarms={"duress@vault": Alarm("duress", "vault", 0)}))
    assert desk.iron.done == []
    desk.board.resume(State(alarms={"held@main": Alarm("held", "main", 0)}))
    assert desk.iron.done == [("on", "siren")]


def test_lamps_show_what_the_core_says(desk: Desk) -> None:
    desk.done(*(Show("main.in", signal) for signal in Signal))
    assert [lamp.value for _, lamp in desk.shown] == [signal.value for signal in Signal]


def test_everything_drops_and_the_siren_sounds_when_the_log_is_dead(desk: Desk) -> None:
    desk.board.drop_everything()
    assert desk.iron.done == [("secure", "all"), ("on", "siren")]


def test_a_site_without_a_siren_is_never_asked_for_one() -> None:
    desk = Desk(siren=False)
    desk.board.drop_everything()
    desk.board.resume(State(alarms={"held@main": Alarm("held", "main", 0)}))
    assert desk.done(Raise("forced", "main"), Silence("forced", "main")) == [("secure", "all")]


def test_a_jump_of_the_wall_clock_is_said_once_and_what_the_measuring_may_be_off_is_none() -> None:
    watch = ClockWatch(offset_ms=1_000_000)
    assert watch.observe(10_000, 1_010_499) is None
    assert watch.observe(10_000, 1_010_900, error_ms=2_000) is None
    assert watch.observe(20_000, 1_025_000) == ClockJumped(20_000, 5_000)
    assert watch.observe(21_000, 1_026_000) is None
    assert watch.observe(22_000, 967_000) == ClockJumped(22_000, -60_000)


def test_room_time_goes_on_from_where_it_is_told_and_never_back() -> None:
    clock = RoomClock()
    clock.begin(5_000)
    first = clock.now()
    assert 5_000 <= first <= clock.now() < 65_000
    assert clock.monotonic(first + 1_000) - clock.monotonic(first) == pytest.approx(1.0)
