import queue
from typing import Any

import pytest

from firmware_shims.pinboard import PinBoard

LONG = 20.0


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
