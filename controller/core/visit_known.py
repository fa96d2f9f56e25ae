"""Who is known at the desk: visitors who come again, and those who may not come.

Rule: pure reading of the state; a document is compared by its keyed tag, and nobody keeps its number.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.core.documents import document_tag
from controller.core.effects import Body
from controller.core.people import Holder
from controller.core.remembered_visits import Visit, VisitStatus
from controller.core.state import State


@dataclass(frozen=True, slots=True)
class Known:
    """What the site knows of a document: whose it is (empty: nobody's), and whether they may not come."""

    visitor: str
    blocked: bool
    visits: int  # passes that were issued for this visitor
    open: tuple[str, ...]  # visits that are awaited or go on


def known_visitor(state: State, pepper: bytes, document: str) -> Known:
    """What the site knows of a document number, however it is typed; writes nothing."""
    return known_by_tag(state, document_tag(pepper, document))


def known_by_tag(state: State, tag: str) -> Known:
    """What the site knows of a document by its keyed tag; writes nothing."""
    visitor = state.documents.get(tag, "")
    going_on = tuple(n for n, v in state.visit_book.items() if visitor and v.visitor == visitor and v.open)
    return Known(visitor, is_blocked(state, visitor, tag), visits_of(state, visitor), going_on)


def visits_of(state: State, visitor: str) -> int:
    """How many passes were issued for a visitor."""
    return sum(state.visited.get(one, 0) for one in linked(state, visitor))


def linked(state: State, visitor: str) -> list[str]:
    """A visitor's id and all others that turned out to be the same person's, in order."""
    found = {visitor}
    while more := {
        one for pair in state.same_visitor.items() if found & {*pair} for one in pair if one not in found
    }:
        found |= more
    return sorted(found)


def visitor_key(visitor: str) -> str:
    """Key of a block by the visitor; a block by the document has its tag."""
    return f"visitor:{visitor}"


def block_keys(state: State, visitor: str, tag: str = "") -> list[str]:
    """Everything by which a visitor is known: ids and tags of documents."""
    ids = linked(state, visitor) if visitor else []
    tags = {t for t, whose in state.documents.items() if whose in ids} | ({tag} if tag else set())
    return [*map(visitor_key, ids), *sorted(tags)]


def is_blocked(state: State, visitor: str, tag: str = "") -> bool:
    """Tell whether a visitor or a document may not come."""
    if not state.blocks:
        return False
    return any(key in state.blocks for key in block_keys(state, visitor, tag))


def is_visitor(state: State, person: str) -> bool:
    """Tell whether somebody is a visitor who can come again: not of the staff, not ended, not erased."""
    holder: Holder | None = state.people.get(person)
    return holder is not None and holder.visitor and not holder.ended


def new_visitor(state: State) -> str:
    """An id that nobody has, nor ever had."""
    number = state.visit_count + 1
    while f"visitor-{number}" in state.people:
        number += 1
    return f"visitor-{number}"


def pass_out(state: State, visitor: str) -> tuple[str, Visit] | None:
    """The visit for which a visitor holds a pass now, and its name."""
    mine = ((n, v) for n, v in state.visit_book.items() if v.visitor == visitor)
    return next(((n, v) for n, v in mine if v.status is VisitStatus.INSIDE), None)


def lockers_in_use(state: State) -> Body:
    """Locker, and the visit whose things lie in it."""
    return {d.locker: name for name, visit in state.visit_book.items() for d in visit.devices}
