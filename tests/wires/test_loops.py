"""Supervised loops from the copper to the guard: what is done to the wires of a door is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.wires.badged import SITE, Badged, blank
from tests.wires.wired import LONG

LOOPS = """
[converter.a1]
address = "spi:///dev/spidev0.0?chip=mcp3208"
supply = 8

[converter.a2]
address = "i2c:///dev/i2c-1?chip=ads1115&address=73"
supply = 4
"""
ON_LOOPS = (
    SITE.replace('contact = "gpio:input/1"', 'contact = "adc:a1/1"\nbolt = "adc:a1/2"').replace(
        'contact = "gpio:input/3"', 'contact = "adc:a2/1"\nbolt = "adc:a2/2"'
    )
    + LOOPS
)
PAIR = ("--as", "zhao", "--and", "chen")
DOORS = {"main": "a1", "side": "a2"}  # an MCP3208 on SPI, an ADS1115 on I2C
LINES = tuple(f"{door}.{what}" for door in DOORS for what in ("bolt", "contact"))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Badged]:
    with Badged(tmp_path_factory.mktemp("room"), ON_LOOPS) as room:
        room.founded()
        for person in ("li", "wang"):
            room.equip(person, blank())
        before = room.newest
        assert "accepted" in room.child.ask("learn_loops", "zhao", "chen", lines=list(LINES))
        room.until(lambda: len(room.entries("loop_learned", after=before)) == len(LINES), "learned loops")
        yield room


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def level(room: Badged, line: str) -> str:
    return str(room.view["inputs"][line])


def alarms(room: Badged, place: str) -> set[str]:
    return {one["alarm"] for one in room.view["alarms"] if one["place"] == place}


@contextmanager
def alarmed(room: Badged, kind: str, *places: str) -> Iterator[None]:
    """What is done in here calls the guard, draws no bolt, and leaves the way out free."""
    door = places[0].partition(".")[0]
    for place in places:
        room.child.ask("acknowledge", "zhao", alarm=kind, place=place, reason="seen to")
    yield
    room.until(lambda: any(kind in alarms(room, place) for place in places), f"{kind} at {places}")
    assert not room.bench.lock(door)
    room.way_out(door)


def at_rest(room: Badged, line: str) -> None:
    room.bench.level(line, "normal")
    room.until(lambda: level(room, line) == "normal", f"{line} at rest")


def test_a_bolt_drawn_behind_a_contact_held_by_a_magnet_is_forced(room: Badged, door: str) -> None:
    with alarmed(room, "forced", door):
        room.bench.level(f"{door}.bolt", "active")
    assert level(room, f"{door}.contact") == "normal"
    at_rest(room, f"{door}.bolt")


def test_loops_are_learned_by_two_people_and_what_was_learned_outlives_a_kill(room: Badged) -> None:
    assert {level(room, line) for line in LINES} == {"normal"}
    learned = room.command("wires", "learn", *LINES, *PAIR)
    assert learned.exit_code == 0, learned.output
    assert learned.output.count("rests at") == len(LINES)
    room.child.kill()
    room.up()
    loops = room.child.tell({"look": "wires"})["loops"]
    assert {one["line"] for one in loops if one["learned"]} == set(LINES)
    shown = room.command("wires", "show").output
    assert "main.contact" in shown
    assert "%" in shown


def test_a_loop_that_is_not_at_rest_is_not_learned_and_the_command_says_so(room: Badged, door: str) -> None:
    line = f"{door}.bolt"
    room.bench.level(line, "cut")
    room.until(lambda: level(room, line) == "cut", "a cut loop")
    refused = room.command("wires", "learn", line, *PAIR)
    assert (refused.exit_code, f"{line} was not learned" in refused.output) == (1, True)
    assert not room.view["learning"]
    at_rest(room, line)


def test_two_people_pass_a_door_on_loops(room: Badged, door: str) -> None:
    room.walk()
    room.show(f"{door}.in", "li", "pending")
    room.show(f"{door}.in", "wang", "granted")
    assert room.bench.field.wait(door, energised=True, timeout=LONG)
    room.bench.level(f"{door}.bolt", "active")
    room.open(door, "opened")
    room.bench.level(f"{door}.contact", "normal")
    at_rest(room, f"{door}.bolt")
    room.until(lambda: room.view["rooms"]["vault"]["occupancy"] == 2, "two people inside")
    assert room.child.ask("recount", "zhao", "chen", room="vault", inside=[]) == {"accepted": True}


@pytest.mark.parametrize("fault", ["cut", "short"])
def test_a_loop_that_is_cut_or_shorted_calls_the_guard(room: Badged, door: str, fault: str) -> None:
    line = f"{door}.contact"
    with alarmed(room, "tamper", line, door):
        room.bench.level(line, fault)
    assert level(room, line) == fault
    at_rest(room, line)


def test_a_resistor_of_ones_own_in_the_place_of_the_contact_calls_the_guard(room: Badged, door: str) -> None:
    line = f"{door}.contact"
    with alarmed(room, "tamper", line, door):
        room.bench.loop(line).foreign = 5100.0
    assert level(room, line) != "normal"
    at_rest(room, line)


def test_a_resistor_across_the_wires_calls_the_guard(room: Badged, door: str) -> None:
    line = f"{door}.contact"
    with alarmed(room, "tamper", line, door):
        room.bench.loop(line).bridge = 4700.0
    assert level(room, line) != "normal"
    at_rest(room, line)


def test_a_converter_torn_off_takes_its_door_with_it_and_the_way_out_stays_free(
    room: Badged, door: str
) -> None:
    converter = DOORS[door]
    bus = room.bench.loops.buses[converter]
    with alarmed(room, "device_lost", f"{door}.contact", converter):
        bus.vanish()
    assert converter in room.view["lost"]
    bus.back()
    room.until(lambda: converter not in room.view["lost"], "the converter")
    room.until(lambda: level(room, f"{door}.contact") == "normal", "the contact")


def test_a_line_that_is_on_no_converter_is_refused_with_the_names_of_those_that_are(room: Badged) -> None:
    before = room.newest
    told = room.command("wires", "learn", "main.contact", "main.rex", *PAIR)
    assert (told.exit_code, "refused: not_understood" in told.output) == (1, True)
    assert f"a line on a converter, and main.rex is none; there is {', '.join(LINES)}" in told.output
    assert not room.entries("loop_learned", after=before)
