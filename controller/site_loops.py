"""Analogue converters and supplies of locks: what their tables must not contradict."""

from __future__ import annotations

from controller.device_addresses import ConverterAddress, LoopAddress
from controller.site_devices import devices
from controller.site_faults import Faults, dotted, near, shown
from controller.site_reading import Sections


def converters_agree(sections: Sections, faults: Faults) -> None:
    """A loop is at a converter that exists, at an input it has and that does not measure the supply."""
    converters = sections.of("converter")
    for device in devices(sections.every()):
        address = device.placed.address
        if not isinstance(address, LoopAddress):
            continue
        home = converters.get(address.converter)
        if home is None:
            remedy = f"{near(address.converter, converters, every=False)}describe it under [converter.NAME]"
            faults.add(device.path, f"there is no converter {shown(address.converter)}", remedy)
        elif address.number == home.get("supply"):
            where = f"{dotted(home.at('supply'))} in line {faults.line(home.at('supply'))}"
            faults.add(
                device.path, f"input {address.number} measures the supply ({where})", "use another input"
            )
        elif (placed := home.get("address")) and isinstance(placed.address, ConverterAddress):
            _exists(address, placed.address, device.path, faults)
    for home in converters.values():
        placed, supply = home.get("address"), home.get("supply")
        if (
            placed
            and supply
            and isinstance(placed.address, ConverterAddress)
            and supply > placed.address.inputs
        ):
            problem = f"{placed.address.chip} has {placed.address.inputs} inputs"
            faults.add(home.at("supply"), problem, f"write a number from 1 to {placed.address.inputs}")


def _exists(
    address: LoopAddress, home: ConverterAddress, path: tuple[str | int, ...], faults: Faults
) -> None:
    if address.number > home.inputs:
        faults.add(path, f"{home.chip} has {home.inputs} inputs", f"use an input from 1 to {home.inputs}")


def cabinets_share_a_supply(sections: Sections, faults: Faults) -> None:
    """``one_at_a_time`` names cabinets of this site."""
    outputs, cabinets = sections.single["outputs"], sections.of("cabinet")
    for number, name in enumerate(outputs.get("one_at_a_time", ())):
        if name not in cabinets:
            faults.add(
                (*outputs.at("one_at_a_time"), number), f"there is no cabinet {name}", near(name, cabinets)
            )
