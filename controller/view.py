"""The room as a person may see it now: plain values for the gate, the terminal and the console.

Rule: a duress mark is sealed; it is shown only to whoever asks for the sealed view, and as an alarm to a
guard who has not opened the room: the guard knows, who is under it learns nothing (behaviour 35).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from controller.core import closing
from controller.core.alarm_desk import opened_it
from controller.core.causes import stands
from controller.core.effects import Body
from controller.core.people import Holder
from controller.core.plan import SitePlan
from controller.core.remembered import Alarm, Closing
from controller.core.site import Site
from controller.core.state import DoorPhase, State
from controller.core.turn import Turn
from controller.core.witnessing import unwitnessed
from controller.core.words import AlarmKind
from controller.visit_view import visits

View = dict[str, Any]
NOTHING: Mapping[str, Body] = MappingProxyType({})


def view(
    site: Site,
    *,
    sealed: bool = False,
    guard: str = "",
    whole: bool = True,
    became: Mapping[str, Body] = NOTHING,
) -> View:
    """Everything the room knows now, as JSON-able values; ``became`` is how orders ended (becoming.py).

    ``guard`` is the id of a guard who looks. Unless ``whole``, visitors whose visits are over are left out:
    a house has thousands of them.
    """
    plan, state = site.plan, site.state
    return {
        "site": plan.name,
        "at": state.at,
        "wall_ms": state.wall,
        "clock": "unconfirmed" if state.claimed is not None else "trusted",
        "policy": state.policy,
        "offered": state.offered,
        "rooms": {name: _room(plan, state, name) for name in plan.rooms},
        "doors": {name: _door(plan, state, site, name) for name in plan.doors},
        "windows": {name: _level(state, f"{name}.contact") for name in plan.windows},
        "compartments": {
            c.full(k): state.compartment(c.full(k)).phase.value
            for c in plan.cabinets.values()
            for k in c.compartments
        },
        "inputs": {name: _level(state, name) for name in plan.inputs},
        "signals": {name: site.moment.shown.get(name, "idle") for name in plan.readers},
        "cabinets": {name: _cabinet(state, name) for name in plan.cabinets},
        "cameras": {name: state.cameras.get(name, "back") for name in plan.cameras},
        "alarms": [_alarm(site, a) for a in state.alarms.values() if sealed or _is_told(site, a, guard)],
        "log": _log(site),
        "lost": sorted(state.lost),
        "noisy": sorted(state.noisy),
        "suspects": sorted(state.suspects),
        "lockdown": state.lockdown.by if state.lockdown else "",
        "lockdown_since": state.lockdown.since + state.offset if state.lockdown else None,
        "fire": state.fire,
        "carriers": {
            name: {"state": c.state, "at": c.at, "holder": c.holder} for name, c in state.carriers.items()
        },
        "people": {h.id: _person(state, h, sealed=sealed) for h in _people(state, whole=whole)},
        "badges": {
            name: {"holder": b.holder, "level": b.level, "blocked": b.blocked, "boxed": name in state.boxed}
            for name, b in state.badges.items()
        },
        "issues": {
            reader: {"person": i.person, "level": i.level, "until": i.until}
            for reader, i in state.issues.items()
        },
        "pairings": {device: {"until": p.until} for device, p in state.pairings.items()},
        "learning": sorted(state.learning),
        "cameras_learning": sorted(state.camera_orders),
        "visits": visits(site.state),
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


def _is_told(site: Site, alarm: Alarm, guard: str) -> bool:
    """Whether an alarm is shown where nothing sealed is: duress only to a guard who did not open the room."""
    if alarm.kind != AlarmKind.DURESS:
        return True
    return bool(guard) and not opened_it(
        Turn(site.plan, site.state, site.moment, b"", site.state.at), alarm, guard
    )


def _alarm(site: Site, alarm: Alarm) -> View:
    """An alarm: ``since`` in room time, ``raised`` and ``taken_at`` in UTC milliseconds."""
    state, at = site.state, alarm.taken_at
    look = Turn(site.plan, state, site.moment, b"", state.at)
    return {
        "alarm": alarm.kind,
        "place": alarm.place,
        "since": alarm.since,
        "raised": alarm.since + state.offset,
        "taken_by": alarm.taken_by,
        "taken_at": None if at is None else at + state.offset,
        "escalated": alarm.escalated,
        "late": alarm.late,
        "cause_stands": stands(look, alarm),
    }


def _people(state: State, *, whole: bool) -> list[Holder]:
    """Staff, and visitors who are expected, here, or carry a badge that counts; if ``whole`` everybody."""
    if whole:
        return [*state.people.values()]
    coming = {visit.visitor for visit in state.visit_book.values() if visit.open}
    inside = {visitor for room in state.rooms.values() for visitor in room.visitors}
    carrying = {badge.holder for badge in state.badges.values() if not badge.blocked}
    shown = coming | inside | carrying
    return [holder for holder in state.people.values() if not holder.visitor or holder.id in shown]


def _person(state: State, holder: Holder, *, sealed: bool) -> View:
    """What a person is and may do; nothing personal, which the room does not know (people.py).

    With whom somebody may not act, relatives say, is for whoever sees what is sealed.
    """
    apart: View = {"excluded_with": sorted(holder.excluded_with)} if sealed else {}
    return apart | {
        "visitor": holder.visitor,
        "host": holder.host,
        "department": holder.department,
        "posts": list(holder.posts),
        "roles": list(holder.roles),
        "valid_from": holder.valid_from,
        "valid_until": holder.valid_until,
        "pledged": holder.pledged,
        "trained": holder.trained,
        "pledge_until": holder.pledge_until,
        "training_until": holder.training_until,
        "ended": holder.ended,
        "erased": holder.erased,
        "hours": holder.hours,
        "doors": None if holder.doors is None else sorted(holder.doors),
        "compartments": None if holder.compartments is None else sorted(holder.compartments),
        "pin": bool(holder.pin),
        "passkeys": sum(key.person == holder.id for key in state.passkeys.values()),
    }


def _cabinet(state: State, name: str) -> View:
    """Who is at a cabinet, and which pair is being made there; times are room time."""
    now = state.cabinet(name)
    return {
        "people": list(now.session.people) if now.session and not now.session.expired else [],
        "until": now.session.until if now.session else None,
        "pending": list(now.pending.people) if now.pending else [],
        "deadline": now.pending.deadline if now.pending else None,
    }


def _room(plan: SitePlan, state: State, name: str) -> View:
    """A room; ``since`` is when its Session began, in UTC milliseconds."""
    room = state.room(name)
    return {
        "inside": list(room.inside),
        "visitors": list(room.visitors),
        "occupancy": "unknown" if room.unknown else len(room.inside),
        "unconfirmed": list(room.unconfirmed),
        "lone_at": room.lone_at,
        "open": room.session is not None,
        "since": room.session.since + state.offset if room.session else None,
        "mode": plan.rooms[name].mode.value,
        "max": plan.rooms[name].max_occupancy,
        "closing": _closing(plan, state, name),
    }


def _closing(plan: SitePlan, state: State, name: str) -> View:
    """The daily closing of a room: due, missing and last, in UTC milliseconds; and what the sensors say."""
    now = state.closings.get(name, Closing())
    return {
        "due": now.dues[0].by if now.dues else None,
        "missed": now.missed,
        "closed_at": now.closed_at,
        "closed_by": list(now.closed_by),
        "sensors": {what: dict(ones) for what, ones in closing.sensors(plan, state, name).items()},
        "findings": closing.findings(plan, state, name),
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
        "until": door.until,
        "opened": None if door.opened_at is None else door.opened_at + state.offset,
        "remote": door.remote,
        "egress": site.egress_is_free(name),
        "room": plan.doors[name].room,
    }


def _level(state: State, point: str) -> str:
    return state.level(point).value
