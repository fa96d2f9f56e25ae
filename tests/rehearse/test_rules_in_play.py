"""Rules that drills made us look at twice, told as stories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rehearse.stories import HEAD, TWO_ENTER, played, step

LI: dict[str, Any] = {"reader": '"main.in"', "badge": '"B1"'}
WANG: dict[str, Any] = {"reader": '"main.in"', "badge": '"B2"'}
LI_OUT: dict[str, Any] = {"reader": '"main.out"', "badge": '"B1"'}
WANG_OUT: dict[str, Any] = {"reader": '"main.out"', "badge": '"B2"'}
MAIN: dict[str, Any] = {"what": '"main"'}
PASSAGE = HEAD.replace('"example"', '"passage"')


def test_a_duress_pin_typed_after_the_other_badge_is_not_lost(tmp_path: Path) -> None:
    text = step("tap", **LI) + step("tap", **WANG)
    text += step(
        "pin", 'alarm = "duress"', 'entry = "duress", who = "li"', reader='"main.in"', digits='"4822"'
    )
    assert played(tmp_path, text).met


def test_a_wrong_pin_after_both_badges_is_the_last_ones_who_has_a_pin(tmp_path: Path) -> None:
    text = step("tap", **LI) + step("tap", **WANG)
    wrong = 'entry = "wrong_pin", who = "li"'
    text += step("pin", 'refused = "wrong_pin"', wrong, reader='"main.in"', digits='"9999"')
    assert played(tmp_path, text).met


@pytest.mark.parametrize("gap", [3, 6, 14])
def test_waiting_for_the_other_to_leave_together_is_no_failed_lock(tmp_path: Path, gap: float) -> None:
    text = TWO_ENTER + step("tap", 'lock = "main", is = "unlocked"', **LI_OUT)
    text += step("tap", after=gap, **WANG_OUT) + step("open", **MAIN)
    text += step("shut", "occupancy = 0", 'entry = "room_closed"', "no_alarm = true, within = 60", **MAIN)
    assert played(tmp_path, text).met


def test_a_lock_that_never_moves_is_told_when_the_window_for_leaving_together_has_passed(
    tmp_path: Path,
) -> None:
    text = TWO_ENTER + step("tap", **LI_OUT) + step("wait", "no_alarm = true", after=14.9)
    text += step("wait", 'alarm = "actuation_unconfirmed"', "occupancy = 2", after=0.1)
    assert played(tmp_path, text).met


def test_the_last_one_inside_waits_for_nobody(tmp_path: Path) -> None:
    text = TWO_ENTER + step("tap", **LI_OUT) + step("tap", **WANG_OUT)
    text += step("wait", 'alarm = "actuation_unconfirmed"', after=5)
    assert played(tmp_path, text).met


def test_a_way_out_behind_an_open_interlocked_door_is_free_within_its_limit(tmp_path: Path) -> None:
    text = step("tap", reader='"outer.in"', badge='"B3"') + step("open", what='"outer"')
    text += step("wait", 'egress = "main", is = "free"')
    text += step("rex", 'lock = "main", is = "locked"', door='"main"')
    text += step("wait", 'lock = "main", is = "unlocked"', after=15)
    assert played(tmp_path, text, PASSAGE).met


def test_a_fire_that_goes_on_over_a_restart_is_written_once(tmp_path: Path) -> None:
    text = step("fire", 'entry = "fire", count = 1', is_='"on"') + step("crash", 'no_entry = "fire"')
    text += step("fire", 'entry = "fire", count = 1', is_='"off"')
    assert played(tmp_path, text).met


def test_a_tag_behind_a_shut_door_is_not_seen_and_behind_a_forced_one_missing(tmp_path: Path) -> None:
    key: dict[str, Any] = {"carrier": '"K1"', "at_": '"c1.a"'}
    text = step("put", 'carrier = "K1", is = "IN"', **key)
    text += step("take", 'carrier = "K1", is = "IN"', 'alarm = "carrier_missing"', **key)
    text += step("put", 'entry = "carrier_seen"', **key) + step("open", what='"c1.a"')
    text += step("take", 'carrier = "K1", is = "MISSING"', **key)
    assert played(tmp_path, text).met


def test_the_lone_timer_runs_on_over_a_restart(tmp_path: Path) -> None:
    text = TWO_ENTER + step("tap", **LI_OUT) + step("open", **MAIN) + step("shut", "occupancy = 1", **MAIN)
    text += step("crash", "occupancy = 1", after=10) + step("wait", "no_alarm = true", after=19.9)
    text += step("wait", 'alarm = "lone"', after=0.1)
    assert played(tmp_path, text).met


def test_the_first_entry_has_the_time_of_the_start(tmp_path: Path) -> None:
    account = played(tmp_path, step("wait"))
    assert account.entries[0]["time"] == "2026-03-02T01:00:00.000Z"
