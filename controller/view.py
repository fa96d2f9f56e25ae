"""The room as a person may see it now: plain values for the gate, the terminal and the console.

Rule: a duress mark is sealed; it is shown only to whoever asks for the sealed view.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from controller.core.effects import Body
from controller.core.plan import SitePlan
from controller.core.site import Site
from controller.core.state import DoorPhase, State
from controller.core.witnessing import unwitnessed

View = dict[str, Any]
NOTHING: Mapping[str, Body] = MappingProxyType({})


def view(site: Site, *, sealed: bool = False, became: Mapping[str, Body] = NOTHING) -> View:
    """Everything the room knows now, as JSON-able values; ``became`` is how orders ended (becoming.py)."""
    plan, state = site.plan, site.state
    return {
        "site": plan.name,
        "at": state.at,
        "wall_ms": state.wall,
        "clock": "unconfirmed" if state.claimed is not None else "trusted",
        "policy": state.policy,
        "offered": state.offered,
        "rooms": {name: _room(state, name) for name in plan.rooms},
        "doors": {name: _door(plan, state, site, name) for name in plan.doors},
        "windows": {name: _level(state, f"{name}.contact") for name in plan.windows},
        "compartments": {
            c.full(k): state.compartment(c.full(k)).phase.value
            for c in plan.cabinets.values()
            for k in c.compartments
        },
        "inputs": {name: _level(state, name) for name in plan.inputs},
        "signals": {name: site.moment.shown.get(name, "idle") for name in plan.readers},
        "alarms": [
            {"alarm": a.kind, "place": a.place, "since": a.since}
            for a in state.alarms.values()
            if sealed or a.kind != "duress"
        ],
        "log": _log(site),
        "lost": sorted(state.lost),
        "noisy": sorted(state.noisy),
        "lockdown": state.lockdown.by if state.lockdown else "",
        "fire": state.fire,
        "carriers": {
            name: {"state": c.state, "at": c.at, "holder": c.holder} for name, c in state.carriers.items()
        },
        "people": {h.id: {"visitor": h.visitor} for h in state.people.values()},
        "badges": {
            name: {"holder": b.holder, "level": b.level, "blocked": b.blocked}
            for name, b in state.badges.items()
        },
        "issues": {
            reader: {"person": i.person, "level": i.level, "until": i.until}
            for reader, i in state.issues.items()
        },
        "pairings": {device: {"until": p.until} for device, p in state.pairings.items()},
        "learning": sorted(state.learning),
        "cameras_learning": sorted(state.camera_orders),
        "became": dict(became),
    }


def _log(site: Site) -> View:
    """The log: how far it is written and cosigned (``unwitnessed``: by too few), its key, what it told."""
    plan, moment, state, size = site.plan, site.moment, site.state, site.state.size
    return {
        "key": state.log_key,
        "rotation_asked": state.rotation_asked,
        "kept_from": state.kept_from,
        "holds": sorted(state.holds),
        "troubles": sorted(state.log_troubles),
        "size": size,
        "unwitnessed": unwitnessed(plan, moment, size),
        "witnesses": {name: moment.cosigned.sizes.get(name, 0) for name in plan.log_witnesses.names},
    }


def _room(state: State, name: str) -> View:
    room = state.room(name)
    return {
        "inside": list(room.inside),
        "visitors": list(room.visitors),
        "occupancy": "unknown" if room.unknown else len(room.inside),
        "unconfirmed": list(room.unconfirmed),
        "lone_at": room.lone_at,
        "open": room.session is not None,
    }


def _door(plan: SitePlan, state: State, site: Site, name: str) -> View:
    door = state.door(name)
    return {
        "phase": door.phase.value,
        "lock": "unlocked" if door.phase is DoorPhase.RELEASED else "locked",
        "contact": _level(state, f"{name}.contact"),
        "bolt": _level(state, f"{name}.bolt"),
        "pending": list(door.pending.people) if door.pending else [],
        "deadline": door.pending.deadline if door.pending else None,
        "egress": site.egress_is_free(name),
        "room": plan.doors[name].room,
    }


def _level(state: State, point: str) -> str:
    return state.level(point).value
