import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from firmware_shims.heard import Heard
from firmware_shims.pinboard import PinBoard
from hardware import pins
from hardware.gpio import GpioBoard
from hardware.pins import OutputPin, PinError
from hardware.signals import LateRelease

Build = Callable[..., GpioBoard]
LONG = 20.0
STRIKE, MAGNET = pins.output("relay/1", "strike"), pins.output("relay/2", "magnet", power_to_lock=True)
BOTH = pytest.mark.parametrize("bolt", [STRIKE, MAGNET], ids=["strike", "magnet"])


def bolted(world: PinBoard, bolt: OutputPin) -> bool:
    return world.level(bolt.pin.bcm) == bolt.current(released=False)


def wait_bolted(world: PinBoard, bolt: OutputPin, *, released: bool = False) -> bool:
    return world.wait(bolt.pin.bcm, int(bolt.current(released=released)), LONG)


def moves(world: PinBoard, bolt: OutputPin) -> list[bool]:
    return [level for _, bcm, level in list(world.history) if bcm == bolt.pin.bcm]


def test_a_strike_opens_with_current_and_a_magnet_without() -> None:
    assert [STRIKE.current(released=released) for released in (False, True)] == [False, True]
    assert [MAGNET.current(released=released) for released in (False, True)] == [True, False]


def test_between_power_and_program_a_strike_is_bolted_and_a_magnet_holds_nothing(world: PinBoard) -> None:
    assert bolted(world, STRIKE)
    assert not bolted(world, MAGNET)


@BOTH
def test_a_bolt_is_constructed_bolted_in_one_step(world: PinBoard, build: Build, bolt: OutputPin) -> None:
    build((bolt,), (), (), start=False)
    assert bolted(world, bolt)
    # A strike's pin does not move at all, a magnet's once.
    assert moves(world, bolt) == [True] * bolt.power_to_lock


@BOTH
def test_the_dead_man_bolts_when_the_time_has_passed(world: PinBoard, build: Build, bolt: OutputPin) -> None:
    board = build((bolt,), (), ())
    end = time.monotonic() + 0.3
    board.release(bolt.line, end)
    assert not bolted(world, bolt) or time.monotonic() >= end
    assert wait_bolted(world, bolt)
    assert time.monotonic() >= end
    assert moves(world, bolt)[-2:] == [bolt.current(released=True), bolt.current(released=False)]


@BOTH
@pytest.mark.parametrize("how", ["secure", "secure_all", "stop"])
def test_every_way_to_bolt_bolts(world: PinBoard, build: Build, bolt: OutputPin, how: str) -> None:
    board = build((bolt,), (), ())
    board.release(bolt.line, time.monotonic() + 1000)
    assert not bolted(world, bolt)
    ways: dict[str, Callable[[], Any]] = {
        "secure": lambda: board.secure(bolt.line),
        "secure_all": board.secure_all,
        "stop": board.stop,
    }
    ways[how]()
    assert bolted(world, bolt)


@BOTH
def test_a_release_after_its_time_moves_nothing(
    world: PinBoard, build: Build, heard: Heard, bolt: OutputPin
) -> None:
    board = build((bolt,), (), ())
    before = moves(world, bolt)
    board.release(bolt.line, time.monotonic() - 1)
    assert heard.wait_kind(LateRelease)
    assert moves(world, bolt) == before
    assert bolted(world, bolt)


@BOTH
def test_reading_back_tells_the_current_and_not_the_meaning(build: Build, bolt: OutputPin) -> None:
    board = build((bolt,), (), ())
    assert board.level(bolt.line) is bolt.power_to_lock
    board.release(bolt.line, time.monotonic() + 1000)
    assert board.level(bolt.line) is not bolt.power_to_lock


def test_a_siren_is_no_magnet() -> None:
    with pytest.raises(PinError, match="it is no magnet"):
        pins.output("relay/7", "siren", latching=True, power_to_lock=True)


FROZEN = """
import os, sys, time, signal
from hardware import pins
from hardware.gpio import GpioBoard
lines = [pins.output("relay/1", "strike"), pins.output("relay/2", "magnet", power_to_lock=True)]
b = GpioBoard(lines, [], [], sink=lambda s: print(type(s).__name__, s.line, flush=True))
b.start(); end = time.monotonic() + 1
for line in ("strike", "magnet"): b.release(line, end)
os.kill(os.getpid(), signal.SIGSTOP)
for line in ("strike", "magnet"): b.release(line, end)
print("asked", flush=True); sys.stdin.readline()
raise SystemError("the loop has ended")
"""


def test_a_frozen_program_drops_late_releases_and_its_unorderly_end_bolts_both(
    world: PinBoard, child_of: Callable[[str], Any]
) -> None:
    child = child_of(FROZEN)
    assert all(wait_bolted(world, bolt, released=True) for bolt in (STRIKE, MAGNET))
    assert not world.wait(STRIKE.pin.bcm, 0, 1.5)
    os.kill(child.pid, signal.SIGCONT)
    said = [child.stdout.readline().strip() for _ in range(3)]
    assert sorted(said[:2]) == ["LateRelease magnet", "LateRelease strike"]
    assert said[2] == "asked"
    assert all(wait_bolted(world, bolt) for bolt in (STRIKE, MAGNET))
    _, err = child.communicate("end\n", timeout=LONG)
    assert "the loop has ended" in err
    assert bolted(world, STRIKE)
    assert bolted(world, MAGNET)
