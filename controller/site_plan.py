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
    ReaderPlan,
    Role,
    RoomPlan,
    SitePlan,
    Together,
    WindowPlan,
)
from controller.core.schedule import ALWAYS, Schedule
from controller.site_devices import devices
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
        inputs={**_inputs(sections), **_tampers((*readers, *sections.of("board")))},
        cameras=tuple(sections.of("camera")),
        schedules=hours,
        log_witnesses=LogWitnesses(tuple(sections.of("log_witness")), **_fields(sections.single["log"])),
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
        **_fields(door),
    )


def _cabinet(sections: Sections, cabinet: Section) -> CabinetPlan:
    return CabinetPlan(cabinet.name, compartments=sections.compartments(cabinet.name), **_fields(cabinet))


def _readers(sections: Sections) -> dict[str, ReaderPlan]:
    return {
        device.name: ReaderPlan(device.name, device.owner, device.key.side)
        for device in devices(sections.every())
        if device.key.side is not None
    }


def _inputs(sections: Sections) -> dict[str, InputPlan]:
    return {
        device.name: InputPlan(device.name, device.key.role, device.owner or device.name)
        for device in devices(sections.every())
        if device.key.role is not None
    }


def _tampers(names: tuple[str, ...]) -> dict[str, InputPlan]:
    """The cover of every reader and board; it reports with the device and needs no wire of its own."""
    return {f"{name}.tamper": InputPlan(f"{name}.tamper", Role.TAMPER, name) for name in names}
