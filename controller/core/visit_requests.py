"""A visit is requested, changed or declined (behaviour 57).

Rule 1: whoever is blocked is refused at the first word, and again at each later one.
Rule 2: what was approved is what happens: a change of who, where, when or why needs the approval anew.
"""

from __future__ import annotations

from controller.core.console_roles import ConsoleRole
from controller.core.effects import Body
from controller.core.events import Asking
from controller.core.remembered_visits import Visit, VisitStatus
from controller.core.turn import Turn
from controller.core.visit import TABLE, VisitDeed
from controller.core.visit_fields import LONGEST_NOTE, Said, reading, sealed_for, times_are_right
from controller.core.visit_known import is_blocked, is_visitor, new_visitor
from controller.core.words import Kind, Reason

NEEDED = ("host", "areas", "starts", "ends", "purpose")
ESSENTIAL = frozenset({*NEEDED, "group"})
MOST_OPEN = 500  # visits that are awaited at a time


def of(turn: Turn, ask: Asking, deed: VisitDeed) -> Visit | None:
    """The visit an Asking names, or None where this cannot be done with it, which is then said."""
    visit = turn.state.visit_book.get(str(ask.fields.get("visit", "")))
    if visit is None or (visit.status, deed) not in TABLE:
        waits = visit is not None and deed is VisitDeed.ISSUE and visit.status is VisitStatus.REQUESTED
        turn.deny(Reason.NOT_APPROVED if waits else Reason.NOTHING_TO_DO)
        return None
    return visit


def request(turn: Turn, ask: Asking) -> None:
    """Request a visit, of somebody new or of somebody who comes again (``returning``, or by the document)."""
    given = dict(ask.fields)
    returning = str(given.pop("returning", "") or "")
    said = reading(turn, given)
    if said is None:
        return
    known = turn.state.documents.get(said.body.get("tag", ""), "")
    known = known if is_visitor(turn.state, known) else ""
    if not _complete(turn, said) or (returning and not is_visitor(turn.state, returning)):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif returning and known not in {"", returning}:
        turn.deny(Reason.DOCUMENT_WRONG)
    elif is_blocked(turn.state, returning or known, said.body.get("tag", "")):
        turn.deny(Reason.VISITOR_BLOCKED)
    elif sum(v.open for v in turn.state.visit_book.values()) >= MOST_OPEN:
        turn.deny(Reason.TOO_MANY)
    else:
        _request(turn, ask, said, returning or known or new_visitor(turn.state))


def _complete(turn: Turn, said: Said) -> bool:
    known = "name" in said.personal and all(name in said.body for name in NEEDED)
    return known and times_are_right(turn, said.body["starts"], said.body["ends"])


def _request(turn: Turn, ask: Asking, said: Said, visitor: str) -> None:
    visit = f"v{turn.state.visit_count + 1}"
    more: Body = {"visit": visit, "visitor": visitor, **said.body, "personal": {visitor: said.personal}}
    more |= sealed_for(visitor, said.personal.get("photo", ""))
    turn.write(Kind.VISIT_REQUESTED, "", [ask.by], **more)
    turn.accept(visit=visit, visitor=visitor)


def change(turn: Turn, ask: Asking) -> None:
    """Change a visit that nobody has come for yet; what only completes it leaves its approval as it is."""
    given = dict(ask.fields)
    visit = of(turn, ask, VisitDeed.CHANGE)
    if visit is None:
        return
    given.pop("visit")
    said = reading(turn, given)
    if said is None:
        return
    starts, ends = (said.body.get(key, getattr(visit, key)) for key in ("starts", "ends"))
    if not given or not times_are_right(turn, starts, ends):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif is_blocked(turn.state, visit.visitor, said.body.get("tag", "")):
        turn.deny(Reason.VISITOR_BLOCKED)
    else:
        _change(turn, ask, visit, said)


def _change(turn: Turn, ask: Asking, visit: Visit, said: Said) -> None:
    tag = said.body.get("tag", "")
    whose = turn.state.documents.get(tag, "") if tag else ""
    whose = whose if is_visitor(turn.state, whose) else ""
    other = whose not in {"", visit.visitor}
    replaced = bool(tag) and visit.identified and whose != visit.visitor
    if other and (visit.identified or turn.state.visited.get(visit.visitor)):
        turn.deny(Reason.DOCUMENT_WRONG)  # it is another visitor's
        return
    again = replaced or "name" in said.personal or bool(ESSENTIAL & {*said.body})
    more: Body = {"again": again, **said.body} | ({"same_as": whose} if other else {})
    if said.personal:
        more["personal"] = {visit.visitor: said.personal}
        more |= sealed_for(visit.visitor, said.personal.get("photo", ""))
    kind = TABLE[visit.status, VisitDeed.CHANGE].entry
    turn.write(kind, "", [ask.by], visit=ask.fields["visit"], visitor=visit.visitor, **more)
    turn.accept(again=again)


def speaks_for(turn: Turn, visit: Visit, person: str) -> bool:
    """Tell whether somebody may approve or decline a visit: its host, or a chief."""
    return person == visit.host or ConsoleRole.CHIEF in turn.state.people[person].roles


def decline(turn: Turn, ask: Asking) -> None:
    """Decline a visit, as its host or a chief; whoever requested it may take it back."""
    visit = of(turn, ask, VisitDeed.DECLINE)
    if visit is None:
        return
    note = ask.fields.get("reason", "")
    if ask.by != visit.by and not speaks_for(turn, visit, ask.by):
        turn.deny(Reason.NOT_ALLOWED)
    elif not isinstance(note, str) or not note.strip():
        turn.deny(Reason.NOT_UNDERSTOOD)
    else:
        named = {"visit": ask.fields["visit"], "visitor": visit.visitor}
        turn.write(Kind.VISIT_DECLINED, "", [ask.by], **named, note=note[:LONGEST_NOTE])
        turn.accept()
