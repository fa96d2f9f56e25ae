import queue
from typing import Any

import pytest

from firmware_shims.pinboard import PinBoard

LONG = 20.0


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


def test_an_output_made_an_input_is_let_go(gpio: Any, world: PinBoard) -> None:
    gpio.setup(17, gpio.OUT, initial=1)
    gpio.cleanup(17)
    assert not world.level(17)
    with pytest.raises(RuntimeError, match="must setup"):
        gpio.input(17)
