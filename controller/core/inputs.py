"""Inputs: the chatter filter, and what each kind of input means.

Rule: a level is a fact; cut and short are tamper, whatever is armed (behaviour 26, 33).
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core import compartment, occupancy, passage
from controller.core.events import InputLevel, Level
from controller.core.plan import InputPlan, Role
from controller.core.turn import Filter, Turn
from controller.core.words import AlarmKind, Kind, Reason

AT_ONCE = frozenset({Role.REX})  # a way out never waits for a filter


def reported(turn: Turn, reading: InputLevel) -> None:
    """An input has a level; it counts at once or when it has lasted."""
    plan = turn.plan.inputs.get(reading.point)
    if plan is None:
        return
    held = turn.moment.filters.setdefault(plan.name, Filter())
    now = turn.state.level(plan.name)
    if reading.settled or now is Level.UNKNOWN or plan.role in AT_ONCE:
        held.wanted = ""
        accept(turn, plan, reading.level)
    elif reading.level is now:
        if held.wanted:
            held.wanted = ""
            _flip(turn, plan, held)
    elif held.wanted != reading.level:
        if held.wanted:
            _flip(turn, plan, held)
        held.wanted, held.since = reading.level.value, turn.at


def _flip(turn: Turn, plan: InputPlan, held: Filter) -> None:
    """Count a level that did not last."""
    since = turn.at - turn.plan.chatter_ms
    held.flips = (*(f for f in held.flips if f > since), turn.at)
    if len(held.flips) > turn.plan.chatter_limit:
        noisy(turn, plan.name)


def settled(turn: Turn, name: str) -> None:
    """The level wanted has lasted long enough."""
    held = turn.moment.filters[name]
    level, held.wanted = Level(held.wanted), ""
    accept(turn, turn.plan.inputs[name], level)


def calmed(turn: Turn, name: str) -> None:
    """A line has been quiet for the whole chatter time."""
    turn.moment.filters[name].flips = ()
    quiet(turn, name)


def noisy(turn: Turn, name: str) -> None:
    """Too much chatter is a fault."""
    if name in turn.state.noisy:
        return
    turn.write(Kind.DEVICE_NOISY, name)
    turn.alarm(AlarmKind.INPUT_FAULT, name)
    sensor_doubted(turn, name)


def quiet(turn: Turn, name: str) -> None:
    """The chatter has stopped."""
    if name in turn.state.noisy:
        turn.write(Kind.DEVICE_QUIET, name)


def sensor_doubted(turn: Turn, name: str) -> None:
    """Without a contact that can be believed nobody knows who came and went."""
    plan = turn.plan.inputs.get(name)
    if plan and plan.role is Role.CONTACT and plan.at in turn.plan.doors and turn.plan.doors[plan.at].room:
        occupancy.lose_count(turn, turn.plan.doors[plan.at].room, Reason.SENSOR_FAULT)


def accept(turn: Turn, plan: InputPlan, level: Level) -> None:
    """Take a level as a fact and tell the machine it belongs to."""
    if level in {turn.state.level(plan.name), Level.UNKNOWN}:  # who does not know says nothing
        return
    if level in {Level.CUT, Level.SHORT}:
        turn.write(Kind.TAMPER, plan.at, point=plan.name, level=level.value)
        turn.alarm(AlarmKind.TAMPER, plan.name)
        sensor_doubted(turn, plan.name)
        return
    if turn.state.level(plan.name) is Level.UNKNOWN and level is Level.NORMAL and _at_rest(turn, plan):
        _record(turn, plan, level)
        return
    MEANINGS[plan.role](turn, plan, level)


def _at_rest(turn: Turn, plan: InputPlan) -> bool:
    """Tell whether a first report of normal is no news; a door that was open before the start has shut."""
    moving = plan.at in turn.plan.doors or turn.plan.cabinet_of(plan.at) is not None
    return not (plan.role is Role.CONTACT and moving) and not (plan.role is Role.FIRE and turn.state.fire)


def _record(turn: Turn, plan: InputPlan, level: Level, kind: Kind = Kind.INPUT) -> None:
    turn.write(kind, plan.at, point=plan.name, level=level.value)


def _contact(turn: Turn, plan: InputPlan, level: Level) -> None:
    is_open = level is Level.ACTIVE
    if door := turn.plan.doors.get(plan.at):
        (passage.opened if is_open else passage.shut)(turn, door, plan.name)
    elif box := turn.plan.cabinet_of(plan.at):
        (compartment.opened if is_open else compartment.shut)(turn, box, plan.at, plan.name)
    else:
        _window(turn, plan, level)


def _window(turn: Turn, plan: InputPlan, level: Level) -> None:
    """An iron window is armed round the clock (R1.2)."""
    if level is Level.ACTIVE:
        _record(turn, plan, level, Kind.WINDOW_OPENED)
        turn.alarm(AlarmKind.WINDOW_OPEN, plan.at)
    else:
        _record(turn, plan, level, Kind.WINDOW_SHUT)


def _bolt(turn: Turn, plan: InputPlan, level: Level) -> None:
    if door := turn.plan.doors.get(plan.at):
        passage.bolt(turn, door, plan.name, level)
    else:
        _record(turn, plan, level)


def _rex(turn: Turn, plan: InputPlan, level: Level) -> None:
    _record(turn, plan, level)
    door = turn.plan.doors.get(plan.at)
    if door and level is Level.ACTIVE:
        passage.rex(turn, door)


def _always(turn: Turn, plan: InputPlan, level: Level) -> None:
    """Glass is armed round the clock."""
    _detected(turn, plan, level, armed=True)


def _when_armed(turn: Turn, plan: InputPlan, level: Level) -> None:
    """The empty room arms itself (R1.4)."""
    home = turn.plan.cabinets.get(plan.at)
    room = home.room if home else plan.at
    known = room in turn.plan.rooms
    _detected(turn, plan, level, armed=not known or occupancy.known_empty(turn, room))


def _detected(turn: Turn, plan: InputPlan, level: Level, *, armed: bool) -> None:
    if level is Level.ACTIVE and armed:
        _record(turn, plan, level, Kind.INTRUSION)
        turn.alarm(AlarmKind.INTRUSION, plan.at)
    else:
        _record(turn, plan, level)


def _tamper(turn: Turn, plan: InputPlan, level: Level) -> None:
    if level is Level.ACTIVE:
        _record(turn, plan, level, Kind.TAMPER)
        turn.alarm(AlarmKind.TAMPER, plan.at)
    else:
        _record(turn, plan, level)


def _fire(turn: Turn, plan: InputPlan, level: Level) -> None:
    """Both edges are written down; the way out is released in hardware (R1.5)."""
    on = level is Level.ACTIVE
    if on is turn.state.fire:  # a first report after a start is no edge
        _record(turn, plan, level)
        return
    turn.write(Kind.FIRE, plan.at, point=plan.name, level=level.value, on=on)
    turn.picture(plan.at, Kind.FIRE.value)
    if not on:
        passage.unmuted(turn)


def _mains(turn: Turn, plan: InputPlan, level: Level) -> None:
    turn.write(Kind.POWER, plan.at, point=plan.name, level=level.value, lost=level is Level.ACTIVE)


def _supply(turn: Turn, plan: InputPlan, level: Level) -> None:
    """A battery is low, or the supply of a device failed: the guard is called, and nothing moves."""
    _mains(turn, plan, level)
    if level is Level.ACTIVE:
        turn.alarm(AlarmKind.POWER, plan.at)


MEANINGS: dict[Role, Callable[[Turn, InputPlan, Level], None]] = {
    Role.CONTACT: _contact,
    Role.BOLT: _bolt,
    Role.REX: _rex,
    Role.GLASS: _always,
    Role.VIBRATION: _when_armed,
    Role.MOTION: _when_armed,
    Role.TAMPER: _tamper,
    Role.FIRE: _fire,
    Role.MAINS: _mains,
    Role.BATTERY: _supply,
    Role.POWER: _supply,
}
