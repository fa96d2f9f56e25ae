"""Visitors: a pass opens nothing by itself, dies on leaving, and its end is an event.

Rule: visitors never count towards the two, at the door, in the room or at a cabinet (behaviour 23, 56).
"""

from __future__ import annotations

from controller.core.events import Asking
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason


def pass_ended(turn: Turn, visitor: str) -> None:
    """The end time of a visit has come while the visitor is inside."""
    room = next((r for r in turn.plan.rooms if visitor in turn.state.room(r).visitors), turn.plan.name)
    turn.write(Kind.VISIT_ENDED, room, (), Reason.VISIT_OVER, visitors=[visitor])
    turn.alarm(AlarmKind.VISITOR_ALONE, room)


def check_out(turn: Turn, ask: Asking) -> None:
    """Check a visitor out: the pass is dead."""
    visitor = str(ask.fields.get("visitor", ""))
    holder = turn.state.people.get(visitor)
    if holder is None or not holder.visitor or visitor in turn.state.ended_visits:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    inside = next((r for r in turn.plan.rooms if visitor in turn.state.room(r).visitors), "")
    turn.write(Kind.VISIT_ENDED, inside, [ask.by], visitors=[visitor])
    if inside:
        turn.alarm(AlarmKind.VISITOR_ALONE, inside)
    turn.accept()
