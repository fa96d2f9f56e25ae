from typing import Any

import pytest

from hardware.signals import DeviceNoisy, Level, LineLevel, LoopLearned, LoopMoved

LINE = "main.contact"


def told(bench: Any, level: Level, count: int = 1) -> bool:
    return bool(bench.heard.wait(LineLevel(LINE, level), count=count))


def test_a_loop_at_rest_is_normal_and_an_open_contact_active_until_it_shuts(bench: Any) -> None:
    bench.rest()
    assert told(bench, Level.NORMAL)
    bench.loop.contact_open = True
    assert told(bench, Level.ACTIVE)
    bench.loop.contact_open = False
    assert told(bench, Level.NORMAL, count=2)


def test_a_loop_that_is_cut_is_told_as_cut(bench: Any) -> None:
    bench.rest()
    bench.loop.cut = True
    assert told(bench, Level.CUT)


def test_a_loop_that_is_shorted_is_told_as_short_even_while_the_contact_is_open(bench: Any) -> None:
    bench.loop.contact_open = True
    bench.rest()
    assert told(bench, Level.ACTIVE)
    bench.loop.short = True
    assert told(bench, Level.SHORT)


def test_a_loop_that_was_cut_before_the_start_is_cut_from_the_first_word(bench: Any) -> None:
    bench.loop.cut = True
    bench.rest()
    assert [s for s in bench.heard.of(LineLevel) if s.line == LINE] == [LineLevel(LINE, Level.CUT)]


def test_a_resistor_across_the_wires_does_not_pass_for_rest_once_the_loop_is_learned(bench: Any) -> None:
    bench.rest({LINE: 500_000})
    assert told(bench, Level.NORMAL)
    bench.loop.bridge = 68_000
    assert told(bench, Level.SHORT)
    moved = [s for s in bench.heard.of(LoopMoved) if not s.drift]
    assert [s.line for s in moved] == [LINE]
    assert abs(moved[0].ppm - 483_287) < 1_000
    bench.loop.bridge = None
    assert told(bench, Level.NORMAL, count=2)


def test_a_foreign_resistor_in_place_of_the_loop_is_tamper_although_a_bare_window_takes_it(
    bench: Any,
) -> None:
    bench.rest({LINE: 500_000})
    assert told(bench, Level.NORMAL)
    bench.loop.foreign = 5100
    assert told(bench, Level.CUT)
    assert [(s.line, s.drift) for s in bench.heard.of(LoopMoved)] == [(LINE, False)]


def test_a_resistor_that_hides_an_open_contact_is_tamper(bench: Any) -> None:
    bench.rest({LINE: 500_000})
    assert told(bench, Level.NORMAL)
    bench.loop.contact_open = True
    bench.loop.bridge = 10_000
    assert told(bench, Level.CUT)
    assert [s.level for s in bench.heard.of(LineLevel) if s.line == LINE][-1] is Level.CUT


def test_a_loop_changed_while_nobody_looked_is_tamper_from_the_start(bench: Any) -> None:
    bench.loop.series = 4400
    bench.rest({LINE: 500_000})
    assert told(bench, Level.SHORT)
    assert LineLevel(LINE, Level.NORMAL) not in bench.heard.all


@pytest.mark.parametrize("volts", [2.5, 2.9, 3.7])
def test_a_sagging_or_rising_supply_moves_no_level(bench: Any, volts: float) -> None:
    bench.rest({LINE: 500_000, "main.bolt": 500_000})
    assert told(bench, Level.NORMAL)
    bench.world.field.supply_v = volts
    before = bench.bus.transfers
    bench.loop.contact_open = True
    assert told(bench, Level.ACTIVE)
    assert bench.bus.transfers > before
    assert [s for s in bench.heard.of(LineLevel, LoopMoved) if s.line == "main.bolt"] == [
        LineLevel("main.bolt", Level.NORMAL)
    ]


def test_noise_on_the_wire_that_stays_small_moves_nothing(bench: Any) -> None:
    bench.world.field.noise_v = 0.002
    driver = bench.rest({LINE: 500_000})
    driver.learn([LINE])
    assert bench.heard.wait_kind(LoopLearned)
    assert bench.heard.of(LoopMoved, DeviceNoisy) == []
    assert bench.heard.of(LineLevel).count(LineLevel(LINE, Level.NORMAL)) == 1


def test_a_learned_rest_is_told_and_counts_from_then_on(bench: Any) -> None:
    bench.loop.series = 4500
    driver = bench.rest({LINE: 500_000})
    assert told(bench, Level.SHORT)
    driver.learn([LINE])
    assert bench.heard.wait_kind(LoopLearned)
    (learned,) = bench.heard.of(LoopLearned)
    assert isinstance(learned, LoopLearned)
    assert abs(learned.ppm - 489_130) < 500
    assert told(bench, Level.NORMAL)
    bench.loop.series = 4700
    assert told(bench, Level.CUT)


def test_a_loop_that_is_not_at_rest_is_not_learned(bench: Any) -> None:
    bench.loop.contact_open = True
    driver = bench.rest({LINE: 500_000})
    driver.learn([LINE, "main.bolt"])
    assert bench.heard.wait(LoopLearned(LINE, -1))
    assert bench.heard.wait_kind(LoopLearned, 2)
    bench.loop.contact_open = False
    assert told(bench, Level.NORMAL)


def test_after_the_end_a_learning_is_refused_and_never_silent(bench: Any) -> None:
    driver = bench.rest()
    driver.stop()
    driver.learn([LINE])
    assert bench.heard.of(LoopLearned) == [LoopLearned(LINE, -1)]
