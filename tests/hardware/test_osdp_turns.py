"""Whose turn it is on a full line, counted and never timed: the silent cost the others one wait a round."""

from __future__ import annotations

from collections import Counter

import pytest

from hardware.signals import DeviceBack, DeviceLost
from tests.hardware.osdp_counted_line import MOST, CountedLine, between

ROUNDS = 40
SILENT = [{5}, {0, 15}, set(range(1, MOST, 2)), set(range(1, MOST))]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> CountedLine:
    counted = CountedLine(monkeypatch)
    counted.run(60 * MOST)
    assert {one.device for one in counted.said if isinstance(one, DeviceBack)} == {
        f"r{number}" for number in range(MOST)
    }
    counted.said.clear()
    return counted


def most_between(asked: list[int], silent: set[int]) -> int:
    """How often at most one silent device was asked between two questions to one that answers."""
    gaps = [gap for good in set(range(MOST)) - silent for gap in between(asked, good)]
    assert len(gaps) >= ROUNDS / 4
    return max(Counter(gap)[one] for gap in gaps for one in silent)


def test_on_a_line_where_all_answer_all_are_asked_alike(counted: CountedLine) -> None:
    asked = Counter(counted.run(ROUNDS * MOST))
    assert set(asked) == set(range(MOST))
    assert max(asked.values()) <= 2 * min(asked.values())


@pytest.mark.parametrize("silent", SILENT, ids=len)
def test_between_two_polls_of_a_good_reader_a_silent_one_is_asked_at_most_once(
    counted: CountedLine, silent: set[int]
) -> None:
    counted.silent = silent
    assert most_between(counted.run(ROUNDS * MOST), silent) == 1
    assert {one.device for one in counted.said if isinstance(one, DeviceLost)} == {f"r{n}" for n in silent}


@pytest.mark.parametrize("silent", SILENT, ids=len)
def test_a_board_that_falls_silent_with_orders_to_carry_out_has_no_more_turns_than_others(
    counted: CountedLine, silent: set[int]
) -> None:
    counted.silent = silent
    for number in silent:
        counted.outputs[number].set(0, True)
        counted.outputs[number].set(1, True)
    assert most_between(counted.run(ROUNDS * MOST), silent) == 1


def test_a_reader_that_is_heard_again_has_its_turns_again(counted: CountedLine) -> None:
    counted.silent = {5}
    counted.run(ROUNDS * MOST)
    counted.silent = ()
    counted.run(ROUNDS * MOST)
    assert DeviceBack("r5") in counted.said
    asked = Counter(counted.run(ROUNDS * MOST))
    assert max(asked.values()) <= 2 * min(asked.values())
