from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hardware.gpio_filter import ZoneFilter
from hardware.signals import DeviceNoisy, Level, LineLevel

N, A, C = Level.NORMAL, Level.ACTIVE, Level.CUT


def settled(filter_ms: int = 50) -> ZoneFilter:
    line = ZoneFilter("door", filter_ms / 1000, 0.0)
    line.read(N, 0.0)
    assert line.settle(1.0) == [LineLevel("door", N)]
    return line


def flicker(line: ZoneFilter, at: float) -> list[object]:
    return [*line.read(A, at), *line.read(N, at + 0.01)]


def test_a_level_is_reported_once_when_it_has_lasted() -> None:
    line = settled()
    assert line.read(A, 2.0) == []
    assert line.due() == 2.05
    assert line.settle(2.049) == []
    assert line.settle(2.05) == [LineLevel("door", A)]
    assert line.settle(3.0) == []
    assert line.read(A, 4.0) == []


def test_a_late_caller_still_reports_a_level_that_lasted_and_has_gone_again() -> None:
    line = settled()
    line.read(A, 2.0)
    assert line.read(N, 2.4) == [LineLevel("door", A)]
    assert line.settle(9.0) == [LineLevel("door", N)]


def test_a_shorter_level_is_never_reported() -> None:
    line = settled()
    assert flicker(line, 2.0) == []
    assert line.settle(100.0) == []


@given(st.integers(1, 200), st.lists(st.sampled_from([*Level]), min_size=1, max_size=30))
def test_any_level_of_400_ms_is_seen_whatever_the_filter(filter_ms: int, levels: list[Level]) -> None:
    line = ZoneFilter("door", filter_ms / 1000, 0.0)
    seen = [
        s.level for n, raw in enumerate(levels) for s in line.read(raw, n * 0.4) if isinstance(s, LineLevel)
    ]
    seen += [s.level for s in line.settle(len(levels) * 0.4) if isinstance(s, LineLevel)]
    assert seen == [level for n, level in enumerate(levels) if n == 0 or levels[n - 1] is not level]


@given(st.lists(st.tuples(st.sampled_from([*Level]), st.integers(0, 120)), max_size=60), st.data())
def test_asking_more_often_changes_nothing(history: list[tuple[Level, int]], data: st.DataObject) -> None:
    often, seldom = ZoneFilter("door", 0.05, 0.0), ZoneFilter("door", 0.05, 0.0)
    now, said, expected = 0, [], []
    for raw, pause in history:
        said += often.read(raw, now / 1000)
        expected += seldom.read(raw, now / 1000)
        for between in sorted(data.draw(st.lists(st.integers(now, now + pause), max_size=3))):
            said += often.settle(between / 1000)
        now += pause
    said += often.settle(now / 1000)
    expected += seldom.settle(now / 1000)
    assert [s for s in said if isinstance(s, LineLevel)] == [s for s in expected if isinstance(s, LineLevel)]


@given(st.lists(st.tuples(st.sampled_from([*Level]), st.integers(0, 120)), max_size=60))
def test_the_same_level_is_never_reported_twice_running(history: list[tuple[Level, int]]) -> None:
    line, now, levels = ZoneFilter("door", 0.05, 0.0), 0, []
    for raw, pause in history:
        levels += [s.level for s in line.read(raw, now / 1000) if isinstance(s, LineLevel)]
        now += pause
    assert all(before is not after for before, after in pairwise(levels))


def test_ten_flickers_in_ten_seconds_are_borne_and_the_eleventh_is_a_fault() -> None:
    line = settled()
    for n in range(10):
        assert flicker(line, 2.0 + n * 0.1) == []
    assert flicker(line, 4.0) == [DeviceNoisy("door")]
    assert flicker(line, 5.0) == []


def test_flickers_spread_over_more_than_ten_seconds_are_no_fault() -> None:
    line = settled()
    assert [s for n in range(60) for s in flicker(line, 2.0 + n * 1.1)] == []


def test_ten_seconds_without_a_flicker_end_the_fault() -> None:
    line = settled()
    for n in range(11):
        flicker(line, 2.0 + n * 0.1)
    assert line.noisy
    last = 2.0 + 10 * 0.1 + 0.01
    assert line.settle(last + 9.99) == []
    assert line.settle(last + 10.0) == [DeviceNoisy("door", quiet=True)]
    assert not line.noisy


def test_a_pulse_between_two_readings_counts_as_a_flicker() -> None:
    line = settled()
    said = [s for n in range(11) for s in line.flickered(2.0 + n * 0.1)]
    assert said == [DeviceNoisy("door")]


def test_a_pulse_starts_the_wait_for_a_new_level_again() -> None:
    line = settled()
    line.read(A, 2.0)
    line.flickered(2.04)
    assert line.settle(2.06) == []
    assert line.settle(2.09) == [LineLevel("door", A)]


def test_chatter_between_two_bad_levels_counts_too() -> None:
    line, said = settled(), []
    for n in range(40):
        said += line.read(A if n % 2 else C, 2.0 + n * 0.01)
    assert said == [DeviceNoisy("door")]


def test_a_line_that_chatters_from_the_start_is_reported_after_a_second() -> None:
    line, said = ZoneFilter("door", 0.05, 0.0), []
    for n in range(120):
        said += [s for s in line.read(A if n % 2 else N, n * 0.01) if isinstance(s, LineLevel)]
    assert len(said) == 1


def test_after_a_line_was_unreadable_its_level_is_reported_again() -> None:
    line = settled()
    line.forget()
    assert line.due() is None
    line.read(N, 2.0)
    assert line.settle(2.05) == [LineLevel("door", N)]


def test_a_clock_that_steps_back_is_taken_as_standing_still() -> None:
    line = settled()
    line.read(A, 2.0)
    assert line.read(A, 0.5) == []
    assert line.settle(2.05) == [LineLevel("door", A)]
