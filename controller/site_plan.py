"""The plan of the core, made out of tables that were read without fault.

Rule: nothing is judged here any more; what is not written takes the default of controller/core/plan.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from controller.core.plan import (
    CabinetPlan,
    DoorPlan,
    InputPlan,
    LogWitnesses,
    Mode,
    PanelPlan,
    ReaderPlan,
    Role,
    RoomPlan,
    SitePlan,
    Together,
    WindowPlan,
)
from controller.core.schedule import ALWAYS, Schedule
from controller.device_addresses import Address, LoopAddress, OsdpAddress
from controller.site_badges import asks, readings, wanted_levels
from controller.site_devices import devices
from controller.site_eyes import camera_plan, shot_plans
from controller.site_hours import schedule
from controller.site_keys import Section
from controller.site_reading import Sections

_TOGETHER = "together."


def build(sections: Sections, digest: str) -> SitePlan:
    """The plan of a site whose tables are without fault; ``digest`` names the text it came from."""
    hours = {ALWAYS.name: ALWAYS, **{name: schedule(one) for name, one in sections.of("hours").items()}}
    readers = _readers(sections)
    return SitePlan(
        digest=digest,
        rooms={name: _room(room, hours) for name, room in sections.of("room").items()},
        doors={name: _door(sections, door, hours) for name, door in sections.of("door").items()},
        windows={name: WindowPlan(name, **_fields(one)) for name, one in sections.of("window").items()},
        cabinets={name: _cabinet(sections, one) for name, one in sections.of("cabinet").items()},
        readers=readers,
        inputs={
            **_inputs(sections),
            **_own(sections, (*readers, *sections.of("board"), *sections.of("panel"))),
        },
        panels={name: PanelPlan(name, **_fields(one)) for name, one in sections.of("panel").items()},
        cameras=tuple(sections.of("camera")),
        views={name: camera_plan(one) for name, one in sections.of("camera").items()},
        shots=shot_plans(sections.of("snapshot")),
        schedules=hours,
        log_witnesses=LogWitnesses(tuple(sections.of("log_witness")), **_fields(sections.single["log"])),
        pairable=frozenset(_placed(sections, OsdpAddress)),
        loops=frozenset(_placed(sections, LoopAddress)),
        **_fields(sections.single["visitors"]),
        **_fields(sections.site),
    )


def _fields(section: Section) -> dict[str, Any]:
    """The fields of a plan that a table sets directly."""
    found: dict[str, Any] = {}
    together: dict[str, Any] = {}
    for key in section.table.keys:
        if key.into and key.name in section.values:
            into = together if key.into.startswith(_TOGETHER) else found
            into[key.into.removeprefix(_TOGETHER)] = section.get(key.name)
    return {**found, "together": Together(**together)} if together else found


def _room(room: Section, hours: Mapping[str, Schedule]) -> RoomPlan:
    fields = _fields(room)
    alone = "absence_ms" if fields.get("mode") is Mode.INTEGRITY else "lone_ms"
    if "lone_s" in room.values:
        fields[alone] = room.get("lone_s")
    return RoomPlan(room.name, duty=hours[room.get("duty")], **fields)


def _door(sections: Sections, door: Section, hours: Mapping[str, Schedule]) -> DoorPlan:
    return DoorPlan(
        door.name,
        interlock=sections.interlock(door.name),
        time_lock=hours[door.get("time_lock")] if "time_lock" in door.values else None,
        has_bolt="bolt" in door.values,
        **{"levels": wanted_levels(sections, door), **_fields(door)},
    )


def _cabinet(sections: Sections, cabinet: Section) -> CabinetPlan:
    fields = {"levels": wanted_levels(sections, cabinet), **_fields(cabinet)}
    return CabinetPlan(cabinet.name, compartments=sections.compartments(cabinet.name), **fields)


def _readers(sections: Sections) -> dict[str, ReaderPlan]:
    asking = {one.device.name for one in readings(sections) if asks(one.device, one.wanted)}
    return {
        device.name: ReaderPlan(device.name, device.owner, device.key.side, asks=device.name in asking)
        for device in devices(sections.every())
        if device.key.side is not None
    }


def _placed(sections: Sections, kind: type[Address]) -> list[str]:
    """Names of the devices at addresses of one kind."""
    return [device.name for device in devices(sections.every()) if isinstance(device.placed.address, kind)]


def _inputs(sections: Sections) -> dict[str, InputPlan]:
    return {
        device.name: InputPlan(device.name, device.key.role, device.owner or device.name)
        for device in devices(sections.every())
        if device.key.role is not None
    }


def _own(sections: Sections, names: tuple[str, ...]) -> dict[str, InputPlan]:
    """Cover of every reader, board and panel, and supply of those on OSDP; they need no wire of their own."""
    covers = {f"{name}.tamper": InputPlan(f"{name}.tamper", Role.TAMPER, name) for name in names}
    supplied = [name for name in names if name in _placed(sections, OsdpAddress)]
    return covers | {f"{name}.power": InputPlan(f"{name}.power", Role.POWER, name) for name in supplied}
