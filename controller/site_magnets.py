"""What must not hang on a magnet, and what is free without current all the same.

Rule: what keeps people out of a room stays bolted in a power cut; what calls for help stays quiet in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from controller.device_addresses import Address, GpioAddress, WatchdogAddress
from controller.site_faults import Faults
from controller.site_keys import Section
from controller.site_reading import Sections

DEVICES = "/dev/"


def magnets_lock_no_room(sections: Sections, faults: Faults) -> None:
    """A door into a room has a strike: a power cut would free a magnet, and the room with it."""
    for door in sections.of("door").values():
        if "room" in door.given and _magnet(door, "strike"):
            remedy = "take a strike there (power=opens); a magnet is for a way out, such as an outer door"
            faults.add(door.at("strike"), f"without current {door.name} and its room are free", remedy)


def sirens_are_no_magnets(sections: Sections, faults: Faults) -> None:
    """A siren sounds with current: as a magnet it would sound at rest and be quiet in an alarm."""
    outputs = sections.single["outputs"]
    if _magnet(outputs, "siren"):
        faults.add(outputs.at("siren"), "a siren is no magnet", "remove ?power=locks from its address")


def magnets(devices: Mapping[str, Address]) -> Iterator[str]:
    """Names of locks that are free without current."""
    return (name for name, at in devices.items() if isinstance(at, GpioAddress) and at.power_to_lock)


def strange_watchdogs(devices: Mapping[str, Address]) -> Iterator[str]:
    """Paths of watchdogs that are no devices of the system."""
    dogs = (at for at in devices.values() if isinstance(at, WatchdogAddress))
    return (dog.port for dog in dogs if not dog.port.startswith(DEVICES))


def _magnet(section: Section, key: str) -> bool:
    placed = section.get(key)
    return placed is not None and isinstance(placed.address, GpioAddress) and placed.address.power_to_lock
