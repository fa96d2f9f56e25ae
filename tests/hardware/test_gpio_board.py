import math
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_shims import pi_host
from firmware_shims.heard import Heard
from firmware_shims.pin_alerts import ALERTS
from firmware_shims.pinboard import PinBoard
from hardware import pins
from hardware.gpio import LAMPS, GpioBoard, GpioError
from hardware.pins import InputZone, LampPins, OutputPin, Pin, PinError
from hardware.signals import DeviceBack, DeviceLost, DeviceNoisy, Lamp, LateRelease, Level, LineLevel

LONG = 20.0
STRIKE, SIREN = pins.pin("relay/1").bcm, pins.pin("relay/7").bcm
OUTPUTS = (
    pins.output("relay/1", "main"),
    pins.output("relay/2", "outer"),
    pins.output("relay/7", "siren", latching=True),
)
ZONES = (pins.zone("input/1", "contact"), pins.zone("input/2", "north", filter_ms=200))
READER = pins.lamp("lamp/1", "main.in")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PinBoard]:
    path = tmp_path / "pins"
    monkeypatch.setenv("IRONROOM_PINBOARD", "")
    monkeypatch.setenv("RPI_LGPIO_REVISION", "")
    with PinBoard(path) as board:
        pi_host.adopt(path)
        for zone in ZONES:
            put(board, zone, Level.NORMAL)
        yield board


class Bench:
    def __init__(self) -> None:
        self.heard = Heard()
        self.boards: list[GpioBoard] = []

    def board(
        self,
        outputs: tuple[OutputPin, ...] = OUTPUTS,
        zones: tuple[InputZone, ...] = ZONES,
        lamps: tuple[LampPins, ...] = (READER,),
        *,
        start: bool = True,
    ) -> GpioBoard:
        board = GpioBoard(outputs, zones, lamps, sink=self.heard)
        self.boards.append(board)
        if start:
            board.start()
        return board


@pytest.fixture
def bench(world: PinBoard) -> Iterator[Bench]:
    bench = Bench()
    yield bench
    for board in bench.boards:
        board.stop()


def put(world: PinBoard, zone: InputZone, level: Level) -> None:
    for pin, on in zip(zone.pins, pins.zone_bits(level), strict=True):
        world.drive(pin.bcm, pin.level(on=on))


def ever_high(world: PinBoard, bcm: int) -> bool:
    return any(level for _, number, level in list(world.history) if number == bcm)


def test_a_board_is_constructed_bolted(world: PinBoard, bench: Bench) -> None:
    bench.board()
    assert not world.level(STRIKE)
    assert not any(ever_high(world, output.pin.bcm) for output in OUTPUTS)


def test_an_active_low_relay_is_constructed_bolted_in_one_step(world: PinBoard, bench: Bench) -> None:
    relay = OutputPin("main", Pin("test", 17, active_high=False))
    board = bench.board((relay,), (), ())
    assert [level for _, bcm, level in world.history if bcm == 17] == [True]
    board.release("main", time.monotonic() + LONG)
    assert not world.level(17)
    board.stop()
    assert world.level(17)


def test_a_release_is_dropped_by_the_driver_when_its_time_has_passed(world: PinBoard, bench: Bench) -> None:
    board = bench.board()
    end = time.monotonic() + 0.4
    board.release("main", end)
    assert ever_high(world, STRIKE)
    assert world.wait(STRIKE, 0, LONG)
    assert time.monotonic() >= end
    assert board.level("main") is False


def test_releases_end_in_the_order_of_their_ends(world: PinBoard, bench: Bench) -> None:
    board = bench.board()
    now = time.monotonic()
    board.release("main", now + 0.8)
    board.release("outer", now + 0.4)
    assert world.level(STRIKE)
    assert world.wait(pins.pin("relay/2").bcm, 0, LONG)
    assert world.wait(STRIKE, 0, LONG)
    ends = [bcm for _, bcm, level in world.history if not level]
    assert ends == [pins.pin("relay/2").bcm, STRIKE]


def test_the_newest_end_counts(world: PinBoard, bench: Bench) -> None:
    board = bench.board()
    board.release("main", time.monotonic() + 1000)
    assert world.level(STRIKE)
    board.release("main", time.monotonic() + 0.3)
    assert world.wait(STRIKE, 0, LONG)


def test_a_bolt_is_secured_at_once(world: PinBoard, bench: Bench) -> None:
    board = bench.board()
    board.release("main", time.monotonic() + 1000)
    board.release("outer", time.monotonic() + 1000)
    board.secure("main")
    assert not world.level(STRIKE)
    assert world.level(pins.pin("relay/2").bcm)
    board.secure_all()
    assert not world.level(pins.pin("relay/2").bcm)


def test_a_release_after_its_time_is_not_carried_out(world: PinBoard, bench: Bench) -> None:
    board = bench.board()
    board.release("main", time.monotonic() - 2)
    late = bench.heard.of(LateRelease)
    assert [signal.line for signal in late if isinstance(signal, LateRelease)] == ["main"]
    assert all(isinstance(signal, LateRelease) and signal.late_ms >= 2000 for signal in late)
    assert not ever_high(world, STRIKE)


def test_however_close_the_end_the_bolt_is_back(world: PinBoard, bench: Bench) -> None:
    board = bench.board()
    for microseconds in range(0, 1000, 7):
        board.release("main", time.monotonic() + microseconds / 1e6)
    assert world.wait(STRIKE, 0, LONG)
    assert board.level("main") is False


def test_many_threads_releasing_and_securing_leave_nothing_open(world: PinBoard, bench: Bench) -> None:
    board = bench.board()

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
        assert board.level(line) is False


@pytest.mark.parametrize("end", [math.inf, -math.inf, math.nan])
def test_a_release_without_an_end_is_an_error(bench: Bench, end: float) -> None:
    with pytest.raises(ValueError, match="needs an end"):
        bench.board().release("main", end)


def test_a_bolt_cannot_be_switched_and_a_siren_cannot_be_released(bench: Bench) -> None:
    board = bench.board()
    with pytest.raises(PinError, match="is a bolt and needs an end"):
        board.set("main", True)
    with pytest.raises(PinError, match="stays as told"):
        board.release("siren", time.monotonic() + 1)
    with pytest.raises(PinError, match="stays as told"):
        board.secure("siren")
    with pytest.raises(PinError, match="there is main, outer, siren"):
        board.release("mian", time.monotonic() + 1)


def test_nothing_is_released_before_the_start_or_after_the_stop(world: PinBoard, bench: Bench) -> None:
    board = bench.board(start=False)
    with pytest.raises(GpioError, match="nobody is there to end it"):
        board.release("main", time.monotonic() + 1)
    board.start()
    board.stop()
    with pytest.raises(GpioError, match="nobody is there to end it"):
        board.release("main", time.monotonic() + 1)
    assert not ever_high(world, STRIKE)


def test_stopping_bolts_everything_and_darkens_the_lamps(world: PinBoard, bench: Bench) -> None:
    board = bench.board()
    board.release("main", time.monotonic() + 1000)
    board.set("siren", True)
    board.show("main.in", Lamp.REFUSED)
    assert world.level(READER.sounder.bcm)
    board.stop()
    assert not any(world.level(bcm) for bcm in (STRIKE, SIREN, READER.red.bcm, READER.sounder.bcm))


def test_a_sounding_siren_can_be_left_sounding(world: PinBoard, bench: Bench) -> None:
    board = bench.board()
    board.set("siren", True)
    board.release("main", time.monotonic() + 1000)
    assert world.level(STRIKE)
    board.stop(leave_latching=True)
    assert not world.level(STRIKE)
    assert world.level(SIREN)


@pytest.mark.parametrize("lamp", Lamp)
def test_lamp_and_sounder_show_each_state(world: PinBoard, bench: Bench, lamp: Lamp) -> None:
    board = bench.board()
    board.show("main.in", Lamp.PENDING if lamp is not Lamp.PENDING else Lamp.REFUSED)
    board.show("main.in", lamp)
    for pin, on in zip((READER.red, READER.green, READER.sounder), LAMPS[lamp], strict=True):
        assert world.level(pin.bcm) is on


def test_every_refusal_looks_and_sounds_the_same() -> None:
    assert set(LAMPS) == set(Lamp)
    assert LAMPS[Lamp.REFUSED] == (True, False, True)
    assert len(set(LAMPS.values())) == len(Lamp)


def test_every_level_is_reported_at_the_start_once(world: PinBoard, bench: Bench) -> None:
    put(world, ZONES[1], Level.SHORT)
    bench.board()
    assert bench.heard.wait(LineLevel("contact", Level.NORMAL))
    assert bench.heard.wait(LineLevel("north", Level.SHORT))
    put(world, ZONES[0], Level.ACTIVE)
    assert bench.heard.wait(LineLevel("contact", Level.ACTIVE))
    assert len(bench.heard.of(LineLevel)) == 3


def test_a_torn_off_lead_is_cut_from_the_start(world: PinBoard, bench: Bench) -> None:
    for pin in ZONES[0].pins:
        world.drive(pin.bcm, None)
    bench.board()
    assert bench.heard.wait(LineLevel("contact", Level.CUT))


@pytest.mark.parametrize("level", [Level.ACTIVE, Level.CUT, Level.SHORT])
def test_an_input_reports_each_level_and_its_end(world: PinBoard, bench: Bench, level: Level) -> None:
    bench.board()
    assert bench.heard.wait(LineLevel("north", Level.NORMAL))
    put(world, ZONES[1], level)
    assert bench.heard.wait(LineLevel("north", level))
    put(world, ZONES[1], Level.NORMAL)
    assert bench.heard.wait(LineLevel("north", Level.NORMAL), count=2)


def test_a_missed_edge_heals_with_the_next_reading(world: PinBoard, bench: Bench) -> None:
    bench.board()
    assert bench.heard.wait(LineLevel("contact", Level.NORMAL))
    ALERTS.unwatch(ZONES[0].alarm.bcm)
    put(world, ZONES[0], Level.ACTIVE)
    assert bench.heard.wait(LineLevel("contact", Level.ACTIVE))


def test_a_bare_line_is_normal_or_active(world: PinBoard, bench: Bench) -> None:
    bare = InputZone("rex", pins.pin("input/3"))
    world.drive(bare.alarm.bcm, 0)
    bench.board((), (bare,), ())
    assert bench.heard.wait(LineLevel("rex", Level.NORMAL))
    world.drive(bare.alarm.bcm, 1)
    assert bench.heard.wait(LineLevel("rex", Level.ACTIVE))


def test_chatter_is_counted_and_reported_and_no_level_is_invented(world: PinBoard, bench: Bench) -> None:
    bench.board((), (ZONES[1],), ())
    assert bench.heard.wait(LineLevel("north", Level.NORMAL))
    for _ in range(60):
        world.drive(ZONES[1].alarm.bcm, 1)
        world.drive(ZONES[1].alarm.bcm, 0)
    assert bench.heard.wait(DeviceNoisy("north"))
    assert bench.heard.of(LineLevel) == [LineLevel("north", Level.NORMAL)]
    put(world, ZONES[1], Level.ACTIVE)
    assert bench.heard.wait(LineLevel("north", Level.ACTIVE))


def test_pins_that_can_no_longer_be_read_are_lost_once(world: PinBoard, bench: Bench) -> None:
    bench.board()
    assert bench.heard.wait_kind(LineLevel, 2)
    world.disconnect()
    assert bench.heard.wait_kind(DeviceLost, 2)
    lost = [s.device for s in bench.heard.of(DeviceLost) if isinstance(s, DeviceLost)]
    assert sorted(lost) == ["contact", "north"]


def test_a_release_that_the_wire_refuses_is_a_loss_and_no_exception(world: PinBoard, bench: Bench) -> None:
    board = bench.board(zones=(), lamps=(READER,))
    world.disconnect()
    assert world.wait_controllers(0, LONG)
    board.release("main", time.monotonic() + 1000)
    board.secure("main")
    board.set("siren", True)
    board.show("main.in", Lamp.WAIT)
    board.show("main.in", Lamp.IDLE)
    lost = [s.device for s in bench.heard.of(DeviceLost) if isinstance(s, DeviceLost)]
    assert sorted(lost) == ["main", "main.in", "siren"]
    assert not bench.heard.of(DeviceBack)
    with pytest.raises(GpioError, match="cannot be read"):
        board.level("main")
    board.stop()


def test_a_pin_serves_one_line_of_one_board(bench: Bench) -> None:
    twice = (pins.output("relay/1", "main"), pins.output("relay/1", "outer"))
    with pytest.raises(PinError, match="used twice"):
        bench.board(twice, (), ())
    first = bench.board((OUTPUTS[0],), (), ())
    with pytest.raises(PinError, match=r"relay/1 \(BCM 17\) is used twice"):
        bench.board((OUTPUTS[0],), (), ())
    bench.board((OUTPUTS[1],), (), ())
    first.stop()
    bench.board((OUTPUTS[0],), (), ())


def test_a_name_serves_one_line() -> None:
    with pytest.raises(PinError, match="main: the name is used twice"):
        GpioBoard([pins.output("relay/1", "main")], [pins.zone("input/1", "main")], [], sink=Heard())


def test_a_pin_that_no_pi_has_is_an_error_and_claims_nothing(bench: Bench) -> None:
    wrong = (OUTPUTS[0], OutputPin("outer", Pin("nowhere", 99)))
    with pytest.raises(GpioError, match=r"nowhere \(BCM 99\) cannot be an output"):
        bench.board(wrong, (), ())
    bench.board((OUTPUTS[0],), (), ())


def test_stopping_twice_or_without_a_start_is_harmless(world: PinBoard, bench: Bench) -> None:
    board = bench.board(start=False)
    board.stop()
    board.stop()
    assert not world.level(STRIKE)


def test_one_process_can_drive_a_second_world_after_the_first(
    world: PinBoard, bench: Bench, tmp_path: Path
) -> None:
    bench.board().stop()
    with PinBoard(tmp_path / "other") as other:
        pi_host.adopt(tmp_path / "other")
        board = bench.board()
        board.release("main", time.monotonic() + 1000)
        assert other.level(STRIKE)
        assert not ever_high(world, STRIKE)
        board.stop()
