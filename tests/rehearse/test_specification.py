"""The example and the prose of the drill specification, as they stand there."""

from __future__ import annotations

from pathlib import Path

from tests.rehearse.stories import opened, played, shut, tap

EXAMPLE = """
title = "Two custodians open the room"
site  = "example"                    # a built-in site (below), a path relative to the drill, or inline
start = "2026-03-02T09:00:00+08:00"  # room time at t = 0

[people.li]                          # enrolled before t = 0; same fields as the enrolment Asking
name = "Li Wei"
department = "accounting"
posts = ["custodian"]
badges = ["B1"]
pin = "4821"                         # optional
[people.wang]
name = "Wang Fang"
department = "security"
posts = ["custodian", "supervisor"]
badges = ["B2"]

[[step]]
at = 0.0                             # seconds since start, or  after = 2.0  since the previous step
do = "tap"
reader = "main.in"
badge = "B1"
expect = [{ lock = "main", is = "locked" }, { signal = "main.in", is = "pending" }]

[[step]]
after = 4.0
do = "tap"
reader = "main.in"
badge = "B2"
expect = [{ lock = "main", is = "unlocked" }, { entry = "granted" }]

[[step]]
after = 2.0
do = "open"
what = "main"
"""
THEN_INSIDE = shut("main", "occupancy = 2", after=2)


def test_the_example_is_met_as_it_stands(tmp_path: Path) -> None:
    account = played(tmp_path, EXAMPLE, head="")
    assert account.met
    assert [len(step.findings) for step in account.steps] == [2, 2, 0]


def test_leaving_alone_out_of_two_is_as_the_specification_says(tmp_path: Path) -> None:
    counted = ("occupancy = 1", 'entry = "left", who = "li"', "no_alarm = true")
    alone = tap("main.out", "B1", 'lock = "main", is = "unlocked"', after=10)
    alone += opened("main") + shut("main", *counted, 'alarm = "lone", within = 30')
    assert played(tmp_path, EXAMPLE + THEN_INSIDE + alone, head="").met


def test_leaving_together_is_as_the_specification_says(tmp_path: Path) -> None:
    counted = ("occupancy = 0", 'entry = "room_closed"', "no_alarm = true, within = 60")
    together = tap("main.out", "B1", after=10) + tap("main.out", "B2", after=14)
    together += opened("main") + shut("main", *counted)
    assert played(tmp_path, EXAMPLE + THEN_INSIDE + together, head="").met


def test_a_badge_nobody_has_is_a_strangers_card(tmp_path: Path) -> None:
    refused = ('refused = "unknown_badge"', 'signal = "main.in", is = "refused"')
    stranger = tap("main.in", "a name nobody has", *refused, after=30)
    assert played(tmp_path, EXAMPLE + stranger, head="").met
