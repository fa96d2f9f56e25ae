import time
from collections.abc import Callable

import pytest

from firmware_shims.heard import Heard
from firmware_shims.pinboard import PinBoard
from hardware import pins
from hardware.gpio import GpioBoard
from hardware.signals import DeviceBack, DeviceLost, Lamp, Signal

Build = Callable[..., GpioBoard]
LONG = 20.0
STRIKE, OTHER = pins.output("relay/1", "strike"), pins.output("relay/3", "other")
MAGNET = pins.output("relay/2", "magnet", power_to_lock=True)
SIREN = pins.output("relay/7", "siren", latching=True)
READER = pins.lamp("lamp/1", "main.in")


def about(heard: Heard, line: str) -> list[type[Signal]]:
    return [type(s) for s in heard.of(DeviceLost, DeviceBack) if getattr(s, "device", "") == line]


def moves(world: PinBoard, bcm: int) -> list[bool]:
    return [level for _, number, level in list(world.history) if number == bcm]


def test_a_released_strike_falls_and_is_not_released_again(
    world: PinBoard, build: Build, heard: Heard
) -> None:
    board = build((STRIKE,), (), ())
    board.release("strike", time.monotonic() + 1000)
    world.brown_out()
    assert heard.wait(DeviceBack("strike"))
    assert about(heard, "strike") == [DeviceLost, DeviceBack]
    assert moves(world, STRIKE.pin.bcm) == [True, False]
    # It stays so through more readings, and a new release is one.
    board.release("strike", time.monotonic() + 1000)
    assert moves(world, STRIKE.pin.bcm) == [True, False, True]


def test_a_magnet_that_let_go_is_bolted_again_and_that_is_told_once(
    world: PinBoard, build: Build, heard: Heard
) -> None:
    build((MAGNET,), (), ())
    world.brown_out()
    assert heard.wait(DeviceBack("magnet"))
    assert world.wait(MAGNET.pin.bcm, 1, LONG)
    assert moves(world, MAGNET.pin.bcm) == [True, False, True]
    assert about(heard, "magnet") == [DeviceLost, DeviceBack]


def test_a_sounding_siren_sounds_on(world: PinBoard, build: Build, heard: Heard) -> None:
    board = build((SIREN,), (), ())
    board.set("siren", True)
    world.brown_out()
    assert heard.wait(DeviceBack("siren"))
    assert world.wait(SIREN.pin.bcm, 1, LONG)


def test_pins_that_fell_unseen_at_rest_work_with_the_next_command(world: PinBoard, build: Build) -> None:
    board = build((STRIKE, SIREN), (), (READER,))
    world.brown_out()
    board.release("strike", time.monotonic() + 1000)
    board.set("siren", True)
    board.show("main.in", Lamp.REFUSED)
    assert all(world.level(bcm) for bcm in (STRIKE.pin.bcm, SIREN.pin.bcm, READER.red.bcm))
    board.secure("strike")
    assert not world.level(STRIKE.pin.bcm)


def test_what_still_waits_for_its_turn_is_over_too(world: PinBoard, build: Build, heard: Heard) -> None:
    board = build((STRIKE, OTHER), (), (), one_at_a_time=("strike", "other"))
    board.release("strike", time.monotonic() + 1000)
    board.release("other", time.monotonic() + 1000)
    world.brown_out()
    assert heard.wait(DeviceBack("strike"))
    assert about(heard, "other") == [DeviceLost, DeviceBack]
    board.release("strike", time.monotonic() + 1000)
    assert world.wait(STRIKE.pin.bcm, 1, LONG)
    assert moves(world, OTHER.pin.bcm) == []


@pytest.mark.parametrize("level", [0, 1])
def test_a_short_is_told_once_and_so_is_its_end(
    world: PinBoard, build: Build, heard: Heard, level: int
) -> None:
    bolt = MAGNET if level == 0 else STRIKE
    build((bolt,), (), ())
    world.short(bolt.pin.bcm, level)
    assert heard.wait_kind(DeviceLost)
    world.short(bolt.pin.bcm, None)
    assert heard.wait(DeviceBack(bolt.line))
    assert about(heard, bolt.line) == [DeviceLost, DeviceBack]
    assert world.wait(bolt.pin.bcm, int(bolt.at_rest), LONG)


def test_a_strike_that_cannot_be_released_is_told_and_stays_bolted(
    world: PinBoard, build: Build, heard: Heard
) -> None:
    board = build((STRIKE, OTHER), (), ())
    world.short(STRIKE.pin.bcm, 0)
    board.release("strike", time.monotonic() + 1000)
    assert heard.wait_kind(DeviceLost)
    assert about(heard, "strike")[0] is DeviceLost
    world.short(STRIKE.pin.bcm, None)
    board.release("other", time.monotonic() + 1000)
    assert world.level(OTHER.pin.bcm)
    assert heard.wait(DeviceBack("strike"))
    assert not world.level(STRIKE.pin.bcm)


def test_a_power_cut_leaves_pins_as_at_reset_and_the_next_start_bolts(
    world: PinBoard, build: Build, heard: Heard
) -> None:
    board = build((STRIKE, MAGNET), (), ())
    board.release("strike", time.monotonic() + 1000)
    world.power_cut()
    assert world.wait_controllers(0, LONG)
    assert [world.level(bolt.pin.bcm) for bolt in (STRIKE, MAGNET)] == [False, False]
    assert heard.wait_kind(DeviceLost, 2)
    board.stop()
    build((STRIKE, MAGNET), (), ())
    assert [world.level(bolt.pin.bcm) for bolt in (STRIKE, MAGNET)] == [False, True]
