import importlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from firmware_shims import pi_host
from firmware_shims.pinboard import PinBoard

LONG = 20.0


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
