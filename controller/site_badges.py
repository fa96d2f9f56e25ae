"""How far badges are authenticated at each reader, and whether that is what its door wants.

Rule: a reader that can read nothing its door lets in is a fault of the file, not a surprise at the door.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from controller.device_addresses import NfcAddress, OsdpAddress
from controller.device_urls import LEVELS, READS, TRANSPARENT
from controller.site_devices import Device, devices
from controller.site_faults import Faults
from controller.site_keys import Section
from controller.site_reading import Sections

UID = "uid"
QUICK_BAUD = 38_400
PROOFS = tuple(level for level in LEVELS if level != UID)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader, the door or cabinet it belongs to, the levels wanted there and those it can read."""

    device: Device
    wanted: tuple[str, ...]
    read: tuple[str, ...]


def wanted_levels(sections: Sections, section: Section) -> tuple[str, ...]:
    """Levels that count at a door or cabinet: those written, else all proofs, and uids where let in."""
    legacy = (UID,) if sections.site.get("legacy_uid") else ()
    levels: tuple[str, ...] = section.get("levels", (*PROOFS, *legacy))
    return levels


def readable(device: Device) -> tuple[str, ...]:
    """Levels at which cards can be read at this reader, strongest first; at a bad address all."""
    match device.placed.address:
        case OsdpAddress(reads=reads) if reads != TRANSPARENT:
            return (reads,)
        case _:
            return LEVELS


def asks(device: Device, wanted: tuple[str, ...]) -> bool:
    """Whether the controller itself lets cards prove themselves at this reader."""
    address = device.placed.address
    own = isinstance(address, NfcAddress) or (
        isinstance(address, OsdpAddress) and address.reads == TRANSPARENT
    )
    return own and any(level in PROOFS for level in wanted)


def readings(sections: Sections) -> Iterator[Reading]:
    """Every reader of a door or cabinet."""
    owners = {s.name: s for kind in ("door", "cabinet") for s in sections.of(kind).values()}
    for device in devices(sections.every()):
        if device.key.side is not None and device.owner in owners:
            yield Reading(device, wanted_levels(sections, owners[device.owner]), readable(device))


def uids_are_let_in(sections: Sections, faults: Faults) -> None:
    """Badges known only by a number may be copied: somebody must have said that they are let in."""
    site = sections.site
    if site.get("legacy_uid") or site.unclear("legacy_uid"):
        return
    for section in (s for kind in ("door", "cabinet") for s in sections.of(kind).values()):
        if UID in section.get("levels", ()):
            remedy = 'write legacy_uid = "legacy, may be copied" under [site] to let them in all the same'
            faults.add(section.at("levels"), "badges known by their uid may be copied", remedy)


def readers_suffice(sections: Sections, faults: Faults) -> None:
    """Every reader can read badges at a level that its door or cabinet lets in."""
    if sections.site.unclear("legacy_uid"):
        return
    for one in readings(sections):
        if not set(one.wanted) & set(one.read):
            problem = f"this reader reads only {' and '.join(one.read)}, which is not let in here"
            faults.add(one.device.path, problem, _reads_right(one.wanted))


def _reads_right(wanted: tuple[str, ...]) -> str:
    """What a reader must read instead: first what the controller sees for itself."""
    number = " or reads=uid" if UID in wanted else ""
    promised = " or ".join(f"reads={word}" for word in wanted if word != UID)
    if not promised:
        return f"write &reads={TRANSPARENT}{number} in its address, or change levels"
    safe = f"write &reads={TRANSPARENT} in its address: the controller then proves the card itself"
    promise = f"{promised} only if its installer promises that it proves cards so"
    return f"{safe} ({promise}){number}, or change levels"


def transparent_buses_are_quick(sections: Sections, faults: Faults) -> None:
    """At 9600 baud a card needs some 600 ms through a reader: a refusal would tell why it is late."""
    for one in readings(sections):
        address = one.device.placed.address
        if isinstance(address, OsdpAddress) and address.reads == TRANSPARENT and address.baud < QUICK_BAUD:
            problem = f"{address.baud} baud is too slow for reads=transparent"
            faults.add(one.device.path, problem, f"use {QUICK_BAUD} baud or more on this bus")


def boards_read_no_cards(sections: Sections, faults: Faults) -> None:
    """Neither an input board nor a panel reads cards."""
    for kind, what in (("board", "an input board"), ("panel", "a panel")):
        for device in devices(sections.of(kind).values()):
            address = device.placed.address
            if isinstance(address, OsdpAddress) and address.reads != READS[LEVELS.index(UID)]:
                faults.add(device.path, f"{what} reads no cards", "remove reads= from its address")
