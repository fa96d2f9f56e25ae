"""The list of keys is whole: fields of the plan, ranges of behaviour.md, keys in the sample."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from controller.config import load
from controller.core.plan import CabinetPlan, DoorPlan, RoomPlan, SitePlan, Together, WindowPlan
from controller.device_urls import SCHEMES
from controller.site_keys import Key, Table
from controller.site_schema import CABINET, DOOR, ROOM, SITE, TABLES, WINDOW
from tests.config.small import faults, small

SAMPLE = Path(__file__).parents[2] / "site.example.toml"
HEADINGS = {"site": "site", "room": "room.vault", "door": "door.main", "cabinet": "cabinet.c1"}
RANGE = re.compile(r"^a (?:whole )?number(?: of \w+)? from (\d+) to (\d+)$")
RANGED: list[tuple[Table, Key, int, int]] = [
    (table, key, int(found[1]), int(found[2]))
    for table in (SITE, ROOM, DOOR, CABINET)
    for key in table.keys
    if (found := RANGE.match(key.value.right))
]
# What has no effect or no place alone, and what makes the whole range possible.
WITH = {
    ("room", "lone_s"): ('mode = "integrity"',),
    ("door", "people"): (),
    ("door", "prealarm_s"): ("held_s = 3600",),
    ("door", "held_s"): ("prealarm_s = 1",),
    ("door", "passback_min"): ('passback = "timed"',),
    ("door", "delay_window_min"): ("delay_min = 1",),
    ("room", "approval_min"): (),
}
SET_OTHERWISE = {
    "site": {
        *("digest", "rooms", "doors", "windows", "cabinets", "readers", "inputs", "cameras", "schedules"),
        *("log_witnesses", "pairable", "loops", "levels_issued", "views", "shots", "panels"),
        "purposes",
    },
    "room": {"name", "duty", "lone_ms", "absence_ms"},  # lone_s, by mode
    "door": {"name", "interlock", "time_lock", "has_bolt"},
    "window": {"name"},
    "cabinet": {"name", "compartments"},
}


@pytest.mark.parametrize(
    ("table", "plan"),
    [(SITE, SitePlan), (ROOM, RoomPlan), (DOOR, DoorPlan), (WINDOW, WindowPlan), (CABINET, CabinetPlan)],
    ids=lambda it: getattr(it, "kind", ""),
)
def test_every_field_of_the_plan_can_be_set(table: Table, plan: type) -> None:
    into = {key.into.split(".")[0] for key in table.keys if key.into}
    left = {field.name for field in fields(plan)} - into
    assert left == SET_OTHERWISE[table.kind]


def test_every_rule_about_acting_together_can_be_set_at_a_door() -> None:
    into = {key.into.removeprefix("together.") for key in DOOR.keys if key.into.startswith("together.")}
    assert into == {field.name for field in fields(Together)}


@pytest.mark.parametrize(("table", "key", "low", "high"), RANGED, ids=lambda it: getattr(it, "name", ""))
def test_a_number_is_taken_from_its_lowest_to_its_highest_and_no_further(
    table: Table, key: Key, low: int, high: int
) -> None:
    def wrong(number: int) -> bool:
        extra = WITH.get((table.kind, key.name), ())
        told = faults(small(HEADINGS[table.kind], f"{key.name} = {number}", *extra))
        at = f"{HEADINGS[table.kind]}.{key.name}"
        return any(fault.key == at and RANGE.search(fault.remedy.removeprefix("write ")) for fault in told)

    assert [wrong(low), wrong(high), wrong(low - 1), wrong(high + 1)] == [False, False, True, True]


def test_the_ranges_of_behaviour_md_are_those_of_the_keys() -> None:
    ranges = {f"{table.kind}.{key.name}": (low, high) for table, key, low, high in RANGED}
    assert ranges["door.window_s"] == ranges["cabinet.window_s"] == (5, 60)  # 2
    assert ranges["room.lone_s"] == (0, 600)  # 15
    assert ranges["door.unlock_s"] == (3, 30)  # 24
    assert ranges["door.held_s"][0] == 10  # 24
    assert ranges["door.delay_min"] == (1, 99)  # 37
    assert ranges["door.delay_window_min"] == (1, 20)  # 37
    assert ranges["cabinet.authorisers"] == (0, 3)  # 40
    assert ranges["site.drift_s"][1] == 5  # 38, 62
    assert ranges["site.settle_ms"][1] < 400  # 26


def test_the_sample_file_is_valid_and_shows_every_key() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert load(SAMPLE).plan.name == "head-office"
    for table in TABLES:
        body = "\n".join(
            re.findall(rf"^\[{re.escape(table.kind)}\b[^\n]*\n((?:(?!\[).*\n)*)", text, re.MULTILINE)
        )
        body += text if table.kind == "compartment" else ""
        for key in table.keys:
            assert re.search(rf"^(# )?{key.name} = ", body, re.MULTILINE), f"{table.heading} {key.name}"


def test_the_sample_file_shows_the_ranges_that_hold() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    for _, key, low, high in RANGED:
        shown = re.findall(rf"^{key.name} = [^#\n]*#[^\n]*?\((\d+)-(\d+)[;)]", text, re.MULTILINE)
        assert shown, key.name
        assert all(low <= int(a) and int(b) <= high for a, b in shown), key.name


def test_every_table_and_key_has_a_sentence_for_the_manual() -> None:
    assert all(table.says and all(key.says for key in table.keys) for table in TABLES)


def test_the_sample_file_names_the_common_schemes() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert all(f"{scheme}:" in text or scheme in {"https", "http", "rtsps", "v4l2"} for scheme in SCHEMES)
