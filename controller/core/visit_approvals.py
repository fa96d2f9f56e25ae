"""A visit is approved, or a whole group at once; or one that goes on ends later (behaviour 57).

Rule 1: several are approved all or none, and each is judged and written as if it were alone.
Rule 2: a signature counts for the visits as they stood when it was asked for (``as_of``, how many Entries
there were): what somebody changes while the host reads is not approved unread.
"""

from __future__ import annotations

from dataclasses import replace

from controller.core.console_roles import Via
from controller.core.enrolment import NotUnderstoodError, instant
from controller.core.events import Asking
from controller.core.remembered_visits import Visit, VisitStatus
from controller.core.turn import Turn
from controller.core.visit import VisitDeed
from controller.core.visit_fields import times_are_right
from controller.core.visit_known import is_blocked
from controller.core.visit_requests import of, speaks_for
from controller.core.words import Kind, Reason

AS_OF = "as_of"
MOST_AT_ONCE = 40
"""Visits that one signature approves: as many names as somebody reads before they sign."""


def approve(turn: Turn, ask: Asking) -> None:
    """Approve a visit, or several; or, before the end of one that goes on, a later end (``until``)."""
    ends: dict[str, int] = {}
    asked = _each(ask)
    for one in asked:
        end = _approved_end(turn, one)
        if end is None:
            return
        ends[one.fields["visit"]] = end
    if not ends:
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    for name, end in ends.items():
        visitor = turn.state.visit_book[name].visitor
        turn.write(Kind.VISIT_APPROVED, "", [ask.by], visit=name, visitor=visitor, ends=end)
    if "visits" in ask.fields:
        turn.accept(visits=[*ends])
    else:
        turn.accept(visit=ask.fields["visit"], until=ends[ask.fields["visit"]])


def _each(ask: Asking) -> list[Asking]:
    """One Asking for each visit that is named; none where they are not named as they should be."""
    named = ask.fields.get("visits")
    if "visits" not in ask.fields:
        return [ask]
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        return []
    as_of = {key: value for key, value in ask.fields.items() if key == AS_OF}
    alone = {*ask.fields} == {"visits", *as_of} and len({*named}) == len(named) <= MOST_AT_ONCE
    return [replace(ask, fields={"visit": one, **as_of}) for one in named] if alone else []


def _approved_end(turn: Turn, ask: Asking) -> int | None:
    """End of the visit as it is approved; None where it may not be, which is then said."""
    visit = of(turn, ask, VisitDeed.APPROVE)
    if visit is None:
        return None
    ends = _end(ask, visit)
    why = _refusal(turn, ask.by, visit, ends) or _changed_since(ask, visit)
    if why is not None:
        turn.deny(why)
        return None
    return ends


def _refusal(turn: Turn, by: str, visit: Visit, ends: int | None) -> Reason | None:
    if not speaks_for(turn, visit, by):
        return Reason.NOT_ALLOWED
    if turn.at + turn.state.offset >= visit.ends:
        return Reason.EXPIRED
    if is_blocked(turn.state, visit.visitor):
        return Reason.VISITOR_BLOCKED
    is_right = ends is not None and times_are_right(turn, visit.starts, ends)
    return None if is_right else Reason.NOT_UNDERSTOOD


def _changed_since(ask: Asking, visit: Visit) -> Reason | None:
    """Why an approval does not count for the visit as it is now; at the box nobody has read it before."""
    if ask.via == Via.BOX:
        return None
    as_of = ask.fields.get(AS_OF)
    if type(as_of) is not int:
        return Reason.NOT_UNDERSTOOD
    return Reason.NOT_SEEN if visit.told > as_of else None


def _end(ask: Asking, visit: Visit) -> int | None:
    """End that is approved: the requested one, or a later one of a visit that goes on."""
    until = ask.fields.get("until")
    if until in ("", None):
        return visit.ends if visit.status is VisitStatus.REQUESTED else None
    try:
        ends = instant("until", until)
    except NotUnderstoodError:
        return None
    going_on = visit.status is VisitStatus.INSIDE and ends > visit.ends
    return ends if going_on else None
