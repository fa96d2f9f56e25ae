"""What lines report: the chatter filter and the four states of an input, behaviour 26 and 33."""

from __future__ import annotations

from itertools import product

import pytest

from controller.core.effects import Release
from controller.core.events import DeviceNoisy, InputLevel, Level
from controller.core.state import DoorPhase
from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

BROKEN = (Level.CUT, Level.SHORT)
POINTS = sorted(example().inputs)


def _raw(room: Room, point: str, level: Level) -> None:
    """A level as the line has it, before the chatter filter."""
    room.step(InputLevel(room.now, point, level))


def _blip(room: Room, point: str, millis: int, level: Level = Level.ACTIVE) -> None:
    """A level that lasts so long and is gone again."""
    _raw(room, point, level)
    room.wait_ms(millis)
    _raw(room, point, Level.NORMAL)


def test_b26_a_level_lasting_400_ms_is_seen_wherever_the_loop_stands() -> None:
    for point in ("main.contact", "north.contact", "north.glass", "c1.a.contact", "main.in.tamper", "fire"):
        room = Room()
        room.now += 12_345
        _blip(room, point, 400)
        assert [e["at"] for e in room.entries if e.get("point") == point and e["level"] == "active"] == [
            12_645
        ]


@pytest.mark.parametrize("settle", [50, 300, 350])
def test_b26_a_level_counts_at_its_last_millisecond_and_not_before(settle: int) -> None:
    room = Room(example(settle_ms=settle))
    _blip(room, "north.contact", settle - 1)
    room.wait(5)
    assert not room.alarms
    assert len(room.site.moment.filters["north.contact"].flips) == 1
    _blip(room, "north.contact", settle)
    assert room.alarms == {"window_open"}
    assert len(room.site.moment.filters["north.contact"].flips) == 1


def test_b26_a_level_that_lasted_counts_at_its_moment_though_the_loop_was_late() -> None:
    room = Room()
    _raw(room, "north.contact", Level.ACTIVE)
    began = room.now
    room.step(InputLevel(began + 60_000, "north.contact", Level.NORMAL))
    assert room.of("window_opened")[0]["at"] == began + 300
    room.wait(1)
    assert room.of("window_shut")[0]["at"] == began + 60_300


def test_b26_repeating_a_level_does_not_begin_it_anew() -> None:
    room = Room()
    for _ in range(30):
        _raw(room, "north.contact", Level.ACTIVE)
        room.wait_ms(10)
    assert room.alarms == {"window_open"}


@pytest.mark.parametrize(("blips", "fault"), [(10, False), (11, True)])
def test_b26_too_much_chatter_is_a_fault(blips: int, fault: bool) -> None:
    room = Room()
    for _ in range(blips):
        _blip(room, "north.contact", 100)
        room.wait_ms(100)
    assert ("input_fault" in room.alarms) is fault
    assert bool(room.of("device_noisy")) is fault


@pytest.mark.parametrize(("apart", "fault"), [(899, True), (1_000, False)])
def test_b26_chatter_is_counted_over_its_time_only(apart: int, fault: bool) -> None:
    room = Room()
    for _ in range(30):
        _blip(room, "north.contact", 100)
        room.wait_ms(apart - 100)
    assert ("input_fault" in room.alarms) is fault


def test_b26_between_two_wrong_levels_is_chatter_too() -> None:
    room = Room()
    for _ in range(6):
        _raw(room, "north.contact", Level.ACTIVE)
        room.wait_ms(50)
        _raw(room, "north.contact", Level.CUT)
        room.wait_ms(50)
    assert "input_fault" in room.alarms


def test_b26_a_chattering_door_is_a_fault_until_it_has_been_quiet_for_the_whole_time() -> None:
    room = Room()
    for _ in range(11):
        _blip(room, "main.contact", 100)
        room.wait_ms(100)
    room.tap("main.in", "B1")
    assert room.reason is Reason.DOOR_FAULT
    assert room.state.room("vault").unknown
    room.wait_ms(9_899)
    assert "main.contact" in room.state.noisy
    room.wait_ms(1)
    assert room.of("device_quiet")
    assert not room.state.noisy


def test_b26_a_driver_that_counts_for_itself_says_the_same() -> None:
    room = Room()
    room.step(DeviceNoisy(room.now, "main.contact"))
    room.step(DeviceNoisy(room.now, "main.contact"))
    assert len(room.of("device_noisy")) == 1
    assert room.alarms == {"input_fault", "occupancy_unknown"}
    room.step(DeviceNoisy(room.now, "main.contact", quiet=True))
    assert room.of("device_quiet")


def test_b26_a_restart_in_the_middle_of_a_level_takes_what_the_line_says_then() -> None:
    room = Room()
    _raw(room, "north.contact", Level.ACTIVE)
    room.wait_ms(299)
    room.restart(settle=False)
    room.wait(5)
    assert not room.alarms
    _raw(room, "north.contact", Level.ACTIVE)
    assert room.alarms == {"window_open"}


def test_b26_a_way_out_never_waits_for_the_filter() -> None:
    room = Room()
    room.enter("B1", "B2")
    _raw(room, "main.rex", Level.ACTIVE)
    assert room.is_open()


@pytest.mark.parametrize(("point", "level"), list(product(POINTS, BROKEN)))
def test_b33_cut_and_short_are_tamper_whatever_is_armed(point: str, level: Level) -> None:
    for people in ((), ("B1", "B2")):
        room = Room()
        if people:
            room.enter(*people)
        room.input(point, level)
        assert room.kinds[0] == "tamper"
        assert room.of("tamper")[-1] | {"point": point, "level": level.value} == room.of("tamper")[-1]
        assert "tamper" in room.raised
        assert not any(isinstance(e, Release) for e in room.outcome.effects)
        assert room.site.egress_is_free("main")


@pytest.mark.parametrize("level", BROKEN)
def test_b33_tamper_latches_and_a_line_that_heals_clears_nothing(level: Level) -> None:
    room = Room()
    room.input("north.glass", level)
    room.input("north.glass", Level.NORMAL)
    room.restart()
    assert "tamper" in room.alarms
    room.input("north.glass", level)
    assert "tamper" in room.raised


def test_b33_a_line_cut_before_the_start_is_tamper_at_its_first_report() -> None:
    room = Room()
    room.restart(settle=False)
    room.input("c1.vibration", Level.CUT)
    assert room.alarms == {"tamper"}


@pytest.mark.parametrize(("point", "level"), list(product(("main.contact", "main.bolt"), BROKEN)))
def test_b33_nobody_enters_by_a_door_whose_lines_are_broken(point: str, level: Level) -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.input(point, level)
    room.tap("main.in", "B2")
    assert room.reason is Reason.DOOR_FAULT
    assert not room.is_open()


def test_b33_a_cut_contact_moves_no_door() -> None:
    for level in (*BROKEN, Level.UNKNOWN):
        room = Room()
        room.tap("main.in", "B1")
        room.tap("main.in", "B2")
        room.open()
        room.input("main.contact", level)
        assert room.state.door("main").phase is DoorPhase.PASSING
        assert not room.inside
        assert "entered" not in room.kinds


def test_b33_a_line_without_a_level_says_nothing() -> None:
    for point, level in product(POINTS, (Level.NORMAL, Level.ACTIVE)):
        room = Room()
        room.input(point, level)
        before = room.state.level(point)
        room.input(point, Level.UNKNOWN)
        assert not room.kinds
        assert room.state.level(point) is before


ACTIVE = {
    "north.contact": "window_open",
    "north.glass": "intrusion",
    "vault.motion": "intrusion",
    "c1.vibration": "intrusion",
    "main.in.tamper": "tamper",
    "main.contact": "forced",
    "c1.a.contact": "cabinet_forced",
}
ARMED_ALWAYS = {"north.contact", "north.glass", "main.in.tamper", "main.contact", "c1.a.contact"}


@pytest.mark.parametrize("point", ACTIVE)
def test_b33_active_means_what_its_line_means_in_an_empty_room_and_in_a_used_one(point: str) -> None:
    room = Room()
    room.input(point, Level.ACTIVE)
    assert ACTIVE[point] in room.raised
    room = Room()
    room.enter("B1", "B2")
    room.input(point, Level.ACTIVE)
    assert (ACTIVE[point] in room.raised) is (point in ARMED_ALWAYS)


def test_b33_mains_lost_and_back_are_written_down() -> None:
    room = Room()
    room.input("mains", Level.ACTIVE)
    room.input("mains", Level.NORMAL)
    assert [e["lost"] for e in room.of("power")] == [True, False]


def test_b33_a_line_of_no_site_is_nobodys() -> None:
    room = Room()
    _raw(room, "cellar.contact", Level.CUT)
    assert not room.kinds
