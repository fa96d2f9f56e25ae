from collections.abc import Callable

import pytest

from firmware_shims.heard import Heard
from firmware_shims.pin_alerts import ALERTS
from firmware_shims.pinboard import PinBoard
from hardware import pins
from hardware.gpio import GpioBoard
from hardware.pins import InputZone
from hardware.signals import DeviceBack, DeviceLost, DeviceNoisy, Level, LineLevel

Build = Callable[..., GpioBoard]
LONG = 20.0
ZONES = (pins.zone("input/1", "contact"), pins.zone("input/2", "north", filter_ms=200))


def put(world: PinBoard, zone: InputZone, level: Level) -> None:
    for pin, on in zip(zone.pins, pins.zone_bits(level), strict=True):
        world.drive(pin.bcm, pin.level(on=on))


def test_every_level_is_reported_at_the_start_once(world: PinBoard, build: Build, heard: Heard) -> None:
    put(world, ZONES[1], Level.SHORT)
    build()
    assert heard.wait(LineLevel("contact", Level.NORMAL))
    assert heard.wait(LineLevel("north", Level.SHORT))
    put(world, ZONES[0], Level.ACTIVE)
    assert heard.wait(LineLevel("contact", Level.ACTIVE))
    assert len(heard.of(LineLevel)) == 3


def test_a_torn_off_lead_is_cut_from_the_start(world: PinBoard, build: Build, heard: Heard) -> None:
    for pin in ZONES[0].pins:
        world.drive(pin.bcm, None)
    build()
    assert heard.wait(LineLevel("contact", Level.CUT))


@pytest.mark.parametrize("level", [Level.ACTIVE, Level.CUT, Level.SHORT])
def test_each_level_is_reported_and_its_end(
    world: PinBoard, build: Build, heard: Heard, level: Level
) -> None:
    build()
    assert heard.wait(LineLevel("north", Level.NORMAL))
    put(world, ZONES[1], level)
    assert heard.wait(LineLevel("north", level))
    put(world, ZONES[1], Level.NORMAL)
    assert heard.wait(LineLevel("north", Level.NORMAL), count=2)


def test_a_missed_edge_heals_with_the_next_reading(world: PinBoard, build: Build, heard: Heard) -> None:
    build()
    assert heard.wait(LineLevel("contact", Level.NORMAL))
    ALERTS.unwatch(ZONES[0].alarm.bcm)
    put(world, ZONES[0], Level.ACTIVE)
    assert heard.wait(LineLevel("contact", Level.ACTIVE))


def test_a_bare_line_is_normal_or_active(world: PinBoard, build: Build, heard: Heard) -> None:
    bare = InputZone("rex", pins.pin("input/3"))
    world.drive(bare.alarm.bcm, 0)
    build((), (bare,), ())
    assert heard.wait(LineLevel("rex", Level.NORMAL))
    world.drive(bare.alarm.bcm, 1)
    assert heard.wait(LineLevel("rex", Level.ACTIVE))


def test_chatter_is_reported_and_no_level_is_invented(world: PinBoard, build: Build, heard: Heard) -> None:
    build((), (ZONES[1],), ())
    assert heard.wait(LineLevel("north", Level.NORMAL))
    for _ in range(60):
        world.drive(ZONES[1].alarm.bcm, 1)
        world.drive(ZONES[1].alarm.bcm, 0)
    assert heard.wait(DeviceNoisy("north"))
    assert heard.of(LineLevel) == [LineLevel("north", Level.NORMAL)]
    put(world, ZONES[1], Level.ACTIVE)
    assert heard.wait(LineLevel("north", Level.ACTIVE))


def test_pins_that_can_no_longer_be_read_are_lost_once(world: PinBoard, build: Build, heard: Heard) -> None:
    build(outputs=())
    assert heard.wait_kind(LineLevel, 2)
    world.disconnect()
    assert heard.wait_kind(DeviceLost, 2)
    lost = [s.device for s in heard.of(DeviceLost) if isinstance(s, DeviceLost)]
    assert sorted(lost) == ["contact", "north"]


def test_after_a_brown_out_a_torn_off_lead_reads_cut_again(
    world: PinBoard, build: Build, heard: Heard
) -> None:
    far = pins.zone("input/2", "far")  # on BCM 12 and 13, whose pins rest low at reset
    build((pins.output("relay/1", "magnet", power_to_lock=True),), (far,), ())
    assert heard.wait(LineLevel("far", Level.NORMAL))
    for pin in far.pins:
        world.drive(pin.bcm, None)
    assert heard.wait(LineLevel("far", Level.CUT))
    world.brown_out()
    assert heard.wait(DeviceBack("magnet"))
    assert all(world.wait(pin.bcm, 1, LONG) for pin in far.pins)
