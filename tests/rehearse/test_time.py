"""Time in a drill: moments, limits, what is open while the story goes on, and what a level needs to last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from controller.drill import Step
from tests.rehearse.stories import TWO_ENTER, played, step

TAP: dict[str, Any] = {"reader": '"main.in"', "badge": '"B1"'}


@pytest.mark.parametrize(("limit", "met"), [(14.9, False), (15.0, True), (600, True)])
def test_within_gives_an_entry_time_and_not_more(tmp_path: Path, limit: float, met: bool) -> None:
    account = played(tmp_path, step("tap", f'entry = "two_person_timeout", within = {limit}', **TAP))
    assert account.met is met
    (finding,) = account.steps[0].findings
    assert finding.at == min(16_000, 1_000 + round(limit * 1000))


def test_without_within_the_moment_of_the_step_counts(tmp_path: Path) -> None:
    text = step("tap", 'entry = "two_person_timeout"', **TAP) + step("wait", after=20)
    assert not played(tmp_path, text).met


def test_an_expectation_that_is_open_does_not_hold_the_story_up(tmp_path: Path) -> None:
    text = step("tap", 'entry = "granted", within = 10', **TAP)
    text += step("tap", 'lock = "main", is = "unlocked"', after=3, reader='"main.in"', badge='"B2"')
    account = played(tmp_path, text)
    assert account.met
    assert account.steps[0].findings[0].at == 4_000


@pytest.mark.parametrize(("limit", "met"), [(14.9, True), (15.0, False)])
def test_what_must_not_happen_must_not_happen_until_its_limit(
    tmp_path: Path, limit: float, met: bool
) -> None:
    text = step("tap", f'no_entry = "two_person_timeout", within = {limit}', **TAP)
    assert played(tmp_path, text).met is met


@pytest.mark.parametrize(("limit", "met"), [(29.9, True), (30.0, False)])
def test_no_alarm_within_a_time_means_all_of_it(tmp_path: Path, limit: float, met: bool) -> None:
    out: dict[str, Any] = {"reader": '"main.out"', "badge": '"B1"'}
    text = TWO_ENTER + step("tap", **out) + step("open", what='"main"')
    text += step("shut", f"no_alarm = true, within = {limit}", what='"main"')
    assert played(tmp_path, text).met is met


def test_what_a_limit_allows_is_still_there_for_the_next_step(tmp_path: Path) -> None:
    text = step("tap", 'entry = "two_person_timeout", within = 20', **TAP)
    text += step("wait", 'entry = "two_person_timeout", count = 1', after=18)
    assert played(tmp_path, text).met


@pytest.mark.parametrize(("held", "met"), [(0.1, False), (0.2, False), (0.4, True), (1.0, True)])
def test_an_input_must_last_and_what_it_brings_belongs_to_its_step(
    tmp_path: Path, held: float, met: bool
) -> None:
    line: dict[str, Any] = {"name": '"main.contact"'}
    text = step("input", 'entry = "forced"', is_='"active"', **line)
    text += step("input", after=held, is_='"normal"', **line) + step("wait", after=2)
    assert played(tmp_path, text).met is met


def test_what_a_lasting_input_brought_is_not_counted_twice(tmp_path: Path) -> None:
    line: dict[str, Any] = {"name": '"north.glass"'}
    text = step("input", 'alarm = "tamper"', is_='"cut"', **line)
    text += step("input", 'no_entry = "tamper"', after=5, is_='"normal"', **line)
    assert played(tmp_path, text).met


def test_what_is_due_at_the_moment_of_a_step_has_happened_before_it(tmp_path: Path) -> None:
    second = step("tap", 'entry = "two_person_timeout"', 'no_entry = "granted"', after=15, **TAP)
    text = step("tap", **TAP) + second.replace("B1", "B2")
    assert played(tmp_path, text).met


def test_steps_may_be_placed_by_at_by_after_or_follow_at_once(tmp_path: Path) -> None:
    text = """
[[step]]
at = 2.5
do = "wait"
[[step]]
do = "wait"
[[step]]
after = 0.001
do = "wait"
[[step]]
at = 2.501
do = "wait"
[[step]]
after = 1
at = "c1.a"
do = "put"
carrier = "K1"
"""
    account = played(tmp_path, text)
    assert [one.step.at for one in account.steps] == [2_500, 2_500, 2_501, 2_501, 3_501]


def test_a_week_passes_in_a_moment(tmp_path: Path) -> None:
    """Nobody has closed the day of the room: that is what a week brings, and nothing else."""
    week = step("wait", "occupancy = 2", 'alarm = "closing_missing"', after=604_800)
    account = played(tmp_path, TWO_ENTER + week)
    assert account.met
    raised = {entry["alarm"] for entry in account.entries if entry["kind"] == "alarm_raised"}
    assert raised == {"closing_missing"}


def test_a_jump_of_the_clock_is_told_in_the_seconds_of_the_drill_file() -> None:
    assert str(Step(1, 0, "clock", {"by": -3_600_000})) == "clock by=-3600.0"
