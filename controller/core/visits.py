"""Visitors: a pass opens nothing by itself, dies on leaving, and its end is an event.

Rule: visitors never count towards the two, at the door, in the room or at a cabinet (behaviour 23, 56).
"""

from __future__ import annotations

from controller.core.events import Asking
from controller.core.remembered_visits import Visit
from controller.core.turn import Turn
from controller.core.visit import TABLE, VisitDeed
from controller.core.visit_blocks import end_pass
from controller.core.visit_known import pass_out
from controller.core.visit_returns import give_back
from controller.core.words import AlarmKind, Kind, Reason


def pass_ended(turn: Turn, visitor: str) -> None:
    """The end time of a visit has come while the visitor is inside."""
    out = pass_out(turn.state, visitor)
    _over(turn, visitor, [out[0]] if out and not out[1].overstayed else [])


def overstayed(turn: Turn, visit: str) -> None:
    """The end time of a visit has come, and its pass was not given back."""
    _over(turn, turn.state.visit_book[visit].visitor, [visit])


def _over(turn: Turn, visitor: str, visits: list[str]) -> None:
    inside = next((r for r in turn.plan.rooms if visitor in turn.state.room(r).visitors), "")
    counted = visitor in turn.state.visits
    late = {"overstayed": visits} if visits else {}
    turn.write(Kind.VISIT_ENDED, inside or turn.plan.name, (), Reason.VISIT_OVER, visitors=[visitor], **late)
    if inside or counted:
        turn.alarm(AlarmKind.VISITOR_ALONE, inside or turn.plan.name)
    if visits:
        turn.alarm(AlarmKind.VISITOR_OVERSTAY, inside or turn.plan.name)


def check_out(turn: Turn, ask: Asking) -> None:
    """Check a visitor out: the pass is dead; one that was issued here is given back or reported lost."""
    name = str(ask.fields.get("visit", ""))
    visitor = str(ask.fields.get("visitor", "")) or _visitor_of(turn, name)
    visit = _given_back(turn, name, visitor)
    if visit is not None:
        if give_back(turn, ask, *visit):
            end_pass(turn, visitor, ask.by)
        return
    holder = turn.state.people.get(visitor)
    if holder is None or not holder.visitor or visitor in turn.state.ended_visits:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    end_pass(turn, visitor, ask.by)
    turn.accept()


def _visitor_of(turn: Turn, visit: str) -> str:
    known = turn.state.visit_book.get(visit)
    return known.visitor if known else ""


def _given_back(turn: Turn, name: str, visitor: str) -> tuple[str, Visit] | None:
    """The visit whose pass, badge or devices come back: the one named, or the one that goes on."""
    if not name:
        return pass_out(turn.state, visitor)
    visit = turn.state.visit_book.get(name)
    can_be = visit is not None and (visit.status, VisitDeed.GIVE_BACK) in TABLE and visit.open
    return (name, visit) if visit is not None and can_be and visit.visitor == visitor else None
