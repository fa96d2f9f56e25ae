import time
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware_shims import pi_host
from firmware_shims.heard import Heard
from firmware_shims.pinboard import PinBoard
from hardware import pins
from hardware.gpio import LAMPS, GpioBoard, GpioError
from hardware.pins import OutputPin, Pin, PinError
from hardware.signals import DeviceBack, DeviceLost, Lamp

Build = Callable[..., GpioBoard]
LONG = 20.0
STRIKE, SIREN = pins.pin("relay/1").bcm, pins.pin("relay/7").bcm
MAIN, OUTER = pins.output("relay/1", "main"), pins.output("relay/2", "outer")
READER = pins.lamp("lamp/1", "main.in")


def ever_high(world: PinBoard, bcm: int) -> bool:
    return any(level for _, number, level in list(world.history) if number == bcm)


def test_a_board_is_constructed_bolted(world: PinBoard, build: Build) -> None:
    build()
    assert not world.level(STRIKE)
    assert not [change for change in world.history if change[2]]


def test_an_active_low_relay_is_constructed_bolted_in_one_step(world: PinBoard, build: Build) -> None:
    relay = OutputPin("main", Pin("test", 17, active_high=False))
    board = build((relay,), (), ())
    assert [level for _, bcm, level in world.history if bcm == 17] == [True]
    board.release("main", time.monotonic() + LONG)
    assert not world.level(17)
    board.stop()
    assert world.level(17)


def test_stopping_bolts_everything_and_darkens_the_lamps(world: PinBoard, build: Build) -> None:
    board = build()
    board.release("main", time.monotonic() + 1000)
    board.set("siren", True)
    board.show("main.in", Lamp.REFUSED)
    assert world.level(READER.sounder.bcm)
    board.stop()
    assert not any(world.level(bcm) for bcm in (STRIKE, SIREN, READER.red.bcm, READER.sounder.bcm))


@pytest.mark.parametrize("lamp", Lamp)
def test_lamp_and_sounder_show_each_state(world: PinBoard, build: Build, lamp: Lamp) -> None:
    board = build()
    board.show("main.in", Lamp.PENDING if lamp is not Lamp.PENDING else Lamp.REFUSED)
    board.show("main.in", lamp)
    for pin, on in zip((READER.red, READER.green, READER.sounder), LAMPS[lamp], strict=True):
        assert world.level(pin.bcm) is on


def test_every_refusal_looks_and_sounds_the_same() -> None:
    assert set(LAMPS) == set(Lamp)
    assert LAMPS[Lamp.REFUSED] == (True, False, True)
    assert len(set(LAMPS.values())) == len(Lamp)


def test_a_release_that_the_wire_refuses_is_a_loss_and_no_exception(
    world: PinBoard, build: Build, heard: Heard
) -> None:
    board = build(zones=(), lamps=(READER,))
    world.disconnect()
    assert world.wait_controllers(0, LONG)
    board.release("main", time.monotonic() + 1000)
    board.secure("main")
    board.set("siren", True)
    board.show("main.in", Lamp.WAIT)
    board.show("main.in", Lamp.IDLE)
    assert heard.wait_kind(DeviceLost, 4)
    lost = [s.device for s in heard.of(DeviceLost) if isinstance(s, DeviceLost)]
    assert sorted(lost) == ["main", "main.in", "outer", "siren"]
    assert not heard.of(DeviceBack)
    with pytest.raises(GpioError, match="cannot be read"):
        board.level("main")
    board.stop()


def test_a_pin_serves_one_line_of_one_board(build: Build) -> None:
    twice = (pins.output("relay/1", "main"), pins.output("relay/1", "outer"))
    with pytest.raises(PinError, match="used twice"):
        build(twice, (), ())
    first = build((MAIN,), (), ())
    with pytest.raises(PinError, match=r"relay/1 \(BCM 17\) is used twice"):
        build((MAIN,), (), ())
    build((OUTER,), (), ())
    first.stop()
    build((MAIN,), (), ())


def test_a_name_serves_one_line() -> None:
    with pytest.raises(PinError, match="main: the name is used twice"):
        GpioBoard([pins.output("relay/1", "main")], [pins.zone("input/1", "main")], [], sink=Heard())


def test_a_pin_that_no_pi_has_is_an_error_and_claims_nothing(build: Build) -> None:
    wrong = (MAIN, OutputPin("outer", Pin("nowhere", 99)))
    with pytest.raises(GpioError, match=r"nowhere \(BCM 99\) cannot be an output"):
        build(wrong, (), ())
    build((MAIN,), (), ())


def test_stopping_twice_or_without_a_start_is_harmless(world: PinBoard, build: Build) -> None:
    board = build(start=False)
    board.stop()
    board.stop()
    assert not world.level(STRIKE)


def test_one_process_can_drive_a_second_world_after_the_first(
    world: PinBoard, build: Build, tmp_path: Path
) -> None:
    build().stop()
    with PinBoard(tmp_path / "other") as other:
        pi_host.adopt(tmp_path / "other")
        board = build()
        board.release("main", time.monotonic() + 1000)
        assert other.level(STRIKE)
        assert not ever_high(world, STRIKE)
        board.stop()
