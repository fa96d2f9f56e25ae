"""Every expectation can be met, and every one can fail and then says what was found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from controller import drill_report
from controller.drill_judge import JUDGES
from controller.errors import ConfigError
from tests.rehearse.stories import TWO_ENTER, played, step

PUT = step("put", carrier='"K1"', at='"c1.a"')
WRONG = step("tap", reader='"main.in"', badge='"X"')

# What was done before, what is expected then, whether it is met.
CASES: list[tuple[str, str, bool]] = [
    ("", 'lock = "main", is = "locked"', True),
    ("", 'lock = "main", is = "unlocked"', False),
    (WRONG, 'signal = "main.in", is = "refused"', True),
    (WRONG, 'signal = "main.in", is = "idle"', False),
    (TWO_ENTER, "occupancy = 2", True),
    (TWO_ENTER, "occupancy = 0", False),
    (TWO_ENTER, 'occupancy = "unknown"', False),
    (TWO_ENTER, 'occupancy = 2, room = "vault"', True),
    (step("open", what='"main"') + step("shut", what='"main"'), 'occupancy = "unknown"', True),
    (WRONG, 'entry = "refused"', True),
    (WRONG, 'entry = "granted"', False),
    (WRONG, 'entry = "refused", reason = "unknown_badge"', True),
    (WRONG, 'entry = "refused", reason = "expired"', False),
    (WRONG, 'entry = "refused", count = 1', True),
    (WRONG, 'entry = "refused", count = 2', False),
    (WRONG, 'entry = "granted", count = 0', True),
    (TWO_ENTER, 'entry = "entered", who = "li"', True),
    (TWO_ENTER, 'entry = "entered", who = ["li", "wang"]', True),
    (TWO_ENTER, 'entry = "entered", who = "chen"', False),
    (TWO_ENTER, 'entry = "entered", who = ["li", "chen"]', False),
    (TWO_ENTER, 'entry = "entered", place = "vault"', True),
    (TWO_ENTER, 'entry = "entered", place = "main"', False),
    (WRONG, 'no_entry = "granted"', True),
    (WRONG, 'no_entry = "refused"', False),
    (WRONG, 'no_entry = "refused", reason = "expired"', True),
    (step("open", what='"main"'), 'alarm = "forced"', True),
    (step("open", what='"main"'), 'alarm = "held"', False),
    (step("open", what='"main"'), 'alarm = "forced", place = "outer"', False),
    (step("open", what='"main"'), "no_alarm = true", False),
    (step("open", what='"main"'), 'no_alarm = "held"', True),
    (step("open", what='"main"'), 'no_alarm = "forced"', False),
    ("", "no_alarm = true", True),
    (PUT, 'carrier = "K1", is = "IN"', True),
    (PUT, 'carrier = "K1", is = "in", at = "c1.a"', True),
    (PUT, 'carrier = "K1", is = "IN", at = "c1.b"', False),
    (PUT, 'carrier = "K1", is = "OUT"', False),
    (PUT, 'carrier = "K1", is = "IN", holder = "li"', False),
    (PUT, 'carrier = "K2", is = "IN"', False),
    ("", 'egress = "main", is = "free"', True),
]


@pytest.mark.parametrize(("before", "wanted", "met"), CASES)
def test_an_expectation_is_met_or_says_what_was_found(
    tmp_path: Path, before: str, wanted: str, met: bool
) -> None:
    account = played(tmp_path, before + step("wait", wanted, after=0))
    assert account.met is met
    told = "\n".join(drill_report.lines(account))
    assert ("FAILED" in told) is not met
    (finding,) = account.steps[-1].findings
    assert finding.found


ANSWERS = [
    ('badge = "B1"', "accepted = true", True),
    ('badge = "X"', "accepted = true", False),
    ('badge = "X"', 'refused = "unknown_badge"', True),
    ('badge = "X"', "refused = true", True),
    ('badge = "X"', 'refused = "expired"', False),
    ('badge = "B1"', "refused = true", False),
]


@pytest.mark.parametrize(("badge", "wanted", "met"), ANSWERS)
def test_the_answer_to_a_tap_is_expected_of_the_tap(
    tmp_path: Path, badge: str, wanted: str, met: bool
) -> None:
    text = step("tap", wanted, reader='"main.in"').replace("reader", f"{badge}\nreader")
    assert played(tmp_path, text).met is met


def test_a_way_out_that_is_not_free_fails_and_says_so(tmp_path: Path) -> None:
    account = played(tmp_path, step("wait", 'egress = "main", is = "free"'))
    (finding,) = account.steps[0].findings

    class Bricked:
        def view(self) -> dict[str, dict[str, dict[str, bool]]]:
            return {"doors": {"main": {"egress": False}}}

    class Seen:
        stage = Bricked()

    assert JUDGES["egress"](finding.expectation, Seen()) == (False, "a person inside cannot leave now")  # type: ignore[arg-type]


def test_an_acknowledged_alarm_no_longer_counts(tmp_path: Path) -> None:
    noted = '{ alarm = "forced", reason = "seen" }'
    ask: dict[str, Any] = {"as_": '"chen"', "what": '"acknowledge"', "with_": noted}
    text = step("open", 'alarm = "forced"', what='"main"') + step("ask", 'no_alarm = "forced"', **ask)
    assert played(tmp_path, text).met


def test_entries_count_since_the_last_earlier_step_that_expected_something(tmp_path: Path) -> None:
    tap: dict[str, Any] = {"reader": '"main.in"', "badge": '"X"'}
    text = (
        step("tap", 'entry = "refused", count = 1', **tap)
        + step("tap", **tap)
        + step("tap", 'entry = "refused", count = 2', **tap)
        + step("wait", 'no_entry = "refused"')
    )
    assert played(tmp_path, text).met


def test_a_failed_expectation_shows_the_entries_since(tmp_path: Path) -> None:
    account = played(tmp_path, WRONG + step("wait", 'entry = "granted"', after=3))
    told = "\n".join(drill_report.lines(account))
    assert "FAILED  entry granted: 0 were written" in told
    assert "1.000 s  refused  main.in  unknown_badge" in told
    assert account.met is False


def test_occupancy_of_a_site_with_two_rooms_must_name_the_room(tmp_path: Path) -> None:
    assert played(tmp_path, step("wait", 'occupancy = 0, room = "archive"'), HEAD_OF_TWO_ROOMS).met
    with pytest.raises(ConfigError, match="room: is missing"):
        played(tmp_path, step("wait", "occupancy = 0"), HEAD_OF_TWO_ROOMS)


HEAD_OF_TWO_ROOMS = """
start = "2026-03-02T09:00:00+08:00"
[site]
name = "two"
timezone = "Asia/Shanghai"
legacy_uid = "legacy, may be copied"
[site.room.vault]
duty = "always"
[site.room.archive]
duty = "always"
[site.door.main]
room = "vault"
reader_in = "osdp:///dev/ttyAMA1?address=1"
reader_out = "osdp:///dev/ttyAMA1?address=3"
strike = "gpio:relay/1"
contact = "gpio:input/1"
[site.door.side]
room = "archive"
reader_in = "osdp:///dev/ttyAMA1?address=2"
reader_out = "osdp:///dev/ttyAMA1?address=4"
strike = "gpio:relay/2"
contact = "gpio:input/2"
"""
