"""What falls due next, and what happens then.

Rule: time is data; a late loop settles what fell due at the moment it fell due, earliest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from controller.core import (
    alarm_desk,
    camera_orders,
    closing,
    commissioning,
    compartment,
    console,
    inputs,
    issuing,
    looking,
    occupancy,
    pair,
    passage,
    pictures,
    vault,
    visits,
    waiting,
    witnessing,
)
from controller.core.plan import DoorPlan, SitePlan
from controller.core.state import Door, DoorPhase, State
from controller.core.turn import Moment, Turn
from controller.core.words import AlarmKind, Kind

Due = tuple[int, Callable[[Turn], None]]


def next_due(plan: SitePlan, state: State, moment: Moment) -> Due | None:
    """Earliest thing that falls due, or None; of equal times the first in the order below."""
    return min(_all(plan, state, moment), key=lambda due: due[0], default=None)


def _all(plan: SitePlan, state: State, moment: Moment) -> Iterator[Due]:
    for name in state.doors:
        if name in plan.doors:
            yield from _door(plan.doors[name], state)
    yield from _alarms(plan, state)
    yield from _rooms(plan, state)
    yield from _cabinets(plan, state)
    yield from _visits(state)
    yield from _inputs(plan, state, moment)
    if (late := witnessing.due(plan, moment)) is not None:
        yield late, witnessing.watch
    for reader, flash in moment.flashes.items():
        yield flash.until, partial(_unflash, reader=reader)
    if state.issues or state.pairings or state.camera_orders:
        yield from _commissions(state)
    for once in state.signed_once.values():
        yield once.until, console.waited_in_vain
    yield from _eyes(plan, state, moment)


def _alarms(plan: SitePlan, state: State) -> Iterator[Due]:
    for key, alarm in state.alarms.items():
        if (late := alarm_desk.due(plan, alarm)) is not None:
            yield late, partial(alarm_desk.escalate, key=key)


def _eyes(plan: SitePlan, state: State, moment: Moment) -> Iterator[Due]:
    for number, shot in state.open_shots.items():
        for part in shot.waits:
            yield shot.due(part), partial(pictures.silent, number=number, part=part)
    if (differs := looking.due(plan, moment)) is not None:
        yield differs, looking.watch


def _commissions(state: State) -> Iterator[Due]:
    for reader, issue in state.issues.items():
        yield issue.until + issuing.GRACE_MS, partial(issuing.ended, reader=reader)
    for device, pairing in state.pairings.items():
        yield pairing.until + issuing.GRACE_MS, partial(commissioning.pairing_ended, device=device)
    for camera, order in state.camera_orders.items():
        yield order.until, partial(camera_orders.ended, camera=camera)


def _unflash(turn: Turn, *, reader: str) -> None:
    turn.moment.flashes.pop(reader, None)


def _door(door: DoorPlan, state: State) -> Iterator[Due]:
    now = state.door(door.name)
    if now.pending:
        yield now.pending.deadline, partial(_timeout, name=door.name, thing="door")
    if now.phase is DoorPhase.RELEASED and now.until is not None:
        yield now.until, partial(passage.release_ended, door=door)
    if now.unmoved and now.phase is DoorPhase.LOCKED and now.together_until is not None:
        yield now.together_until, partial(passage.nobody_came, door=door)
    if now.phase is DoorPhase.PASSING and now.opened_at is not None:
        if not now.prealarmed:
            yield now.opened_at + door.held_ms - door.prealarm_ms, partial(_soon, name=door.name)
        yield now.opened_at + door.held_ms, partial(passage.held, door=door)
    if now.unbolted_at is not None:
        yield now.unbolted_at + door.bolt_ms, partial(_not_bolted, name=door.name)
    if now.exit_waits is not None and not now.lets_in:
        yield now.exit_waits + door.egress_wait_ms, partial(passage.waited_too_long, door=door)
    yield from _waits(door, now, state.at)


def _waits(door: DoorPlan, now: Door, at: int) -> Iterator[Due]:
    """What a bolted door waits for before it is released."""
    if now.awaiting:
        for until in (now.awaiting.deadline, now.awaiting.picture_until):
            if (
                until is not None and until > at
            ):  # at that instant it was asked already, whatever else it waits for
                yield until, waiting.settle
    if now.delay_until is not None:
        yield now.delay_until, partial(vault.delay_over, door=door)
    if now.delay_open_until is not None:
        yield now.delay_open_until, partial(_expired, name=door.name)


def _timeout(turn: Turn, *, name: str, thing: str) -> None:
    now = (turn.state.door(name) if thing == "door" else turn.state.cabinet(name)).pending
    if now is not None:
        said = pair.says(pair.phase_of(now), pair.PairEvent.TIMEOUT)
        turn.write(said, name, (*now.people, *now.visitors), thing=thing)


def _soon(turn: Turn, *, name: str) -> None:
    turn.write(Kind.HELD_SOON, name)


def _not_bolted(turn: Turn, *, name: str) -> None:
    turn.write(Kind.NOT_BOLTED, name)
    turn.alarm(AlarmKind.NOT_BOLTED, name)


def _expired(turn: Turn, *, name: str) -> None:
    turn.write(Kind.DELAY_EXPIRED, name)


def _rooms(plan: SitePlan, state: State) -> Iterator[Due]:
    for name, room in state.rooms.items():
        if room.lone_at is not None and name in plan.rooms:
            yield room.lone_at, partial(_lone, room=name)
    for name in state.closings:
        if name in plan.rooms and (late := closing.due(state, name)) is not None:
            yield late, partial(closing.missing, room=name)


def _lone(turn: Turn, *, room: str) -> None:
    """Alarm, picture, cabinets locked out (behaviour 15)."""
    now = turn.state.room(room)
    turn.write(Kind.LONE, room, now.inside)
    turn.alarm(AlarmKind.LONE, room)
    compartment.lock_out(turn, room)
    occupancy.lock_out(turn, room)


def _cabinets(plan: SitePlan, state: State) -> Iterator[Due]:
    for name, now in state.cabinets.items():
        if name not in plan.cabinets:
            continue
        if now.pending:
            yield now.pending.deadline, partial(_timeout, name=name, thing="cabinet")
        if now.session and not now.session.expired:
            yield now.session.until, partial(compartment.session_ended, cabinet=plan.cabinets[name])
    for name, box in state.compartments.items():
        if box.until is not None:
            yield box.until, partial(compartment.release_ended, box=name)


def _visits(state: State) -> Iterator[Due]:
    for visitor in state.visits:
        until = state.people[visitor].valid_until
        if until is not None:
            yield max(until - state.offset, 0), partial(visits.pass_ended, visitor=visitor)
    for visit, ends in state.passes.items():
        yield max(ends - state.offset, 0), partial(visits.overstayed, visit=visit)


def _inputs(plan: SitePlan, state: State, moment: Moment) -> Iterator[Due]:
    for name, held in moment.filters.items():
        if held.wanted:
            yield held.since + plan.settle_ms, partial(inputs.settled, name=name)
        if held.flips and name in state.noisy:
            yield held.flips[-1] + plan.chatter_ms, partial(inputs.calmed, name=name)
