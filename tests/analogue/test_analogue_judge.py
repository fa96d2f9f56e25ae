from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.analogue.judge import Failure, Judge, Supply, Sweep
from hardware.analogue.zones import LoopZone
from hardware.signals import DeviceBack, DeviceLost, DeviceNoisy, Level, LineLevel, LoopLearned, Signal

SUPPLY = Supply(channel=7, share_ppm=500_000)
FULL = 2048
NORMAL, OPEN, CUT, SHORT = 2048, 2730, 4095, 0


def judge(**learned: int) -> Judge:
    zones = (LoopZone("door", 0), LoopZone("bolt", 1))
    return Judge("adc", zones, SUPPLY, full_scale=(4095, 3300), learned=learned, born=0.0)


class Life:
    """A judge, its clock, and everything it said."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.at = 0.0
        self.said: list[Signal] = []

    def sweeps(self, door: int, count: int = 20, supply: int = FULL) -> None:
        for _ in range(count):
            self.at += 0.01
            self.said += self.judge.take(Sweep(self.at, supply, (door, NORMAL), supply))
            self.said += self.judge.settle(self.at)

    def fails(self, count: int) -> None:
        for _ in range(count):
            self.at += 0.01
            self.said += self.judge.take(Failure(self.at, "no answer"))
            self.said += self.judge.settle(self.at)

    def door(self) -> list[Level]:
        return [s.level for s in self.said if isinstance(s, LineLevel) and s.line == "door"]


@pytest.fixture
def life() -> Life:
    life = Life(judge())
    life.sweeps(NORMAL)
    return life


def test_every_level_is_told_after_the_start(life: Life) -> None:
    assert life.said == [LineLevel("door", Level.NORMAL), LineLevel("bolt", Level.NORMAL)]


@pytest.mark.parametrize(("counts", "level"), [(OPEN, Level.ACTIVE), (CUT, Level.CUT), (SHORT, Level.SHORT)])
def test_each_state_is_told_when_it_has_lasted(life: Life, counts: int, level: Level) -> None:
    life.sweeps(counts)
    assert life.door() == [Level.NORMAL, level]


@given(st.integers(30, 200), st.sampled_from([OPEN, CUT, SHORT]))
def test_a_level_of_400_ms_is_seen_whatever_the_filter(filter_ms: int, counts: int) -> None:
    zones = (LoopZone("door", 0, filter_ms=filter_ms), LoopZone("bolt", 1))
    life = Life(Judge("adc", zones, SUPPLY, full_scale=(4095, 3300), learned={}, born=0.0))
    life.sweeps(NORMAL, 40)
    life.sweeps(counts, 40)
    life.sweeps(NORMAL, 40)
    assert len(life.door()) == 3


def test_one_spark_on_the_wire_is_not_even_a_flicker(life: Life) -> None:
    for _ in range(50):
        life.sweeps(CUT, 1)
        life.sweeps(NORMAL, 5)
    assert life.door() == [Level.NORMAL]
    assert not any(isinstance(s, DeviceNoisy) for s in life.said)


def test_chatter_is_told_as_noise_of_the_line_and_changes_no_level(life: Life) -> None:
    for _ in range(11):
        life.sweeps(OPEN, 3)
        life.sweeps(NORMAL, 10)
    assert life.said[2:] == [DeviceNoisy("door")]
    life.sweeps(NORMAL, 1000)
    assert life.said[3:] == [DeviceNoisy("door", quiet=True)]


def test_one_failure_is_nothing_and_three_tenths_of_a_second_are_a_loss(life: Life) -> None:
    life.fails(1)
    assert len(life.said) == 2
    life.fails(40)
    assert life.said[2:] == [
        DeviceNoisy("adc"),
        DeviceLost("adc", "no answer"),
        LineLevel("door", Level.CUT),
        LineLevel("bolt", Level.CUT),
    ]


def test_a_bus_that_works_now_and_then_is_lost_too(life: Life) -> None:
    for _ in range(20):
        life.fails(1)
        life.sweeps(NORMAL, 4)
    assert life.judge.lost


def test_a_lost_converter_is_back_after_five_sweeps_in_a_row(life: Life) -> None:
    life.fails(50)
    life.said.clear()
    life.sweeps(NORMAL, 4)
    life.fails(1)
    life.sweeps(NORMAL, 4)
    assert life.said == []
    life.sweeps(NORMAL, 10)
    assert life.said[0] == DeviceBack("adc")
    assert life.door() == [Level.NORMAL]


def test_silence_is_a_loss(life: Life) -> None:
    assert life.judge.settle(life.at + 1.4) == []
    assert isinstance(life.judge.settle(life.at + 1.5)[0], DeviceLost)
    assert life.judge.settle(life.at + 9.0) == []


def test_no_sweep_counts_while_the_supply_moves(life: Life) -> None:
    for n in range(100):
        life.at += 0.01
        supply = (FULL, FULL + 60) if n % 2 else (FULL + 60, FULL)
        life.said += life.judge.take(Sweep(life.at, supply[0], (NORMAL, NORMAL), supply[1]))
    assert DeviceLost("adc", "the supply of its loops is not steady") in life.said


@given(st.integers(1, 4095), st.integers(0, 4095))
def test_levels_follow_the_ratio_and_never_the_volts(supply: int, door: int) -> None:
    life = Life(judge())
    life.sweeps(door, 20, supply)
    good = SUPPLY.is_good(SUPPLY.millivolts_of(supply, 4095, 3300))
    ratio = door / supply / 2
    if good and abs(ratio - 0.5) < 0.06:
        assert life.door() == [Level.NORMAL]
    if not good or not 0.43 < ratio < 0.74:
        assert Level.NORMAL not in life.door()
        assert Level.ACTIVE not in life.door()


def test_a_loop_at_rest_is_learned_from_64_readings(life: Life) -> None:
    life.judge.learn(["door"])
    life.sweeps(NORMAL + 10, 63)
    assert len(life.said) == 2
    life.sweeps(NORMAL + 10, 1)
    assert life.said[2:] == [LoopLearned("door", 502_441)]


@pytest.mark.parametrize("counts", [OPEN, CUT, SHORT])
def test_a_loop_that_is_not_at_rest_learns_nothing(life: Life, counts: int) -> None:
    life.sweeps(counts)
    life.judge.learn(["door"])
    life.sweeps(counts, 5)
    assert life.said[-1] == LoopLearned("door", -1)


def test_a_loop_that_moves_while_it_is_learned_learns_nothing(life: Life) -> None:
    life.judge.learn(["door"])
    life.sweeps(NORMAL, 30)
    life.sweeps(NORMAL + 15, 1)
    assert life.said[-1] == LoopLearned("door", -1)
    life.sweeps(NORMAL, 100)
    assert life.said[-1] == LoopLearned("door", -1)


def test_a_line_that_chattered_a_moment_ago_learns_nothing(life: Life) -> None:
    for _ in range(11):
        life.sweeps(OPEN, 3)
        life.sweeps(NORMAL, 10)
    life.judge.learn(["door"])
    life.sweeps(NORMAL, 1)
    assert life.said[-1] == LoopLearned("door", -1)


def test_a_second_learning_ends_the_first_with_a_refusal(life: Life) -> None:
    life.judge.learn(["door"])
    assert life.judge.learn(["door"]) == [LoopLearned("door", -1)]


def test_a_loss_ends_a_learning_with_a_refusal(life: Life) -> None:
    life.judge.learn(["door"])
    life.fails(50)
    assert LoopLearned("door", -1) in life.said


def test_a_learned_value_that_the_resistors_cannot_give_is_tamper_and_not_a_crash() -> None:
    life = Life(judge(door=900_000))
    life.sweeps(NORMAL)
    assert life.door() == [Level.SHORT]


@pytest.mark.parametrize(
    ("key", "value"), [("millivolts", 999), ("share_ppm", 0), ("tolerance_ppm", 300_001)]
)
def test_a_supply_outside_its_range_is_refused_by_name(key: str, value: int) -> None:
    with pytest.raises(ValueError, match=rf"supply: {key} is {value}, must be"):
        Supply(3, **{key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [("filter_ms", 29), ("filter_ms", 201), ("tolerance_ppm", 1_499), ("drift_ppm", 4_001), ("drift_s", 0)],
)
def test_a_zone_outside_its_range_is_refused_by_name(key: str, value: int) -> None:
    changed: dict[str, Any] = {key: value}
    with pytest.raises(ValueError, match=rf"door: {key} is {value}, must be"):
        LoopZone("door", 0, **changed)


def test_a_loop_that_reads_every_state_in_turn_is_cut(life: Life) -> None:
    for _ in range(20):
        for counts in (SHORT, CUT, NORMAL):
            life.sweeps(counts, 1)
    assert life.door() == [Level.NORMAL, Level.CUT]


def test_a_change_that_was_not_measured_through_begins_anew(life: Life) -> None:
    life.sweeps(CUT)
    life.sweeps(NORMAL, 3)
    life.fails(20)
    life.sweeps(CUT)
    assert life.door() == [Level.NORMAL, Level.CUT]
