"""The built-in sites are those that drills.md describes: a drill counts on every line here."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from controller.config import BUILT_IN, SiteFile, builtin, load
from controller.core.plan import Mode, Role, Side
from controller.device_urls import LEVELS
from controller.errors import ConfigError

SITES = {name: load(builtin(name)) for name in BUILT_IN}
EXAMPLE, PASSAGE = SITES["example"], SITES["passage"]
MAIN, VAULT, C1 = EXAMPLE.plan.doors["main"], EXAMPLE.plan.rooms["vault"], EXAMPLE.plan.cabinets["c1"]


@pytest.mark.parametrize("site", SITES.values(), ids=SITES)
def test_a_built_in_site_is_named_by_the_digest_of_its_text(site: SiteFile) -> None:
    data = Path(site.name).read_bytes()
    assert site.plan.digest == sha256(data).hexdigest()
    assert site.text.encode() == data


def test_the_built_in_sites_are_example_and_passage() -> None:
    assert {name: site.plan.name for name, site in SITES.items()} == {
        "example": "example",
        "passage": "passage",
    }
    with pytest.raises(ConfigError, match="did you mean passage"):
        builtin("pasage")


def test_the_example_has_one_room_door_window_and_cabinet_and_two_cameras() -> None:
    plan = EXAMPLE.plan
    assert (set(plan.rooms), set(plan.doors), set(plan.windows)) == ({"vault"}, {"main"}, {"north"})
    assert C1.compartments == ("a", "b", "c", "d")
    assert plan.cameras == ("door", "room")
    assert MAIN.room == plan.windows["north"].room == C1.room == "vault"


def test_the_example_has_a_reader_on_both_sides_of_the_door_and_one_at_the_cabinet() -> None:
    sides = {reader.name: (reader.at, reader.side) for reader in EXAMPLE.plan.readers.values()}
    assert sides == {
        "main.in": ("main", Side.IN),
        "main.out": ("main", Side.OUT),
        "c1": ("c1", Side.CABINET),
    }


def test_the_example_has_the_inputs_that_drills_name() -> None:
    inputs = {name: (plan.role, plan.at) for name, plan in EXAMPLE.plan.inputs.items()}
    assert inputs == {
        "main.contact": (Role.CONTACT, "main"),
        "main.bolt": (Role.BOLT, "main"),
        "main.rex": (Role.REX, "main"),
        "north.contact": (Role.CONTACT, "north"),
        "north.glass": (Role.GLASS, "north"),
        **{f"c1.{box}.contact": (Role.CONTACT, f"c1.{box}") for box in "abcd"},
        "c1.vibration": (Role.VIBRATION, "c1"),
        "vault.motion": (Role.MOTION, "vault"),
        "fire": (Role.FIRE, "fire"),
        "mains": (Role.MAINS, "mains"),
        **{f"{device}.tamper": (Role.TAMPER, device) for device in ("main.in", "main.out", "c1", "io1")},
        **{f"{device}.power": (Role.POWER, device) for device in ("main.in", "c1", "io1")},
    }


def test_two_people_open_the_example_within_15_seconds_and_the_door_confirms_them() -> None:
    assert (MAIN.together.people, MAIN.together.window_ms, MAIN.together.groups) == (2, 15_000, ())
    assert (MAIN.unlock_ms, MAIN.held_ms, MAIN.confirm_by_reader) == (5_000, 30_000, False)
    assert (VAULT.mode, VAULT.lone_ms) == (Mode.NO_LONE_ZONE, 30_000)
    assert MAIN.levels == C1.levels == LEVELS
    assert EXAMPLE.legacy_uid


@pytest.mark.parametrize(
    ("moment", "duty"),
    [
        ("2026-03-02T07:59:59+08:00", False),
        ("2026-03-02T08:00:00+08:00", True),
        ("2026-03-06T17:59:59+08:00", True),
        ("2026-03-06T18:00:00+08:00", False),
        ("2026-03-07T12:00:00+08:00", False),
    ],
)
def test_duty_hours_of_the_example_are_8_to_18_on_workdays_in_shanghai(moment: str, duty: bool) -> None:
    local = datetime.fromisoformat(moment).astimezone(EXAMPLE.plan.zone)
    assert str(EXAMPLE.plan.zone) == "Asia/Shanghai"
    assert VAULT.duty.is_open(local) is duty


def test_every_device_of_the_example_has_its_place_at_the_wires() -> None:
    assert dict(EXAMPLE.addresses) == {
        "clock": "system:",
        "main.in": "osdp:///dev/ttyAMA1?address=1",
        "main.out": "nfc:tty:AMA2:pn532",
        "main.out.lamp": "gpio:lamp/1",
        "c1": "osdp:///dev/ttyAMA1?address=2",
        "io1": "osdp:///dev/ttyAMA1?address=8",
        "main": "gpio:relay/1",
        **{f"c1.{box}": f"gpio:relay/{n}" for n, box in enumerate("abcd", 2)},
        **{f"main.{part}": f"gpio:input/{n}" for n, part in enumerate(("contact", "bolt", "rex"), 1)},
        "north.contact": "board:io1/1",
        "north.glass": "board:io1/2",
        **{f"c1.{box}.contact": f"board:io1/{n}" for n, box in enumerate("abcd", 3)},
        "c1.vibration": "board:io1/7",
        "vault.motion": "board:io1/8",
        "fire": "board:io1/9",
        "mains": "board:io1/10",
    }
    assert set(EXAMPLE.cameras) == {"door", "room"}


def test_the_passage_is_the_example_behind_an_outer_door_that_one_person_opens() -> None:
    outer = PASSAGE.plan.doors["outer"]
    assert (outer.room, outer.together.people) == ("", 1)
    assert outer.interlock == ("main",)
    assert PASSAGE.plan.doors["main"].interlock == ("outer",)
    extra = {name: url for name, url in PASSAGE.addresses.items() if name not in EXAMPLE.addresses}
    assert extra == {
        "outer.in": "osdp:///dev/ttyAMA1?address=3",
        "outer.out": "osdp:///dev/ttyAMA1?address=4",
        "outer": "gpio:relay/6",
        "outer.contact": "gpio:input/4",
        "outer.bolt": "gpio:input/5",
        "outer.rex": "gpio:input/6",
    }
    assert {name: PASSAGE.addresses[name] for name in EXAMPLE.addresses} == dict(EXAMPLE.addresses)


@pytest.mark.parametrize("site", SITES.values(), ids=SITES)
def test_every_name_of_the_plan_that_is_wired_has_an_address(site: SiteFile) -> None:
    plan = site.plan
    inputs = {name for name, point in plan.inputs.items() if point.role not in {Role.TAMPER, Role.POWER}}
    assert {*plan.locks, *plan.readers, *inputs} <= set(site.addresses)
    assert set(site.addresses) == set(site.devices)
