"""Lamps come not before their time, in order for each reader, and are never lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from controller.board import Board
from controller.clock import RoomClock
from controller.core.effects import Show, Signal
from controller.core.state import State
from controller.showing import Showing
from hardware.signals import Lamp

LONG = 20.0
HOUR_MS = 3_600_000
IDLE, REFUSED, GRANTED = Signal.IDLE, Signal.REFUSED, Signal.GRANTED


class Wall:
    """Readers' lamps that keep what they showed, when and by which thread; one may be stuck or broken."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, Signal]] = []
        self.at: list[int] = []
        self.by: list[str] = []
        self.clock = RoomClock()
        self.more = threading.Condition()
        self.stuck: dict[str, threading.Event] = {}
        self.reached = threading.Event()
        self.broken: set[str] = set()
        self.showing = Showing(self.clock, self.lamp)

    def lamp(self, reader: str, signal: Signal) -> None:
        if reader in self.stuck:
            self.reached.set()
            assert self.stuck[reader].wait(LONG)
        with self.more:
            self.shown.append((reader, signal))
            self.at.append(self.clock.now())
            self.by.append(threading.current_thread().name)
            self.more.notify_all()
        if reader in self.broken:
            raise SystemError(f"the lamp of {reader} is broken")

    def show(self, reader: str, signal: Signal, after_ms: int = 0) -> int:
        at = self.clock.now() + after_ms
        self.showing.show(Show(reader, signal, at))
        return at

    def wait(self, count: int) -> bool:
        with self.more:
            return self.more.wait_for(lambda: len(self.shown) >= count, LONG)


@pytest.fixture
def wall() -> Iterator[Wall]:
    wall = Wall()
    yield wall
    for stuck in wall.stuck.values():
        stuck.set()
    wall.showing.stop()


def test_what_is_due_is_shown_at_once_by_whoever_says_it(wall: Wall) -> None:
    wall.show("a", GRANTED)
    wall.show("a", IDLE, -HOUR_MS)
    assert wall.shown == [("a", GRANTED), ("a", IDLE)]
    assert set(wall.by) == {threading.current_thread().name}


def test_what_lies_ahead_is_shown_then_and_never_before(wall: Wall) -> None:
    due = [wall.show("a", REFUSED, 120), wall.show("b", REFUSED, 60), wall.show("c", REFUSED, 180)]
    assert wall.shown == []
    assert wall.wait(3)
    assert [reader for reader, _ in wall.shown] == ["b", "a", "c"]
    of = dict(zip([reader for reader, _ in wall.shown], wall.at, strict=True))
    assert all(of[reader] >= at for reader, at in zip("abc", due, strict=True))


def test_one_that_is_due_sooner_is_not_held_up_by_one_that_came_before(wall: Wall) -> None:
    wall.show("a", REFUSED, HOUR_MS)
    wall.show("b", REFUSED, 50)
    assert wall.wait(1)
    assert wall.shown == [("b", REFUSED)]


def test_a_newer_show_takes_the_place_of_one_that_waits(wall: Wall) -> None:
    wall.show("a", REFUSED, HOUR_MS)
    wall.show("b", REFUSED, HOUR_MS)
    wall.show("a", GRANTED)
    wall.show("b", IDLE, 30)
    assert wall.wait(2)
    wall.showing.stop()
    assert wall.shown == [("a", GRANTED), ("b", IDLE)]


def test_readers_and_threads_bound_what_waits(wall: Wall) -> None:
    for n in range(5000):
        wall.show(f"r{n % 4}", REFUSED, HOUR_MS + n)
    assert len(wall.showing._ahead) == 4
    assert sum(thread.name == "lamps-ahead" for thread in threading.enumerate()) == 1


def test_a_lamp_that_hangs_holds_up_no_other_reader_that_is_due(wall: Wall) -> None:
    wall.stuck["a"] = threading.Event()
    wall.show("a", REFUSED, 10)
    assert wall.reached.wait(LONG)
    wall.show("b", GRANTED)
    assert wall.shown == [("b", GRANTED)]


def test_one_whose_time_comes_while_a_newer_one_is_said_is_not_shown_after_it(wall: Wall) -> None:
    wall.stuck["a"] = threading.Event()
    first = threading.Thread(target=wall.show, args=("a", Signal.PENDING))
    first.start()
    assert wall.reached.wait(LONG)
    # It falls due, and has to wait behind the first.
    wall.show("a", REFUSED, 10)
    end = time.monotonic() + LONG
    while wall.showing._ahead and time.monotonic() < end:
        threading.Event().wait(0.005)
    newest = threading.Thread(target=wall.show, args=("a", GRANTED))
    newest.start()
    while wall.showing._newest["a"] < 3 and time.monotonic() < end:
        threading.Event().wait(0.005)
    wall.stuck["a"].set()
    for thread in (first, newest):
        thread.join(LONG)
    wall.showing.stop()
    assert wall.shown == [("a", Signal.PENDING), ("a", GRANTED)]


def test_stopping_shows_at_once_what_waits_and_afterwards_everything(wall: Wall) -> None:
    wall.show("b", REFUSED, 2 * HOUR_MS)
    wall.show("a", REFUSED, HOUR_MS)
    wall.showing.stop()
    assert wall.shown == [("a", REFUSED), ("b", REFUSED)]
    wall.show("a", IDLE, HOUR_MS)
    assert wall.shown[-1] == ("a", IDLE)
    wall.showing.stop()
    assert "lamps-ahead" not in {thread.name for thread in threading.enumerate()}


def test_without_the_thread_lamps_come_at_once_and_none_is_lost(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(str(args.exc_value)))
    wall.broken |= {"a", "b"}
    for reader, after_ms in (("a", 300), ("b", HOUR_MS), ("c", 2 * HOUR_MS)):
        wall.show(reader, REFUSED, after_ms)
    assert wall.wait(3)
    thread = wall.showing._thread
    assert thread
    thread.join(LONG)
    assert wall.shown == [("a", REFUSED), ("b", REFUSED), ("c", REFUSED)]
    assert raised
    wall.show("c", IDLE, HOUR_MS)
    assert wall.shown[-1] == ("c", IDLE)


def test_every_refusal_of_the_board_comes_as_late_as_the_core_says_and_a_grant_at_once() -> None:
    clock, shown = RoomClock(), list[tuple[str, Lamp, float]]()
    more = threading.Condition()

    def lamp(reader: str, lamp: Lamp) -> None:
        with more:
            shown.append((reader, lamp, clock.now()))
            more.notify_all()

    board = Board(clock, NoBolts(), [], {"main.in": lamp, "main.out": lamp}, lambda _: None)
    begun = clock.now()
    board.release([Show("main.in", REFUSED, begun + 150), Show("main.out", GRANTED)], State())
    assert [what[:2] for what in shown] == [("main.out", Lamp.GRANTED)]
    with more:
        assert more.wait_for(lambda: len(shown) == 2, LONG)
    assert shown[1][:2] == ("main.in", Lamp.REFUSED)
    assert shown[1][2] >= begun + 150
    board.release([Show("main.in", IDLE, clock.now() + HOUR_MS)], State())
    board.stop()
    assert shown[-1][:2] == ("main.in", Lamp.IDLE)


class NoBolts:
    """A box that releases nothing."""

    def release(self, line: str, until_monotonic: float) -> None:
        raise AssertionError(f"{line} until {until_monotonic} at {time.monotonic()}")

    def secure(self, line: str) -> None:
        raise AssertionError(line)

    def secure_all(self) -> None:
        raise AssertionError

    def set(self, line: str, on: bool) -> None:
        raise AssertionError(line, on)
