import math
import threading
import time
from collections.abc import Callable

import pytest

from firmware_shims.heard import Heard
from firmware_shims.pinboard import PinBoard
from hardware import pins
from hardware.gpio import GpioBoard, GpioError
from hardware.pins import PinError
from hardware.signals import LateRelease

Build = Callable[..., GpioBoard]
LONG = 20.0
STRIKE, SIREN = pins.pin("relay/1").bcm, pins.pin("relay/7").bcm


def comes_to(board: GpioBoard, line: str, *, current: bool) -> bool:
    # The news of a pin needs a moment to the program that reads it back.
    end = time.monotonic() + LONG
    while board.level(line) is not current and time.monotonic() < end:
        threading.Event().wait(0.005)
    return board.level(line) is current


def ever_high(world: PinBoard, bcm: int) -> bool:
    return any(level for _, number, level in list(world.history) if number == bcm)


def test_a_release_is_dropped_by_the_driver_when_its_time_has_passed(world: PinBoard, build: Build) -> None:
    board = build()
    end = time.monotonic() + 0.4
    board.release("main", end)
    assert ever_high(world, STRIKE)
    assert world.wait(STRIKE, 0, LONG)
    assert time.monotonic() >= end
    assert comes_to(board, "main", current=False)


def test_a_release_ends_in_its_time_whatever_is_still_released(world: PinBoard, build: Build) -> None:
    board = build()
    outer = pins.pin("relay/2").bcm
    board.release("main", time.monotonic() + 1000)
    board.release("outer", time.monotonic() + 0.4)
    assert world.wait(outer, 0, LONG)
    assert world.level(STRIKE)
    assert [(bcm, level) for _, bcm, level in world.history] == [
        (STRIKE, True),
        (outer, True),
        (outer, False),
    ]


def test_a_release_that_a_slow_wire_carried_out_late_is_taken_back_and_reported(
    world: PinBoard, build: Build, heard: Heard
) -> None:
    board = build(zones=())
    with world._changed:
        # The world stands still, and with it the wire.
        end = time.monotonic() + 0.4
        releasing = threading.Thread(target=board.release, args=("main", end))
        releasing.start()
        threading.Event().wait(0.6)
    releasing.join(LONG)
    assert heard.wait_kind(LateRelease)
    assert not world.level(STRIKE)


def test_the_newest_end_counts(world: PinBoard, build: Build) -> None:
    board = build()
    board.release("main", time.monotonic() + 1000)
    assert world.level(STRIKE)
    board.release("main", time.monotonic() + 0.3)
    assert world.wait(STRIKE, 0, LONG)


def test_a_bolt_is_secured_at_once(world: PinBoard, build: Build) -> None:
    board = build()
    board.release("main", time.monotonic() + 1000)
    board.release("outer", time.monotonic() + 1000)
    board.secure("main")
    assert not world.level(STRIKE)
    assert world.level(pins.pin("relay/2").bcm)
    board.secure_all()
    assert not world.level(pins.pin("relay/2").bcm)


def test_a_release_after_its_time_is_not_carried_out(world: PinBoard, build: Build, heard: Heard) -> None:
    board = build()
    board.release("main", time.monotonic() - 2)
    late = heard.of(LateRelease)
    assert [signal.line for signal in late if isinstance(signal, LateRelease)] == ["main"]
    assert all(isinstance(signal, LateRelease) and signal.late_ms >= 2000 for signal in late)
    assert not ever_high(world, STRIKE)


def test_however_close_the_end_the_bolt_is_back(world: PinBoard, build: Build) -> None:
    board = build()
    for microseconds in range(0, 1000, 7):
        board.release("main", time.monotonic() + microseconds / 1e6)
    assert world.wait(STRIKE, 0, LONG)
    assert comes_to(board, "main", current=False)


def test_many_threads_releasing_and_securing_leave_nothing_open(world: PinBoard, build: Build) -> None:
    board = build()

    def work(line: str) -> None:
        for n in range(100):
            board.release(line, time.monotonic() + 0.001 * (n % 5))
            if n % 3 == 0:
                board.secure(line)

    threads = [threading.Thread(target=work, args=(line,)) for line in ("main", "outer", "main")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for line, bcm in (("main", STRIKE), ("outer", pins.pin("relay/2").bcm)):
        assert world.wait(bcm, 0, LONG)
        assert comes_to(board, line, current=False)


@pytest.mark.parametrize("end", [math.inf, -math.inf, math.nan])
def test_a_release_without_an_end_is_an_error(build: Build, end: float) -> None:
    with pytest.raises(ValueError, match="needs an end"):
        build().release("main", end)


def test_a_bolt_cannot_be_switched_and_a_siren_cannot_be_released(build: Build) -> None:
    board = build()
    with pytest.raises(PinError, match="is a bolt and needs an end"):
        board.set("main", True)
    with pytest.raises(PinError, match="stays as told"):
        board.release("siren", time.monotonic() + 1)
    with pytest.raises(PinError, match="stays as told"):
        board.secure("siren")
    with pytest.raises(PinError, match="there is main, outer, siren"):
        board.release("mian", time.monotonic() + 1)


def test_nothing_is_released_before_the_start_or_after_the_stop(world: PinBoard, build: Build) -> None:
    board = build(start=False)
    with pytest.raises(GpioError, match="nobody is there to end it"):
        board.release("main", time.monotonic() + 1)
    board.start()
    board.stop()
    with pytest.raises(GpioError, match="nobody is there to end it"):
        board.release("main", time.monotonic() + 1)
    assert not ever_high(world, STRIKE)


def test_a_sounding_siren_can_be_left_sounding(world: PinBoard, build: Build) -> None:
    board = build()
    board.set("siren", True)
    board.release("main", time.monotonic() + 1000)
    assert world.level(STRIKE)
    board.stop(leave_latching=True)
    assert not world.level(STRIKE)
    assert world.level(SIREN)
