"""Which names a drill may use: those of its site and of its people, and what each leads to.

Rule: a name leads to the thing that has the part asked for. None knows every name; it stands for the names
of a site that is faulty itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controller.core.eye_events import RECORDER
from controller.core.plan import Role, SitePlan

Known = Mapping[str, str] | None
SENSORS = (Role.MOTION, Role.GLASS, Role.VIBRATION)


@dataclass(frozen=True, slots=True)
class Names:
    """Names that may be used, each with the one it leads to."""

    people: Known = None
    readers: Known = None
    inputs: Known = None
    doors: Known = None
    rooms: Known = None
    locks: Known = None
    cameras: Known = None
    compartments: Known = None
    openings: Known = None
    bolts: Known = None
    exits: Known = None
    log_witnesses: Known = None
    devices: Known = None
    fire: bool = True
    mains: bool = True
    sensors: Mapping[str, Known] | None = None

    def with_sensor(self, word: str) -> Known:
        """Places and inputs that can report motion, broken glass, vibration or tampering."""
        return self.sensors[word] if self.sensors is not None else None


def names_of(plan: SitePlan | None, people: Iterable[str] | None) -> Names:
    """Names of a site and its people."""
    known = None if people is None else _same(people)
    if plan is None:
        return Names(known)
    boxes, contacts = _compartments(plan), _places(plan, Role.CONTACT)
    at = {p.at for p in plan.inputs.values()}
    roles = {p.role for p in plan.inputs.values()}
    eyes = (*plan.cameras, RECORDER) if plan.cameras else ()
    things = (*plan.readers, *plan.inputs, *eyes, *plan.locks, *at)
    return Names(
        people=known,
        readers=_same(plan.readers),
        inputs={**_only(plan), **_same(plan.inputs)},
        doors=_same(plan.doors),
        rooms=_same(plan.rooms),
        locks=boxes | _same(plan.locks),
        cameras=_same(plan.cameras),
        compartments=boxes,
        openings={short: full for short, full in boxes.items() if full in contacts} | contacts,
        bolts=_places(plan, Role.BOLT),
        exits=_places(plan, Role.REX),
        log_witnesses=_same(plan.log_witnesses.names),
        devices=_same(things),
        fire=Role.FIRE in roles,
        mains=Role.MAINS in roles,
        sensors={r.value: _sensors(plan, r) for r in SENSORS} | {Role.TAMPER.value: _covers(plan)},
    )


def _same(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}


def _only(plan: SitePlan) -> dict[str, str]:
    """Inputs by place and role, and by the place alone: its contact, or else the first sensor there."""
    inputs = sorted(plan.inputs.values(), key=lambda p: p.role is not Role.CONTACT)
    first = {p.at: p.name for p in reversed(inputs)}
    return first | {f"{p.at}.{p.role}": p.name for p in reversed(inputs)}


def _places(plan: SitePlan, role: Role) -> dict[str, str]:
    return _same(p.at for p in plan.inputs.values() if p.role is role)


def _sensors(plan: SitePlan, role: Role) -> dict[str, str]:
    """Places and inputs of this role; a compartment leads to its cabinet's, where it has none."""
    places = _places(plan, role)
    inner = {c.full(k): c.name for c in plan.cabinets.values() if c.name in places for k in c.compartments}
    return inner | places | _same(p.name for p in plan.inputs.values() if p.role is role)


def _covers(plan: SitePlan) -> dict[str, str]:
    """What can be tampered with: a cover with a contact, a door's reader's, or else a line to be cut."""
    lines = _same(p.at for p in plan.inputs.values() if p.at not in plan.doors)
    doors = {r.at: r.name for r in reversed([*plan.readers.values()]) if r.at in plan.doors}
    return lines | doors | _sensors(plan, Role.TAMPER)


def _compartments(plan: SitePlan) -> dict[str, str]:
    """Compartments by their full names, and by their short ones where nothing else has that name."""
    full = [c.full(k) for c in plan.cabinets.values() for k in c.compartments]
    shorts = [name.rpartition(".")[2] for name in full]
    only = {s: f for s, f in zip(shorts, full, strict=True) if shorts.count(s) == 1}
    return {s: f for s, f in only.items() if s not in plan.doors and s not in plan.windows} | _same(full)
