import importlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firmware_shims import pi_host
from firmware_shims.pin_wire import Op, Packet, decode
from firmware_shims.pinboard import PinBoard

LONG = 20.0


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PinBoard]:
    monkeypatch.setenv("IRONROOM_PINBOARD", "")
    monkeypatch.setenv("RPI_LGPIO_REVISION", "")
    with PinBoard(tmp_path / "pins") as board:
        pi_host.adopt(tmp_path / "pins")
        yield board


@pytest.fixture
def gpio(world: PinBoard) -> Iterator[Any]:
    # The real rpi-lgpio; only the C module under it is ours.
    module = importlib.import_module("RPi.GPIO")
    module.setwarnings(False)
    module.setmode(module.BCM)
    yield module
    module.cleanup()


def test_rpi_lgpio_runs_and_believes_it_is_on_a_pi_5(gpio: Any) -> None:
    assert gpio.RPI_INFO["TYPE"] == "Pi 5 Model B"


def test_an_output_is_seen_by_the_world_when_the_call_returns(gpio: Any, world: PinBoard) -> None:
    gpio.setup(17, gpio.OUT, initial=1)
    for n in range(50):
        gpio.output(17, n % 2)
        assert world.level(17) == bool(n % 2)
        assert gpio.input(17) == n % 2
    assert len(world.history) == 51


def test_listeners_hear_each_change_of_a_command_once(gpio: Any, world: PinBoard) -> None:
    heard: queue.SimpleQueue[tuple[int, bool]] = queue.SimpleQueue()
    world.listeners.append(lambda bcm, level: heard.put((bcm, level)))
    gpio.setup(17, gpio.OUT, initial=0)
    for level in (1, 1, 0):
        gpio.output(17, level)
    gpio.setup(27, gpio.OUT, initial=1)
    assert [heard.get(timeout=LONG) for _ in range(3)] == [(17, True), (17, False), (27, True)]


def settled(gpio: Any) -> None:
    # An answered packet comes after all news that were sent before it.
    gpio.setup(26, gpio.OUT, initial=0)


def test_after_a_brown_out_writing_moves_nothing_until_the_pin_is_an_output_again(
    gpio: Any, world: PinBoard
) -> None:
    heard: queue.SimpleQueue[tuple[int, bool]] = queue.SimpleQueue()
    gpio.setup(17, gpio.OUT, initial=1)
    gpio.setup(8, gpio.OUT, initial=0)
    world.listeners.append(lambda bcm, level: heard.put((bcm, level)))
    world.brown_out()
    settled(gpio)
    # As at reset: 17 is pulled down, 8 up.
    assert {heard.get(timeout=LONG) for _ in range(2)} == {(17, False), (8, True)}
    assert [gpio.input(17), gpio.input(8)] == [0, 1]
    gpio.output(17, 1)
    assert not world.level(17)
    gpio.setup(17, gpio.OUT, initial=1)
    assert world.level(17)
    assert gpio.input(17) == 1


def test_a_brown_out_takes_the_resistors_of_inputs(gpio: Any, world: PinBoard) -> None:
    gpio.setup(13, gpio.IN, pull_up_down=gpio.PUD_UP)
    assert gpio.input(13) == 1
    world.brown_out()
    settled(gpio)
    assert gpio.input(13) == 0
    gpio.setup(13, gpio.IN, pull_up_down=gpio.PUD_UP)
    assert gpio.input(13) == 1


def test_a_power_cut_ends_every_controller_and_its_outputs_fall(gpio: Any, world: PinBoard) -> None:
    gpio.setup(17, gpio.OUT, initial=1)
    world.power_cut()
    assert world.wait_controllers(0, LONG)
    assert not world.level(17)


def test_a_short_stands_against_what_is_commanded(gpio: Any, world: PinBoard) -> None:
    gpio.setup(17, gpio.OUT, initial=1)
    world.short(17, 0)
    settled(gpio)
    gpio.output(17, 1)
    assert [world.level(17), gpio.input(17)] == [False, 0]
    world.short(17, None)
    settled(gpio)
    assert [world.level(17), gpio.input(17)] == [True, 1]


def test_an_input_reads_what_the_field_drives(gpio: Any, world: PinBoard) -> None:
    gpio.setup(4, gpio.IN)
    edges: queue.SimpleQueue[int] = queue.SimpleQueue()
    gpio.add_event_detect(4, gpio.BOTH, callback=lambda _: edges.put(gpio.input(4)))
    for level in (1, 0, 1):
        world.drive(4, 1 - level)
        world.drive(4, level)
        while edges.get(timeout=LONG) != level:
            pass
        assert gpio.input(4) == level


@pytest.mark.parametrize(("pull", "level"), [("PUD_UP", 1), ("PUD_DOWN", 0), ("PUD_OFF", 0)])
def test_a_pin_that_nobody_drives_follows_its_resistor(
    gpio: Any, world: PinBoard, pull: str, level: int
) -> None:
    gpio.setup(5, gpio.IN, pull_up_down=getattr(gpio, pull))
    assert gpio.input(5) == level
    world.drive(5, 1 - level)
    assert world.level(5) == bool(1 - level)
    world.drive(5, None)
    assert world.level(5) == bool(level)


def test_before_any_program_pins_rest_as_the_chip_resets(world: PinBoard) -> None:
    assert [world.level(bcm) for bcm in (0, 8, 9, 27)] == [True, True, False, False]


@pytest.mark.parametrize(("edge", "expected"), [("RISING", [1]), ("FALLING", [0]), ("BOTH", [1, 0])])
def test_only_the_edges_asked_for_are_called(
    gpio: Any, world: PinBoard, edge: str, expected: list[int]
) -> None:
    world.drive(6, 0)
    world.drive(13, 0)
    gpio.setup([6, 13], gpio.IN)
    called: queue.SimpleQueue[int] = queue.SimpleQueue()
    gpio.add_event_detect(6, getattr(gpio, edge), callback=lambda _: called.put(gpio.input(6)))
    gpio.add_event_detect(13, gpio.RISING, callback=lambda _: called.put(99))
    for level in (1, 0):
        world.drive(6, level)
        if level in expected:
            assert called.get(timeout=LONG) == level
    world.drive(13, 1)
    # The edge of the other pin comes last: nothing else was called.
    assert called.get(timeout=LONG) == 99


def test_ten_bounces_are_one_event_after_debouncing(gpio: Any, world: PinBoard) -> None:
    world.drive(6, 0)
    gpio.setup(6, gpio.IN)
    called: queue.SimpleQueue[int] = queue.SimpleQueue()
    gpio.add_event_detect(6, gpio.BOTH, callback=lambda _: called.put(gpio.input(6)), bouncetime=300)
    for _ in range(10):
        world.drive(6, 1)
        world.drive(6, 0)
    world.drive(6, 1)
    assert called.get(timeout=LONG) == 1
    world.drive(6, 0)
    assert called.get(timeout=LONG) == 0
    assert called.empty()


def test_misuse_is_refused_as_on_hardware(gpio: Any) -> None:
    gpio.setup(4, gpio.IN)
    with pytest.raises(RuntimeError, match="has not been set up as an OUTPUT"):
        gpio.output(4, 1)
    with pytest.raises(RuntimeError, match="must setup"):
        gpio.input(22)
    with pytest.raises(ValueError, match="RISING, FALLING or BOTH"):
        gpio.add_event_detect(4, 7)
    with pytest.raises(ValueError, match="invalid on a Raspberry Pi"):
        gpio.setup(54, gpio.OUT)
    gpio.add_event_detect(4, gpio.RISING)
    with pytest.raises(RuntimeError, match="Conflicting edge detection"):
        gpio.add_event_detect(4, gpio.FALLING)


def test_an_output_made_an_input_is_let_go(gpio: Any, world: PinBoard) -> None:
    gpio.setup(17, gpio.OUT, initial=1)
    gpio.cleanup(17)
    assert not world.level(17)
    with pytest.raises(RuntimeError, match="must setup"):
        gpio.input(17)


def test_a_world_that_left_is_an_error_at_the_pins(gpio: Any, world: PinBoard) -> None:
    lgpio = importlib.import_module("lgpio")
    gpio.setup(17, gpio.OUT, initial=0)
    world.disconnect()
    assert world.wait_controllers(0, LONG)
    with pytest.raises(lgpio.error, match="bad GPIO write"):
        gpio.output(17, 1)
    with pytest.raises(lgpio.error, match="bad GPIO read"):
        gpio.input(17)


def test_a_second_owner_of_a_line_is_told_that_it_is_busy(gpio: Any, world: PinBoard, tmp_path: Path) -> None:
    gpio.setup(17, gpio.OUT, initial=1)
    program = (
        "import RPi.GPIO as G; G.setmode(G.BCM); G.setup(27, G.OUT, initial=1)\n"
        "try: G.setup(17, G.OUT, initial=0)\nexcept Exception as error: print(error)"
    )
    environment = pi_host.child_environment(tmp_path / "pins")
    child = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONG,
        check=True,
    )
    assert child.stdout.strip() == "GPIO busy"
    assert world.level(17)
    # It has ended, and what it commanded stands.
    assert world.wait_controllers(1, LONG)
    assert world.level(27)


FLOOD = """
import sys, RPi.GPIO as G
G.setwarnings(False); G.setmode(G.BCM); G.setup(list(range(4, 8)), G.IN); print("ready", flush=True)
sys.stdin.readline()
while [G.input(4), G.input(5), G.input(6), G.input(7)] != [1, 0, 1, 0]: pass
print("right", flush=True)
"""


def test_a_frozen_controller_holds_nobody_and_reads_right_when_it_thaws(
    world: PinBoard, tmp_path: Path
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", FLOOD],
        env=pi_host.child_environment(tmp_path / "pins"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        os.kill(child.pid, signal.SIGSTOP)
        for n in range(3000):
            for bcm in (4, 5, 6, 7):
                world.drive(bcm, n % 2)
        for bcm, level in ((4, 1), (5, 0), (6, 1), (7, 0)):
            world.drive(bcm, level)
        os.kill(child.pid, signal.SIGCONT)
        child.stdin.write("look\n")
        child.stdin.flush()
        watchdog = threading.Timer(LONG, child.kill)
        watchdog.start()
        assert child.stdout.readline() == "right\n"
        watchdog.cancel()


def test_the_c_module_itself_is_never_replaced_behind_its_back(tmp_path: Path) -> None:
    program = "import lgpio; from firmware_shims import pi_host; pi_host.adopt('x')"
    child = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    assert "the C module lgpio is already loaded" in child.stderr


@pytest.mark.parametrize("op", Op)
def test_a_packet_survives_the_wire(op: Op) -> None:
    for bcm in (0, 27, 53):
        for value in (0, 1, 2):
            assert decode(Packet(op, bcm, value).encode()) == Packet(op, bcm, value)


@pytest.mark.parametrize(
    "data", [b"", b"\x01", b"\x01\x02\x03\x04", b"\x00\x00\x00", b"\x07\x00\x00", b"\x01\x36\x00"]
)
def test_what_is_no_packet_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(data)
