from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from hardware.analogue.judge import Failure, Judge, Supply, Sweep
from hardware.analogue.zones import LoopZone
from hardware.signals import DeviceBack, DeviceLost, Level, LineLevel

FULL = 2048
NORMAL, OPEN, CUT, SHORT = 2048, 2730, 4095, 0
NEAR = Sweep(0.0, FULL, (NORMAL, NORMAL), FULL)
GONE = Failure(0.0, "no answer")


def judge() -> Judge:
    zones = (LoopZone("door", 0), LoopZone("bolt", 1))
    supply = Supply(channel=7, share_ppm=500_000)
    return Judge("adc", zones, supply, full_scale=(4095, 3300), learned={}, born=0.0)


def random_news() -> st.SearchStrategy[list[Sweep | Failure]]:
    counts = st.integers(0, 65_535)
    sweep = st.builds(lambda a, b, c, d: Sweep(0.0, a, (b, c), d), counts, counts, counts, counts)
    near = st.sampled_from(
        [Sweep(0.0, FULL, (b, b), FULL) for b in (NORMAL, NORMAL, NORMAL, OPEN, CUT, SHORT)]
    )
    one = st.one_of(st.lists(near, min_size=4, max_size=4), st.lists(sweep, max_size=1))
    runs = st.lists(st.one_of(one, st.builds(lambda n: [NEAR] * n, st.integers(1, 12)), st.just([GONE])))
    return runs.map(lambda found: [each for run in found for each in run])


def timed(news: list[Sweep | Failure]) -> Iterator[Sweep | Failure]:
    for n, each in enumerate(news):
        at = (n + 1) * 0.01
        match each:
            case Failure(_, why):
                yield Failure(at, why)
            case Sweep(_, before, zones, after):
                yield Sweep(at, before, zones, after)


def measures_rest(news: Sweep | Failure) -> bool:
    return isinstance(news, Sweep) and 0.43 < news.zones[0] / (news.before + news.after) < 0.57


def is_measured(news: Sweep | Failure) -> bool:
    return isinstance(news, Sweep) and not judge()._why_not(news)


@given(random_news())
def test_rest_is_only_told_of_a_loop_that_was_measured_through_and_mostly_at_rest(
    news: list[Sweep | Failure],
) -> None:
    life, so_far = judge(), list[Sweep | Failure]()
    for each in timed(news):
        so_far.append(each)
        if LineLevel("door", Level.NORMAL) in life.take(each):
            # 50 ms of filter, and the two readings before it that make three in a row.
            last = so_far[-8:]
            assert len(last) == 8
            assert all(map(is_measured, last))
            assert sum(map(measures_rest, last)) >= 4


@given(random_news())
def test_after_any_rubbish_a_loss_is_told_once_and_ends_only_with_its_end(
    news: list[Sweep | Failure],
) -> None:
    life, lost = judge(), False
    for each in timed(news):
        for signal in life.take(each):
            match signal:
                case DeviceLost():
                    assert not lost
                    lost = True
                case DeviceBack():
                    assert lost
                    lost = False
                case LineLevel(_, level):
                    assert level is Level.CUT or not lost
