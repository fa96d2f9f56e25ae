import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.analogue.windows import WHOLE, Resistors, Windows
from hardware.signals import Level


@st.composite
def resistors(draw: st.DrawFn) -> Resistors:
    pull_up = draw(st.integers(1_000, 10_000))
    rest = draw(st.floats(0.1, 0.7))
    opened = draw(st.floats(rest + 0.1, 0.9))
    series, both = (round(pull_up * share / (1 - share)) for share in (rest, opened))
    return Resistors(series, both - series, pull_up)


USUAL = Windows.of(Resistors())


@pytest.mark.parametrize(
    ("volts", "level"),
    [
        (0.0, Level.SHORT),
        (0.79, Level.SHORT),
        (1.45, Level.NORMAL),
        (1.65, Level.NORMAL),
        (1.85, Level.NORMAL),
        (2.0, Level.ACTIVE),
        (2.2, Level.ACTIVE),
        (2.4, Level.ACTIVE),
        (2.91, Level.CUT),
        (3.3, Level.CUT),
        (3.4, Level.CUT),
    ],
)
def test_the_usual_loop_reads_as_it_was_computed(volts: float, level: Level) -> None:
    assert USUAL.level(int(volts / 3.3 * WHOLE)) is level


@pytest.mark.parametrize("ppm", [300_000, 430_000])
def test_less_resistance_than_at_rest_is_tamper_towards_short(ppm: int) -> None:
    assert USUAL.level(ppm) is Level.SHORT


@pytest.mark.parametrize("ppm", [580_000, 800_000, 860_000])
def test_more_resistance_between_the_windows_is_tamper_towards_cut(ppm: int) -> None:
    assert USUAL.level(ppm) is Level.CUT


@given(resistors())
def test_the_four_states_as_designed_read_as_themselves(loop: Resistors) -> None:
    windows = Windows.of(loop)
    found = [windows.level(ppm) for ppm in (0, loop.rest_ppm, loop.open_ppm, WHOLE)]
    assert found == [Level.SHORT, Level.NORMAL, Level.ACTIVE, Level.CUT]


@given(resistors(), st.integers())
def test_every_ratio_whatever_it_is_has_a_state(loop: Resistors, ppm: int) -> None:
    assert Windows.of(loop).level(ppm) in Level


@given(resistors(), st.integers(-WHOLE, 2 * WHOLE), st.integers(-WHOLE, 2 * WHOLE))
def test_more_resistance_never_brings_back_an_earlier_state(loop: Resistors, a: int, b: int) -> None:
    windows = Windows.of(loop)
    low, high = min(a, b), max(a, b)
    stages = [(windows.level(ppm), ppm > windows.active.high) for ppm in (low, high)]
    rank = {
        (Level.SHORT, False): 0,
        (Level.NORMAL, False): 1,
        (Level.CUT, False): 2,
        (Level.ACTIVE, False): 3,
        (Level.CUT, True): 4,
    }
    assert rank[stages[0]] <= rank[stages[1]]


@given(resistors(), st.integers(0, WHOLE))
def test_a_window_bears_as_much_to_the_one_side_as_to_the_other(loop: Resistors, off: int) -> None:
    windows = Windows.of(loop)
    for middle, level in ((loop.rest_ppm, Level.NORMAL), (loop.open_ppm, Level.ACTIVE)):
        assert (windows.level(middle + off) is level) == (windows.level(middle - off) is level)


@given(resistors())
def test_between_two_windows_there_is_always_a_guard(loop: Resistors) -> None:
    windows = Windows.of(loop)
    assert windows.normal.low > 0
    assert windows.active.low - windows.normal.high > 10_000
    assert windows.active.high < WHOLE


@pytest.mark.parametrize("ohms", [(99, 4700, 4700), (4700, 100_001, 4700), (4700, 4700, 0)])
def test_a_resistor_outside_the_range_is_refused_by_name(ohms: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"is \d+ ohm, must be 100 to 100000"):
        Resistors(*ohms)


@pytest.mark.parametrize("ohms", [(4700, 200, 4700), (100, 4700, 4700), (100_000, 100_000, 4700)])
def test_resistors_that_cannot_tell_two_states_apart_are_refused(ohms: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="must be 80000 apart"):
        Resistors(*ohms)
