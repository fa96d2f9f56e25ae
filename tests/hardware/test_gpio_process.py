import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_shims.pi_host import child_environment
from firmware_shims.pinboard import PinBoard
from hardware import pins

LONG = 30.0
STRIKE = pins.pin("relay/1").bcm
BOARD = """
import os, sys, time
from hardware import pins
from hardware.gpio import GpioBoard, GpioError
def say(*words):
    os.write(1, " ".join(map(str, words)).encode() + b"\\n")  # whole lines, whichever thread says them
def board():
    zones = [pins.zone("input/1", "contact")]
    return GpioBoard([pins.output("relay/1", "main")], zones, [], sink=lambda s: say(type(s).__name__))
"""


class Controller:
    def __init__(self, program: str, environment: dict[str, str], folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-W", "error", "-c", BOARD + program],
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hear(self, word: str) -> bool:
        assert self.process.stdout
        watchdog = threading.Timer(LONG, self.process.kill)
        watchdog.start()
        heard = any(line.strip() == word for line in iter(self.process.stdout.readline, ""))
        watchdog.cancel()
        return heard

    def end(self) -> tuple[str, str]:
        out, err = self.process.communicate(timeout=LONG)
        return out, err

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=LONG)


class Host:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.controllers: list[Controller] = []

    def run(self, program: str, environment: dict[str, str] | None = None) -> Controller:
        controller = Controller(program, environment or child_environment(self.folder / "pins"), self.folder)
        self.controllers.append(controller)
        return controller


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    host = Host(tmp_path)
    yield host
    for controller in host.controllers:
        controller.kill()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PinBoard]:
    with PinBoard(tmp_path / "pins") as board:
        for pin in pins.zone("input/1").pins:
            board.drive(pin.bcm, 0)
        yield board


HOLD = """
b = board(); b.start(); b.release("main", time.monotonic() + 1000); say("held"); sys.stdin.readline()
"""


def test_after_a_kill_the_next_start_bolts_at_once_and_knows_the_levels(world: PinBoard, host: Host) -> None:
    first = host.run(HOLD)
    assert world.wait(STRIKE, 1, LONG)
    first.process.kill()
    assert world.wait_controllers(0, LONG)
    # The worst case: nobody is there, and the last level stands.
    assert world.level(STRIKE)
    world.drive(pins.pin("input/1").bcm, 1)
    second = host.run("b = board(); say('built'); b.start(); sys.stdin.readline()")
    assert second.hear("built")
    assert not world.level(STRIKE)
    assert second.hear("LineLevel")
    assert len([level for _, bcm, level in world.history if bcm == STRIKE and level]) == 1


def test_a_program_that_fails_without_stopping_the_board_leaves_it_bolted(
    world: PinBoard, host: Host
) -> None:
    child = host.run(HOLD + "raise SystemError('the loop has ended')")
    assert child.hear("held")
    assert world.level(STRIKE)
    _, err = child.end()
    assert "the loop has ended" in err
    assert "ResourceWarning" not in err
    assert not world.level(STRIKE)


def test_a_process_frozen_past_the_end_bolts_as_soon_as_it_thaws(world: PinBoard, host: Host) -> None:
    child = host.run("""
import signal
b = board(); b.start(); end = time.monotonic() + 1; b.release("main", end)
os.kill(os.getpid(), signal.SIGSTOP)
b.release("main", end); say("asked"); sys.stdin.readline()
""")
    assert world.wait(STRIKE, 1, LONG)
    assert not world.wait(STRIKE, 0, 1.5)
    os.kill(child.process.pid, signal.SIGCONT)
    assert child.hear("LateRelease")
    assert child.hear("asked")
    assert world.wait(STRIKE, 0, LONG)


def test_a_second_controller_gets_no_pin_of_the_first(world: PinBoard, host: Host) -> None:
    first = host.run(HOLD)
    assert world.wait(STRIKE, 1, LONG)
    second = host.run("""
try:
    board()
except GpioError as error:
    say(error)
""")
    out, _ = second.end()
    assert "relay/1 (BCM 17) cannot be an output" in out
    assert "busy" in out
    assert world.level(STRIKE)
    assert first.process.poll() is None


REFUSED = """
try:
    board()
except GpioError as error:
    say("refused:", error)
"""


def test_off_a_pi_the_board_refuses_with_a_sentence(host: Host) -> None:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("RPI_LGPIO", "IRONROOM"))
    }
    out, err = host.run(REFUSED, environment).end()
    assert "refused: RPi.GPIO cannot be used here" in out, err
    assert "install ironroom[pi] and run it on a Raspberry Pi" in out


def test_without_the_library_the_board_refuses_with_a_sentence(host: Host) -> None:
    out, err = host.run("sys.modules['RPi'] = None" + REFUSED).end()
    assert "refused: RPi.GPIO cannot be used here" in out, err


def test_without_a_world_the_chip_cannot_be_opened(host: Host) -> None:
    out, err = host.run(REFUSED).end()
    assert "refused: the GPIO chip cannot be opened: can not open gpiochip" in out, err
