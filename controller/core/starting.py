"""The start of a controller: what it must not go on with, and what it was given to begin with.

Rule: a restart never invents an empty room (behaviour 12, 19; law 3).
"""

from __future__ import annotations

from controller.core import camera_orders, commissioning, console, issuing, occupancy, pictures, witnessing
from controller.core.compartment import TABLE as BOX
from controller.core.compartment import BoxReading
from controller.core.door import TABLE as DOOR
from controller.core.door import DoorReading
from controller.core.effects import Body
from controller.core.events import Started
from controller.core.pair import PairEvent, PairPhase, says
from controller.core.turn import Turn, utc
from controller.core.words import AlarmKind, Kind, Reason

LONGEST_OFF_MS = 7 * 86_400_000
"""Longer than a week no room is left switched off: a clock that says so takes two people (behaviour 38)."""

LOST = says(PairPhase.PENDING, PairEvent.RESTART)


def started(turn: Turn, event: Started) -> None:
    """A restart never invents an empty room (behaviour 12, 19; law 3)."""
    first = not turn.state.policy
    for name, door in list(turn.state.doors.items()):
        if door.pending:
            turn.write(LOST, name, door.pending.people, Reason.RESTART, thing="door")
        room = turn.plan.doors[name].room if name in turn.plan.doors else ""
        if entry := DOOR[door.phase, DoorReading.RESTARTED].entry:
            people = (*door.entering, *door.leaving)
            turn.write(Kind(entry), name, people, Reason.RESTART, room=room)
            if room and not door.awaiting:  # behind a bolt that was never released nobody has passed
                occupancy.lose_count(turn, room, Reason.RESTART)
    for name, now in list(turn.state.cabinets.items()):
        if now.pending:
            turn.write(LOST, name, now.pending.people, Reason.RESTART, thing="cabinet")
    for name, box in list(turn.state.compartments.items()):
        if entry := BOX[box.phase, BoxReading.RESTARTED].entry:
            turn.write(Kind(entry), name, (), Reason.RESTART)
    _not_finished(turn)
    turn.moment.flashes.clear()
    turn.moment.filters.clear()
    turn.moment.looks.clear()
    witnessing.started(turn)
    more: Body = {"first": True, "time": utc(event.wall_ms)} if first else {}
    turn.write(Kind.STARTED, turn.plan.name, offered=event.policy, wall_ms=event.wall_ms, **more)
    _policy_and_clock(turn, event)


def _not_finished(turn: Turn) -> None:
    """Pictures, a badge, a pairing or a camera's learning that were asked for before are not waited for."""
    pictures.interrupted(turn)
    console.waited_in_vain(turn, "restart")
    for reader in list(turn.state.issues):
        issuing.ended(turn, reader=reader, reason=Reason.RESTART)
    for device in list(turn.state.pairings):
        commissioning.pairing_ended(turn, device=device, reason=Reason.RESTART)
    for camera in list(turn.state.camera_orders):
        camera_orders.ended(turn, camera=camera, reason=Reason.RESTART)


def _policy_and_clock(turn: Turn, event: Started) -> None:
    if event.policy != turn.state.policy:
        turn.write(Kind.POLICY_OFFERED, turn.plan.name, digest=event.policy)
    drift = event.wall_ms - turn.at - turn.state.offset
    if turn.state.claimed is not None:
        drift = event.wall_ms - turn.at - turn.state.claimed
    if 0 < drift <= LONGEST_OFF_MS and turn.state.claimed is None:
        turn.write(Kind.CLOCK_TRIMMED, "", (), Reason.RESTART, by_ms=drift)
    elif drift > LONGEST_OFF_MS or drift < -turn.plan.drift_ms:
        turn.write(Kind.CLOCK_CHANGED, by_ms=drift)
        turn.alarm(AlarmKind.CLOCK, turn.plan.name)
