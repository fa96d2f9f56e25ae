"""Converters, supervised loops, supplies and the watchdog in a site file."""

import pytest

from controller.config import SiteFile, loads
from controller.core.plan import Role
from controller.device_addresses import ConverterAddress, GpioAddress, LoopAddress, WatchdogAddress
from tests.config.small import SMALL, faults

CONVERTER = """
[converter.a1]
address = "spi:///dev/spidev0.0?chip=mcp3208"
supply = 8
"""
WIRED = SMALL.replace('contact = "gpio:input/1"', 'contact = "adc:a1/1"') + CONVERTER


def read(text: str) -> SiteFile:
    return loads(text, "small.toml")


def test_a_contact_may_hang_on_a_supervised_loop() -> None:
    site = read(WIRED)
    assert site.devices["main.contact"] == LoopAddress("a1", 1)
    assert site.devices["a1"] == ConverterAddress("/dev/spidev0.0", "mcp3208", 8)
    assert site.plan.loops == {"main.contact"}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("adc:a1/1", "adc:b1/1", "door.main.contact"),
        ("adc:a1/1", "adc:a1/8", "door.main.contact"),
        ("adc:a1/1", "adc:a1/9", "door.main.contact"),
        ("adc:a1/1", "adc:a1", "door.main.contact"),
        ("spi:///dev/spidev0.0?chip=mcp3208", "spi:///dev/spidev0.0?chip=ads1115", "converter.a1.address"),
        (
            "spi:///dev/spidev0.0?chip=mcp3208",
            "i2c:///dev/i2c-1?chip=ads1115&address=9",
            "converter.a1.address",
        ),
        ("spi:///dev/spidev0.0?chip=mcp3208", "i2c:///dev/i2c-1?chip=ads1115", "converter.a1.supply"),
        ("supply = 8", "supply = 9", "converter.a1.supply"),
        ("supply = 8\n", "", "converter.a1.supply"),
    ],
)
def test_a_loop_that_cannot_be_measured_is_a_fault(old: str, new: str, key: str) -> None:
    assert {fault.key for fault in faults(WIRED.replace(old, new))} == {key}


def test_the_box_watches_its_battery_and_its_own_cover() -> None:
    inputs = read(SMALL + '\n[inputs]\nbattery = "gpio:input/3"\nenclosure = "gpio:input/4"\n').plan.inputs
    assert (inputs["battery"].role, inputs["enclosure"].role) == (Role.BATTERY, Role.TAMPER)


def test_a_magnet_is_told_from_a_strike_by_what_its_current_does() -> None:
    site = read(SMALL.replace("gpio:relay/2", "gpio:relay/2?power=locks"))
    assert site.devices["c1.a"] == GpioAddress("relay", 2, power_to_lock=True)
    assert site.devices["main"] == GpioAddress("relay", 1)
    (fault,) = faults(SMALL.replace("gpio:relay/1", "gpio:relay/1?power=holds"))
    assert "power=locks" in fault.remedy


def test_a_relay_is_used_once_however_its_address_is_spelled() -> None:
    told = faults(SMALL.replace("gpio:relay/2", "gpio:relay/1?power=locks"))
    assert len(told) == 1


def test_cabinets_on_one_supply_exist() -> None:
    assert not faults(SMALL + '\n[outputs]\none_at_a_time = ["c1"]\n')
    (fault,) = faults(SMALL + '\n[outputs]\none_at_a_time = ["c2"]\n')
    assert "c1" in fault.remedy


def test_the_watchdog_has_a_path_and_may_have_a_time() -> None:
    site = read(SMALL + '\n[outputs]\nwatchdog = "watchdog:///dev/watchdog?timeout=15"\n')
    assert site.devices["watchdog"] == WatchdogAddress("/dev/watchdog", 15)
    assert faults(SMALL + '\n[outputs]\nwatchdog = "watchdog:///dev/watchdog?timeout=4"\n')
