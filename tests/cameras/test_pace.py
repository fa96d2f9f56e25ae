"""Which pictures are kept, and when they are too many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardware.cameras.pace import Pace

gaps = st.lists(st.floats(0, 0.5), max_size=200)


def kept(pace: Pace, times: list[float]) -> list[float]:
    return [at for at in times if pace.arrived(at)]


@given(gaps, st.sampled_from([1.0, 5.0, 10.0, 25.0]))
def test_no_more_are_kept_than_configured(gaps: list[float], per_second: float) -> None:
    times = [100 + sum(gaps[: turn + 1]) for turn in range(len(gaps))]
    found = kept(Pace(per_second, 100), times)
    if found:
        assert len(found) <= (found[-1] - found[0]) * per_second + 3


@given(st.sampled_from([1.0, 5.0, 10.0, 25.0]), st.data())
def test_a_camera_at_its_rate_loses_nothing_by_its_jitter(per_second: float, data: st.DataObject) -> None:
    jitter = data.draw(st.lists(st.floats(-0.2, 0.2), min_size=50, max_size=50))
    times = [100 + (turn + more) / per_second for turn, more in enumerate(jitter, start=1)]
    assert kept(Pace(per_second, 100), times) == times


def test_after_a_silence_pictures_are_not_made_up_for() -> None:
    pace = Pace(10, 100)
    assert kept(pace, [100.0, 100.1]) == [100.0, 100.1]
    assert len(kept(pace, [200 + turn / 1000 for turn in range(100)])) <= 3


def test_a_flood_is_one_only_when_it_lasts() -> None:
    pace = Pace(10, 0)
    for turn in range(1500):
        pace.arrived(turn / 1000)
    assert (pace.flooded, pace.calm) == (False, False)
    for turn in range(1500, 2100):
        pace.arrived(turn / 1000)
    assert (pace.flooded, pace.calm) == (True, False)


def test_a_camera_with_a_rate_of_its_own_is_no_flood() -> None:
    pace = Pace(2, 0)
    for turn in range(300):
        pace.arrived(turn / 30)
    assert (pace.flooded, pace.calm) == (False, True)
