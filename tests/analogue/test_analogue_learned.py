from hypothesis import given
from hypothesis import strategies as st

from hardware.analogue.learned import LearnedWindow
from hardware.signals import Level, LoopMoved

REST = 500_000


def learned(drift_s: float = 60.0) -> LearnedWindow:
    window = LearnedWindow("door", tolerance_ppm=4_000, drift_ppm=2_000, lasting_s=0.05, drift_s=drift_s)
    window.learn(REST)
    return window


def run(
    window: LearnedWindow, readings: list[int], begin: float = 0.0
) -> tuple[list[Level], list[LoopMoved]]:
    levels, moved = [], []
    for n, ppm in enumerate(readings):
        level, told = window.judge(Level.NORMAL, ppm, begin + n * 0.01)
        levels.append(level)
        moved += told
    return levels, moved


def test_without_a_learned_rest_every_rest_is_one() -> None:
    window = LearnedWindow("door", tolerance_ppm=4_000, drift_ppm=2_000, lasting_s=0.05, drift_s=60)
    assert run(window, [440_000, 560_000] * 50) == ([Level.NORMAL] * 100, [])


@given(st.integers(440_000, 560_000))
def test_what_lies_outside_the_tolerance_is_tamper_and_what_lies_inside_is_rest(ppm: int) -> None:
    level, _ = learned().judge(Level.NORMAL, ppm, 1.0)
    off = ppm - REST
    assert level is (Level.NORMAL if abs(off) <= 4_000 else Level.CUT if off > 0 else Level.SHORT)


@given(st.sampled_from([Level.ACTIVE, Level.CUT, Level.SHORT]), st.integers(0, 1_000_000))
def test_a_loop_that_is_not_at_rest_keeps_its_state(level: Level, ppm: int) -> None:
    assert learned().judge(level, ppm, 1.0) == (level, [])


def test_a_step_is_told_once_when_it_has_lasted() -> None:
    window = learned()
    run(window, [REST] * 10)
    levels, moved = run(window, [510_000] * 1000, begin=1.0)
    assert set(levels) == {Level.CUT}
    assert moved == [LoopMoved("door", 510_000, REST, drift=False)]


def test_a_step_shorter_than_that_is_not_told() -> None:
    window = learned()
    _, moved = run(window, ([510_000] * 4 + [REST] * 20) * 5)
    assert moved == []


def test_a_second_step_after_the_loop_was_as_learned_again_is_told_again() -> None:
    _, moved = run(learned(), ([510_000] * 20 + [REST] * 20) * 2)
    assert len(moved) == 2


def test_drift_is_told_once_before_it_is_tamper_and_leaving_the_window_slowly_adds_no_step() -> None:
    readings = [REST + n // 4 for n in range(24_000)]
    levels, moved = run(learned(drift_s=2.0), readings)
    assert [(told.drift, told.learned_ppm) for told in moved] == [(True, REST)]
    assert 2_000 <= moved[0].ppm - REST <= 2_010
    assert levels[:16_000] == [Level.NORMAL] * 16_000
    assert levels[-1] is Level.CUT


def test_drift_that_wanders_back_and_out_again_is_told_again() -> None:
    readings = [503_000] * 3000 + [REST] * 3000 + [503_000] * 3000
    _, moved = run(learned(drift_s=2.0), readings)
    assert [told.drift for told in moved] == [True, True]


def test_drift_at_the_very_limit_is_one_excursion_and_not_many() -> None:
    readings = ([502_300] * 40 + [501_700] * 40) * 100
    _, moved = run(learned(drift_s=2.0), readings)
    assert len(moved) == 1


def test_a_step_does_not_move_the_average() -> None:
    window = learned(drift_s=2.0)
    run(window, [510_000] * 5000)
    _, moved = run(window, [REST] * 100, begin=60.0)
    assert moved == []


def test_time_spent_outside_moves_no_average_either() -> None:
    window = learned(drift_s=2.0)
    window.judge(Level.NORMAL, REST, 0.0)
    run(window, [510_000] * 5000, begin=1.0)
    assert window.judge(Level.NORMAL, 503_000, 60.0) == (Level.NORMAL, [])


def test_time_in_which_nothing_was_measured_moves_no_average() -> None:
    window = learned(drift_s=2.0)
    window.judge(Level.NORMAL, 503_000, 0.0)
    window.interrupt()
    assert window.judge(Level.NORMAL, 503_000, 1000.0) == (Level.NORMAL, [])


def test_learning_anew_ends_the_excursion() -> None:
    window = learned()
    run(window, [510_000] * 20)
    window.learn(510_000)
    assert run(window, [510_000] * 20, begin=1.0) == ([Level.NORMAL] * 20, [])


@given(st.lists(st.integers(440_000, 560_000), max_size=200))
def test_a_line_is_never_told_moved_while_it_never_left_the_drift_limit(readings: list[int]) -> None:
    near = [REST + (ppm - REST) // 30 for ppm in readings]
    assert run(learned(drift_s=1.0), near)[1] == []
