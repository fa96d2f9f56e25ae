"""The ring of a camera's last seconds."""

from __future__ import annotations

from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cameras.ring import OVERHEAD, Frame, Frames, Ring


def frame(at: float, size: int = 100) -> Frame:
    return Frame(bytes(size), at, 16, 16)


def ring_of(*times: float, seconds: float = 10, per_second: float = 10) -> Ring:
    ring = Ring(seconds, 1 << 20, per_second)
    for at in times:
        assert ring.add(frame(at))
    return ring


steps = st.lists(st.tuples(st.floats(0, 3), st.integers(0, 5_000)), max_size=60)


@given(steps, st.floats(0.1, 10), st.integers(600, 20_000))
def test_a_ring_is_never_beyond_its_bounds_and_always_in_order(
    steps: list[tuple[float, int]], seconds: float, most: int
) -> None:
    ring, at = Ring(seconds, most, 10), 100.0
    for step, size in steps:
        at += step
        taken = ring.add(frame(at, size))
        assert taken == (size + OVERHEAD <= most)
        held = list(ring._frames)
        assert ring.bytes == sum(one.cost for one in held) <= most
        assert [one.at for one in held] == sorted(one.at for one in held)
        if taken:
            assert held[-1].at == at
        if span := ring.span():
            assert span[1] - span[0] <= seconds


@given(steps, st.floats(0.1, 10), st.integers(600, 20_000))
def test_a_ring_drops_nothing_that_it_has_room_for(
    steps: list[tuple[float, int]], seconds: float, most: int
) -> None:
    ring, at, given_frames = Ring(seconds, most, 10), 100.0, []
    for step, size in steps:
        at += step
        if ring.add(frame(at, size)):
            given_frames.append(frame(at, size))
    held = list(ring._frames)
    dropped = given_frames[: len(given_frames) - len(held)]
    assert given_frames[len(dropped) :] == held
    if dropped:
        last = dropped[-1]
        assert held[-1].at - last.at > seconds or ring.bytes + last.cost > most


@given(steps, st.floats(90, 300), st.floats(0, 5))
def test_the_nearest_picture_is_really_nearest(
    steps: list[tuple[float, int]], at: float, tolerance: float
) -> None:
    ring, now = Ring(1000, 1 << 22, 10), 100.0
    for step, size in steps:
        now += step
        ring.add(frame(now, size))
    distances = [abs(one.at - at) for one in ring._frames]
    found = ring.nearest(at, tolerance)
    if found is None:
        assert all(distance > tolerance for distance in distances)
    else:
        assert abs(found.at - at) == min(distances) <= tolerance


def test_of_two_equally_near_pictures_the_earlier_one_is_given() -> None:
    found = ring_of(1.0, 2.0).nearest(1.5, 1)
    assert found is not None
    assert found.at == 1.0


def test_an_old_picture_is_never_given_for_a_new_moment() -> None:
    ring = ring_of(1.0, 2.0)
    assert ring.nearest(60.0, 0.5) is None
    assert ring.newest() == frame(2.0)


def test_a_silent_camera_leaves_its_last_seconds() -> None:
    ring = ring_of(1.0, 2.0, 3.0)
    assert ring.reach_s(100.0) == 99.0
    assert ring.span() == (1.0, 3.0)


def test_an_empty_ring_reaches_nowhere() -> None:
    ring = ring_of()
    assert (ring.span(), ring.newest(), ring.nearest(1, 1), ring.reach_s(5)) == (None, None, None, 0.0)
    assert ring.counts(0, 1) == Frames(0, 10, 1000)


def test_a_picture_larger_than_the_ring_drives_nothing_out() -> None:
    ring = Ring(10, 2000, 10)
    assert ring.add(frame(1.0))
    assert not ring.add(frame(2.0, 2000))
    assert ring.newest() == frame(1.0)


def test_pictures_never_run_backwards() -> None:
    ring = ring_of(5.0)
    with pytest.raises(ValueError, match="after"):
        ring.add(frame(4.9))
    with pytest.raises(ValueError, match="after"):
        ring.add(frame(float("nan")))


def test_what_a_span_lacks_is_counted_against_the_rate() -> None:
    times = [0.0, 0.1, 0.2, 0.3, 0.7, 0.8, 0.9, 1.0]
    assert ring_of(*times).counts(0.0, 1.0) == Frames(8, 2, 400)


def test_pictures_that_the_ring_has_dropped_since_were_not_missed() -> None:
    ring = Ring(1.0, 50_000, 10)
    for tenth in range(301):
        ring.add(frame(tenth / 10))
    assert ring.span() == (29.0, 30.0)
    assert ring.counts(0.0, 30.0) == Frames(301, 0, 100)


def test_the_edges_of_a_span_are_gaps_too() -> None:
    assert ring_of(2.0).counts(1.0, 4.0) == Frames(1, 29, 2000)


def test_a_span_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        ring_of(1.0).counts(2.0, 1.0)


@pytest.mark.parametrize("settings", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (float("nan"), 1, 1)])
def test_a_ring_without_bounds_is_refused(settings: tuple[float, int, float]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Ring(*settings)


def test_the_first_picture_at_or_after_a_moment_is_found_and_none_from_before_it() -> None:
    ring = ring_of(1.0, 2.0, 3.0)
    assert ring.first(1.5) == frame(2.0)
    assert ring.first(2.0) == frame(2.0)
    assert ring.first(3.5) is None


def test_whoever_wants_to_be_told_hears_of_every_picture_that_was_taken() -> None:
    told: list[int] = []
    ring = Ring(100.0, 10_000, 10)
    ring.tell = lambda: told.append(len(ring))
    assert ring.add(frame(1.0))
    assert ring.add(frame(2.0))
    assert not ring.add(frame(3.0, 20_000))
    assert told == [1, 2]


def test_a_ring_that_ended_takes_nothing_more() -> None:
    ring = ring_of(1.0)
    ring.end()
    assert not ring.add(frame(9.0))
    assert ring.first(2.0) is None


def test_many_threads_leave_the_sum_right() -> None:
    ring = Ring(1000, 50_000, 10)

    def look() -> None:
        for turn in range(300):
            ring.nearest(turn, 1)
            ring.counts(0, turn)

    readers = [Thread(target=look) for _ in range(3)]
    for one in readers:
        one.start()
    for at in range(300):
        ring.add(frame(at, at))
    for one in readers:
        one.join(60)
    assert ring.bytes == sum(one.cost for one in ring._frames) <= 50_000
