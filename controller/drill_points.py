"""What a step does to the inputs of the site: which lines change, to which level, in which order.

Rule: this is the one place that knows it, for paper and for wires. A pulse is a level and its return.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core.events import Level
from controller.core.plan import Role, SitePlan
from controller.drill import Fields, Step

Changes = tuple[tuple[str, Level], ...]


def changes(plan: SitePlan, step: Step) -> Changes | None:
    """Levels that a step's inputs take one after the other; None for a step that is not about inputs.

    Of ``open``, ``shut``, ``bolt``, ``input``, ``fire`` and ``power`` the level stays; ``rex``, ``motion``,
    ``glass``, ``vibration`` and ``tamper`` are pulses and end with the line at rest.
    """
    row = POINTS.get(step.do)
    return row(plan, step.fields) if row else None


def _held(role: Role, level: Level) -> Callable[[SitePlan, Fields], Changes]:
    def taken(plan: SitePlan, fields: Fields) -> Changes:
        return tuple((point, level) for point in plan.inputs_of(fields["what"], role)[:1])

    return taken


def _bolt(plan: SitePlan, fields: Fields) -> Changes:
    drawn = Level.ACTIVE if fields["is"] == "drawn" else Level.NORMAL
    return _held(Role.BOLT, drawn)(plan, fields)


def _rex(plan: SitePlan, fields: Fields) -> Changes:
    return _pulse(*plan.inputs_of(fields["door"], Role.REX)[:1])


def _input(_plan: SitePlan, fields: Fields) -> Changes:
    return ((fields["name"], Level(fields["is"])),)


def _pulse(*points: str, level: Level = Level.ACTIVE) -> Changes:
    return tuple((point, to) for point in points for to in (level, Level.NORMAL))


def _sensor(role: Role) -> Callable[[SitePlan, Fields], Changes]:
    def felt(plan: SitePlan, fields: Fields) -> Changes:
        where = fields["where"]
        found = plan.inputs_of(where, role)[:1] or tuple(p for p in plan.inputs if p == where)
        return _pulse(*found) if found else _cut(plan, where)

    return felt


def _cut(plan: SitePlan, where: str) -> Changes:
    """Where no cover has a contact, tampering is cutting a line of that place."""
    return _pulse(*[p.name for p in plan.inputs.values() if p.at == where][:1], level=Level.CUT)


def _site_wide(role: Role, active: str) -> Callable[[SitePlan, Fields], Changes]:
    def reported(plan: SitePlan, fields: Fields) -> Changes:
        level = Level.ACTIVE if fields["is"] == active else Level.NORMAL
        return tuple((p.name, level) for p in plan.inputs.values() if p.role is role)

    return reported


POINTS: dict[str, Callable[[SitePlan, Fields], Changes]] = {
    "open": _held(Role.CONTACT, Level.ACTIVE),
    "shut": _held(Role.CONTACT, Level.NORMAL),
    "bolt": _bolt,
    "rex": _rex,
    "input": _input,
    "motion": _sensor(Role.MOTION),
    "glass": _sensor(Role.GLASS),
    "vibration": _sensor(Role.VIBRATION),
    "tamper": _sensor(Role.TAMPER),
    "fire": _site_wide(Role.FIRE, "on"),
    "power": _site_wide(Role.MAINS, "lost"),
}
