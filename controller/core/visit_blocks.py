"""Who may not visit, and the roll call: what the desk does when it must.

Rule 1: a block is by the visitor and by the keyed tag of every document of theirs, and outlives an erasure.
Rule 2: why somebody is blocked is personal; it goes where their name goes.
"""

from __future__ import annotations

from controller.core.documents import document_tag, spelled
from controller.core.effects import Body
from controller.core.events import Asking
from controller.core.portions import portions
from controller.core.remembered_visits import VisitStatus
from controller.core.turn import Turn
from controller.core.visit_fields import LONGEST_NOTE
from controller.core.visit_known import block_keys, is_visitor, new_visitor
from controller.core.words import AlarmKind, Kind, Reason


def _whom(turn: Turn, ask: Asking) -> tuple[str, str] | None:
    """Visitor and tag that an Asking names, by the id or by a document number; None for neither, or both."""
    visitor, number = ask.fields.get("visitor", "") or "", ask.fields.get("document", "") or ""
    if not isinstance(visitor, str) or not isinstance(number, str) or bool(visitor) is bool(number):
        return None
    if not number:
        return visitor, ""
    if not spelled(number):
        return None
    tag = document_tag(turn.pepper, number)
    whose = turn.state.documents.get(tag, "")
    return whose if is_visitor(turn.state, whose) else "", tag


def block(turn: Turn, ask: Asking) -> None:
    """Let somebody visit no more; a pass that is out is dead from now on."""
    whom, note = _whom(turn, ask), ask.fields.get("reason", "")
    if whom is None or not isinstance(note, str) or not note.strip():
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    visitor, tag = whom
    if (visitor and not is_visitor(turn.state, visitor)) or not (visitor or tag):
        turn.deny(Reason.NOTHING_TO_DO)
        return
    keys = block_keys(turn.state, visitor, tag)
    if keys and all(key in turn.state.blocks for key in keys):
        turn.deny(Reason.NOTHING_TO_DO)
        return
    visitor = visitor or new_visitor(turn.state)
    keys = sorted({*keys, *block_keys(turn.state, visitor, tag)})
    more: Body = {"tag": tag} if tag else {}
    personal = {visitor: {"blocked_for": note[:LONGEST_NOTE]}}
    turn.write(Kind.VISITOR_BLOCKED, "", [ask.by], visitor=visitor, blocks=keys, **more, personal=personal)
    end_pass(turn, visitor, ask.by)
    turn.accept(visitor=visitor)


def end_pass(turn: Turn, visitor: str, by: str) -> None:
    """End a visitor's pass where it is alive; whoever is inside is a visitor without a pass."""
    if visitor in turn.state.ended_visits:
        return
    inside = next((r for r in turn.plan.rooms if visitor in turn.state.room(r).visitors), "")
    turn.write(Kind.VISIT_ENDED, inside, [by], visitors=[visitor])
    if inside:
        turn.alarm(AlarmKind.VISITOR_ALONE, inside)


def unblock(turn: Turn, ask: Asking) -> None:
    """Let somebody visit again; a chief who did not set the block, with a reason."""
    whom, note = _whom(turn, ask), ask.fields.get("reason", "")
    if whom is None or not isinstance(note, str) or not note.strip():
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    keys = [key for key in block_keys(turn.state, *whom) if key in turn.state.blocks]
    if not keys:
        turn.deny(Reason.NOTHING_TO_DO)
    elif any(turn.state.blocks[key].by == ask.by for key in keys):
        turn.deny(Reason.SAME_PERSON_LIFTS)
    else:
        more: Body = {"personal": {whom[0]: {"unblocked_for": note[:LONGEST_NOTE]}}} if whom[0] else {}
        turn.write(Kind.VISITOR_UNBLOCKED, "", [ask.by], visitor=whom[0], blocks=keys, **more)
        turn.accept()


def roll_call(turn: Turn, ask: Asking) -> None:
    """Say who was found and who was missing in an emergency; who was not called is written down as well."""
    found, missing = ask.fields.get("found"), ask.fields.get("missing")
    lists = [one for one in (found, missing) if isinstance(one, list)]
    names = [name for one in lists for name in one]
    strange = any(not isinstance(name, str) or name not in turn.state.people for name in names)
    if len(lists) < len((found, missing)) or strange or len({*names}) < len(names):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    unasked = sorted(expected(turn) - {*names})
    for part in portions([*names, *unasked]):
        told: Body = {
            "found": [name for name in part if name in lists[0]],
            "missing": [name for name in part if name in lists[1]],
            "not_called": [name for name in part if name in unasked],
        }
        turn.write(Kind.ROLL_CALLED, turn.plan.name, [ask.by], **told)
    turn.accept(not_called=unasked)


def expected(turn: Turn) -> set[str]:
    """Everybody the site knows to be here: in a room, or with a visitor's pass."""
    rooms = turn.state.rooms.values()
    inside = {p for room in rooms for p in (*room.inside, *room.visitors)}
    return inside | {v.visitor for v in turn.state.visit_book.values() if v.status is VisitStatus.INSIDE}
