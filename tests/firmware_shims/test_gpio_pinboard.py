import queue
from typing import Any

import pytest

from firmware_shims.pinboard import PinBoard

LONG = 20.0


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
