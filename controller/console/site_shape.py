"""The site's shape for a floor plan: what stands where, by name. Rule: names and places, and no address.

rooms     {name: {"most": people}}
doors     {name: {"room": name or "" (the outer door of a passage), "interlock": [doors], "bolt": sensed}}
windows   {name: {"room": name}}
cabinets  {name: {"room": name, "compartments": [short names]}}
readers   {name: {"at": door, cabinet or "", "side": in, out, cabinet, confirm or enrolment}}
inputs    {name: {"at": what it belongs to, "role": a word of meanings.py}}
cameras   {name: {"sees": [rooms, doors, windows, cabinets; none: everything], "watches": room or ""}}
panels    {name: {"room": name or "" (of every room)}}
hours     names of its hours
levels    how far badges that are made here may be authenticated
"""

from __future__ import annotations

from typing import Any

from controller.core.plan import CabinetPlan, CameraPlan, DoorPlan, InputPlan, ReaderPlan, SitePlan


def site_shape(plan: SitePlan) -> dict[str, Any]:
    """The shape of a site as JSON-able values, in the order of its site file."""
    return {
        "rooms": {name: {"most": room.max_occupancy} for name, room in plan.rooms.items()},
        "doors": {name: _door(door) for name, door in plan.doors.items()},
        "windows": {name: {"room": window.room} for name, window in plan.windows.items()},
        "cabinets": {name: _cabinet(cabinet) for name, cabinet in plan.cabinets.items()},
        "readers": {name: _reader(reader) for name, reader in plan.readers.items()},
        "inputs": {name: _input(one) for name, one in plan.inputs.items()},
        "cameras": {name: _camera(plan.views.get(name, CameraPlan(name))) for name in plan.cameras},
        "panels": {name: {"room": panel.room} for name, panel in plan.panels.items()},
        "hours": sorted(plan.schedules),
        "levels": list(plan.levels_issued),
        "purposes": list(plan.purposes),
    }


def _door(door: DoorPlan) -> dict[str, Any]:
    return {"room": door.room, "interlock": list(door.interlock), "bolt": door.has_bolt}


def _cabinet(cabinet: CabinetPlan) -> dict[str, Any]:
    return {"room": cabinet.room, "compartments": list(cabinet.compartments)}


def _reader(reader: ReaderPlan) -> dict[str, str]:
    return {"at": reader.at, "side": reader.side.value}


def _input(one: InputPlan) -> dict[str, str]:
    return {"at": one.at, "role": one.role.value}


def _camera(camera: CameraPlan) -> dict[str, Any]:
    return {"sees": list(camera.sees), "watches": camera.watches}
