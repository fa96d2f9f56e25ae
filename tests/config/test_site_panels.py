"""Panels of a site file: where they are, whose commands they tell, and that they are devices like others."""

import pytest

from controller.config import load, loads
from controller.core.panel_plan import PanelPlan
from controller.core.plan import Role
from controller.device_addresses import OsdpAddress
from controller.wire_settings import DisplaySettings
from tests.config.small import SMALL, faults
from tests.config.test_site_schema import SAMPLE

PANEL = '\n[panel.p1]\naddress = "osdp:///dev/ttyAMA1?address=5"\n'


def test_a_panel_tells_of_every_room_and_has_two_rows_of_sixteen_unless_told_otherwise() -> None:
    site = loads(SMALL + PANEL, "small.toml")
    assert site.plan.panels == {"p1": PanelPlan("p1", "")}
    assert site.wires.displays == {"p1": DisplaySettings(2, 16)}
    assert site.devices["p1"] == OsdpAddress("/dev/ttyAMA1", 5)


def test_a_panel_is_paired_and_its_cover_and_supply_are_watched_as_those_of_a_reader() -> None:
    plan = loads(SMALL + PANEL, "small.toml").plan
    assert "p1" in plan.pairable
    assert plan.inputs["p1.tamper"].role == Role.TAMPER
    assert plan.inputs["p1.power"].role == Role.POWER


def test_the_sample_says_whose_panel_it_is_and_how_large() -> None:
    sample = load(SAMPLE)
    assert sample.plan.panels == {"p1": PanelPlan("p1", "vault")}
    assert sample.wires.displays == {"p1": DisplaySettings(2, 16)}


@pytest.mark.parametrize(
    ("line", "key", "right"),
    [
        ('room = "valt"', "room", "did you mean vault?"),
        ("rows = 0", "rows", "from 1 to 4"),
        ("rows = 5", "rows", "from 1 to 4"),
        ("columns = 7", "columns", "from 8 to 40"),
        ("columns = 41", "columns", "from 8 to 40"),
        ('row = "2"', "row", "did you mean rows?"),
    ],
)
def test_what_is_wrong_with_a_panel_is_told_with_what_would_be_right(line: str, key: str, right: str) -> None:
    (fault,) = faults(f"{SMALL}{PANEL}{line}\n")
    assert fault.key == f"panel.p1.{key}"
    assert right in fault.remedy


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("osdp:///dev/ttyAMA1?address=1", "already used"),
        ("osdp:///dev/ttyAMA1?address=5&reads=desfire", "a panel reads no cards"),
        ("osdp:///dev/ttyAMA1?address=5&baud=9600", "baud"),
        ("nfc:tty:AMA2:pn532", "wrong kind"),
        ("gpio:lamp/1", "wrong kind"),
    ],
)
def test_a_panel_has_an_osdp_address_of_its_own(address: str, problem: str) -> None:
    (fault,) = faults(SMALL + PANEL.replace("osdp:///dev/ttyAMA1?address=5", address))
    assert fault.key == "panel.p1.address"
    assert problem in fault.problem


@pytest.mark.parametrize("name", ["vault", "main", "fire"])
def test_a_panel_has_a_name_of_its_own(name: str) -> None:
    told = faults(SMALL + PANEL.replace("panel.p1", f"panel.{name}"))
    assert f"panel.{name}" in {fault.key for fault in told}


def test_a_panel_without_an_address_is_told() -> None:
    (fault,) = faults(f"{SMALL}\n[panel.p1]\n")
    assert fault.key == "panel.p1.address"
