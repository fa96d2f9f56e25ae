"""The devices of a site: their names, what kind of address each may have, and nothing placed twice.

Rule: every device has one name, and every place at the wires one device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from controller.device_addresses import Address, BoardAddress, NfcAddress, OsdpAddress
from controller.device_urls import parse_url, spelled, without_login
from controller.site_faults import Faults, Path, dotted, near, shown
from controller.site_keys import Key, Section
from controller.site_values import Value
from controller.url_parts import WrongUrlError


@dataclass(frozen=True, slots=True)
class Placed:
    """An address as written and as understood."""

    url: str
    address: Address


@dataclass(frozen=True, slots=True)
class Device:
    """One device: its name in the site (``main.contact``), the key that placed it, where it is."""

    name: str
    owner: str
    key: Key
    path: Path
    placed: Placed


def at_address(*kinds: str) -> Value:
    """The address of a device, of one of some kinds (device_urls.SPELLED)."""
    right = spelled(*kinds)

    def take(raw: object, at: Path, faults: Faults) -> Placed | None:
        if not isinstance(raw, str):
            faults.add(at, f"{shown(raw)} is no address", f"write {right}")
            return None
        try:
            placed = Placed(raw, parse_url(raw, *kinds))
        except WrongUrlError as wrong:
            faults.add(at, f"{shown(without_login(raw))}: {wrong.problem}", wrong.remedy)
            return None
        if placed.address.kind not in kinds:
            faults.add(at, f"{shown(raw)} is of the wrong kind here", f"write {spelled(*kinds)}")
            return None
        return placed

    return Value(right, take)


def devices(sections: Iterable[Section]) -> Iterator[Device]:
    """Every device that was placed without fault."""
    for section in sections:
        for key in section.table.keys:
            if key.device is not None and key.name in section.values:
                name = f"{section.name}{key.device}"
                yield Device(name, section.name, key, section.at(key.name), section.get(key.name))


def check_devices(sections: Iterable[Section], boards: Mapping[str, Section], faults: Faults) -> None:
    """No place is taken twice, a bus has one speed, a serial port one use, a board exists."""
    seats: dict[str, Device] = {}
    ports: dict[str, Device] = {}
    for device in devices(sections):
        address = device.placed.address
        first = seats.setdefault(address.seat, device)
        if first is not device:
            _twice(device, first, faults)
        if isinstance(address, OsdpAddress | NfcAddress):
            first_on_port = ports.setdefault(address.port, device)
            _check_port(device, address, first_on_port, faults)
        if isinstance(address, BoardAddress) and address.board not in boards:
            remedy = f"{near(address.board, boards, every=False)}describe it under [board.NAME]"
            faults.add(device.path, f"there is no board {shown(address.board)}", remedy)


def _twice(device: Device, first: Device, faults: Faults) -> None:
    where = f"{dotted(first.path)} in line {faults.line(first.path)}"
    faults.add(
        device.path, f"{shown(device.placed.url)} is already used by {where}", "give it one of its own"
    )


def _check_port(device: Device, address: OsdpAddress | NfcAddress, first: Device, faults: Faults) -> None:
    other = first.placed.address
    if isinstance(address, OsdpAddress) and isinstance(other, OsdpAddress):
        if address.baud != other.baud:
            problem = f"baud is {address.baud}, but {other.baud} at {dotted(first.path)} on the same bus"
            faults.add(device.path, problem, f"write baud={other.baud} at both, or neither")
    elif address.kind != other.kind:
        problem = f"the port {address.port} is already used by {dotted(first.path)}"
        faults.add(device.path, problem, "an NFC reader has a serial port of its own")
