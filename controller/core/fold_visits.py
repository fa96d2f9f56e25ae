"""Folds of visits: requests, passes, what is out, and who may not come.

Rule: see fold.py; nothing here decides, it only remembers, and forgets what is over for two days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from controller.core.effects import Body
from controller.core.fold_people import holder_from
from controller.core.people import Badge, Holder
from controller.core.remembered_visits import Block, Deposit, Visit, VisitStatus
from controller.core.state import State
from controller.core.visit import TABLE, VisitDeed

KEPT_MS = 2 * 86_400_000
"""So long a visit stays in mind after it was closed, or after its time when nobody came; the log keeps it."""
VALUES = (
    *("host", "starts", "ends", "purpose", "group"),
    *("identified", "photographed", "instructed", "informed"),
)


def _said(entry: Body) -> dict[str, Any]:
    values = {name: entry[name] for name in VALUES if name in entry}
    return values | ({"areas": tuple(entry["areas"])} if "areas" in entry else {})


def _remember(state: State, entry: Body, deed: VisitDeed, **changes: Any) -> Visit:
    before = state.visit_book[entry["visit"]]
    after = replace(before, status=TABLE[before.status, deed].to, **changes)
    state.visit_book[entry["visit"]] = after
    return after


def _requested(state: State, entry: Body) -> None:
    _forget_old(state)
    (by,) = entry["who"]
    state.visit_book[entry["visit"]] = Visit(entry["visitor"], by=by, told=state.size, **_said(entry))
    state.visit_count += 1
    _named(state, entry)


def _named(state: State, entry: Body) -> None:
    """A visitor is somebody whose pass is dead until one is issued; so the id is taken, and is erasable."""
    visitor = entry["visitor"]
    if visitor not in state.people:
        state.people[visitor] = Holder(visitor, visitor=True, doors=frozenset(), compartments=frozenset())
        state.ended_visits |= {visitor}
    if "same_as" in entry:
        state.same_visitor[visitor] = entry["same_as"]
    if "tag" in entry:
        state.documents[entry["tag"]] = visitor


def _forget_old(state: State) -> None:
    begun = state.at - KEPT_MS
    awaited = {VisitStatus.REQUESTED, VisitStatus.APPROVED}
    for name, visit in list(state.visit_book.items()):
        missed = visit.status in awaited and visit.ends < state.wall - KEPT_MS
        if missed or (not visit.open and visit.closed is not None and visit.closed < begun):
            del state.visit_book[name]


def _changed(state: State, entry: Body) -> None:
    deed = VisitDeed.CHANGE if entry["again"] else VisitDeed.COMPLETE
    anew = {"approved_by": ""} if entry["again"] else {}
    _remember(state, entry, deed, told=state.size, **_said(entry), **anew)
    _named(state, entry)


def _approved(state: State, entry: Body) -> None:
    (by,) = entry["who"]
    visit = _remember(state, entry, VisitDeed.APPROVE, approved_by=by, ends=entry["ends"])
    if visit.status is VisitStatus.INSIDE:
        state.passes[entry["visit"]] = visit.ends
        state.people[visit.visitor] = replace(state.people[visit.visitor], valid_until=visit.ends)


def _declined(state: State, entry: Body) -> None:
    _remember(state, entry, VisitDeed.DECLINE, closed=entry["at"])


def _issued(state: State, entry: Body) -> None:
    """The visitor is a Holder with one badge; whatever else was theirs is dead."""
    visitor, badge = entry["visitor"], entry["badge"]
    visit = _remember(
        state,
        entry,
        VisitDeed.ISSUE,
        escort=entry["escort"],
        badge=badge,
        devices=tuple(Deposit(**one) for one in entry["devices"]),
        **{name: entry[name] for name in ("photographed", "instructed", "informed")},
    )
    for name, other in state.badges.items():
        if other.holder == visitor and name != badge:
            state.badges[name] = replace(other, blocked=True)
    known = state.badges.get(badge)  # what was made on a card stays what it is
    state.badges[badge] = replace(known, holder=visitor, blocked=False) if known else Badge(visitor)
    state.boxed -= {badge}
    state.people[visitor] = holder_from(entry["person"])
    state.ended_visits -= {visitor}
    state.passes[entry["visit"]] = visit.ends
    state.visited[visitor] = state.visited.get(visitor, 0) + 1


def _reprinted(state: State, entry: Body) -> None:
    _remember(state, entry, VisitDeed.REPRINT, reprints=entry["count"])


def _returned(state: State, entry: Body) -> None:
    """A badge given back is in the box, and dead. One that was lost first stays withdrawn."""
    before = state.visit_book[entry["visit"]]
    back = {*entry["lockers"]}
    left = tuple(one for one in before.devices if one.locker not in back)
    missing = not entry["badge_returned"]
    _remember(state, entry, VisitDeed.GIVE_BACK, devices=left, badge_missing=missing, closed=entry["at"])
    state.passes.pop(entry["visit"], None)
    badge = state.badges.get(before.badge)
    if before.status is VisitStatus.INSIDE and not missing and badge and badge.holder == before.visitor:
        state.badges[before.badge] = replace(badge, blocked=True)
        state.boxed |= {before.badge}


def _started(state: State, entry: Body) -> None:
    for visitor in entry["visitors"]:
        state.visits[visitor] = entry["at"]


def _ended(state: State, entry: Body) -> None:
    for visitor in entry["visitors"]:
        state.visits.pop(visitor, None)
    state.ended_visits |= frozenset(entry["visitors"])
    for name in entry.get("overstayed", ()):
        state.visit_book[name] = replace(state.visit_book[name], overstayed=True)
        state.passes.pop(name, None)


def _blocked(state: State, entry: Body) -> None:
    (by,) = entry["who"]
    _named(state, entry)
    for key in entry["blocks"]:
        state.blocks[key] = Block(by, entry["at"], entry["visitor"])


def _unblocked(state: State, entry: Body) -> None:
    for key in entry["blocks"]:
        state.blocks.pop(key, None)


def forget(state: State, visitor: str) -> None:
    """Nothing stays of an erased visitor but the id; a block stays by the tag of the document alone."""
    for tag in [tag for tag, whose in state.documents.items() if whose == visitor]:
        del state.documents[tag]
    for name in [name for name, visit in state.visit_book.items() if visit.visitor == visitor]:
        del state.visit_book[name]
    for key, block in list(state.blocks.items()):
        if block.visitor == visitor:
            state.blocks[key] = replace(block, visitor="")
    state.blocks.pop(f"visitor:{visitor}", None)
    state.visited.pop(visitor, None)
    state.same_visitor.pop(visitor, None)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "visit_requested": _requested,
    "visit_changed": _changed,
    "visit_approved": _approved,
    "visit_declined": _declined,
    "pass_issued": _issued,
    "pass_reprinted": _reprinted,
    "pass_returned": _returned,
    "visit_started": _started,
    "visit_ended": _ended,
    "visitor_blocked": _blocked,
    "visitor_unblocked": _unblocked,
}
