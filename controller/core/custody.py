"""What the log tells about itself, its signing key, and every look at it.

Rule 1: a kind of news stands in ``LOG_NEWS`` with its fields and its alarm, or it is not written.
Rule 2: an alarm it calls for ends as every alarm does, when a guard takes note; that the trouble itself
has ended is an Entry of its own and shows in ``State.log_troubles``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from controller.core.console_roles import ConsoleRole, Via
from controller.core.effects import Body
from controller.core.enrolment import LONGEST, SYSTEM_USER
from controller.core.erasing import LONGEST_NOTE, WORDS_SEARCHED, held
from controller.core.events import Asking, LogNews
from controller.core.state import State
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

LONGEST_TEXT = 8_000  # an ML-DSA-44 signature takes 3,228 characters in base64
GREATEST = 2**53 - 1  # RFC 8785 3.2.2.3

EVIDENCE = (
    *("show", "find", "count", "verify", "prove", "export", "slip", "diff", "backup", "picture"),
    *("feed", "review", "print", "live"),  # at the console
)
"""Ways of looking at evidence (behaviour 61)."""
LIVE, ROOM = "live", "room="
LIVE_MS = 10_000
APPROVERS = frozenset({ConsoleRole.GUARD, ConsoleRole.CUSTODIAN, ConsoleRole.CHIEF})
"""Who approves an opening from afar (behaviour 33b), and so may have a room pictured now."""
EXPORTS = ("pdf", "xlsx", "folder")
"""What evidence is taken away as."""


Fields = Mapping[str, Any]


def _free(_state: State, _fields: Fields) -> Reason | None:
    return None


def _no_key_yet(state: State, fields: Fields) -> Reason | None:
    """A key once known is changed by rotation alone."""
    if not state.log_key:
        return None
    return Reason.NOTHING_TO_DO if fields["vkey"] == state.log_key else Reason.NOT_ALLOWED


def _two_asked(state: State, fields: Fields) -> Reason | None:
    """Two people asked, and the old key is the log's."""
    return None if state.rotation_asked and fields["old"] == state.log_key else Reason.NOT_ALLOWED


def _at_its_end(state: State, fields: Fields) -> Reason | None:
    """A restoration is told where the old log ended, before anything else."""
    return None if fields["old_size"] == state.size else Reason.NOT_ALLOWED


def _not_held(state: State, _fields: Fields) -> Reason | None:
    return Reason.UNDER_HOLD if held(state) else None


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of news: its fields and their types, its alarm, and what may speak against it."""

    fields: Mapping[str, type]
    alarm: AlarmKind | None = None
    against: Callable[[State, Fields], Reason | None] = _free


LOG_NEWS: dict[Kind, Row] = {
    Kind.LOG_KEY: Row({"vkey": str}, against=_no_key_yet),
    Kind.KEY_ROTATED: Row(
        {"old": str, "new": str, "signature_old": str, "signature_new": str}, against=_two_asked
    ),
    Kind.STATE_KEPT: Row({"digest": str, "size": int}),
    Kind.PRUNED: Row({"kept_from": int, "bodies": int}, against=_not_held),
    Kind.DISK_LOW: Row({"free_bytes": int}, AlarmKind.DISK_LOW),
    Kind.DISK_ENOUGH: Row({"free_bytes": int}),
    Kind.RESERVE_USED: Row({"free_bytes": int}, AlarmKind.DISK_LOW),
    Kind.PICTURES_DELETED: Row({"digests": str, "bytes": int, "why": str}, against=_not_held),
    Kind.RESTORED: Row(
        {"old_size": int, "old_head": str, "gap": str}, AlarmKind.LOG_RESTORED, against=_at_its_end
    ),
    Kind.LOG_CONFLICT: Row({"log_witness": str, "ours": str, "theirs": str}, AlarmKind.LOG_CONFLICT),
    Kind.BACKED_UP: Row({"to": str, "size": int, "head": str}),
    Kind.BACKUP_FAILED: Row({"to": str, "why": str}, AlarmKind.BACKUP_LATE),
}


def told(turn: Turn, news: LogNews) -> None:
    """Write news of the log down and call the guard where the table says so.

    What changes evidence or its key is told before it is done, in the same commit, and may be refused:
    without its Entry it is not done. News of another kind or shape is a defect of who tells it.
    """
    row = LOG_NEWS.get(news.kind)
    if row is None or not _fits(row, news.fields) or not _writable(news.place):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif reason := row.against(turn.state, news.fields):
        turn.deny(reason)
    else:
        turn.write(news.kind, news.place, **news.fields)
        if row.alarm:
            turn.alarm(row.alarm, news.place or turn.plan.name)
        turn.accept()


def _fits(row: Row, fields: Mapping[str, Any]) -> bool:
    return fields.keys() == row.fields.keys() and all(
        type(value) is row.fields[name] and _writable(value) for name, value in fields.items()
    )


def _writable(value: Any) -> bool:
    if isinstance(value, int):
        return 0 <= value <= GREATEST
    try:
        return len(value.encode()) <= LONGEST_TEXT
    except UnicodeEncodeError:
        return False


def rotate_key(turn: Turn, ask: Asking) -> None:
    """Ask for a new signing key of the log; the process makes it, and both keys sign the change."""
    if turn.state.rotation_asked:
        turn.deny(Reason.NOTHING_TO_DO)
        return
    note = str(ask.fields.get("reason", ""))[:LONGEST_NOTE]
    turn.write(Kind.KEY_ROTATION_ASKED, "", (ask.by, ask.second), note=note)
    turn.accept()


def read_evidence(turn: Turn, ask: Asking) -> None:
    """Say that one is about to look at evidence; shown only after.

    A user of the box, as the gate knows them, or somebody signed in at the console.
    ``filter`` stays for ever; free ``words`` may name people, so they are kept as something personal.
    A ``live`` look names a room (``room=vault``) and has it pictured now: so does whoever approves an
    opening from afar see it (behaviour 33b); at most once in ``LIVE_MS``, for a look in a loop would fill
    the disk, and be a window into the room.
    """
    what, chosen, words = (ask.fields.get(key, "") for key in ("what", "filter", "words"))
    texts = isinstance(chosen, str) and isinstance(words, str)
    room = chosen[len(ROOM) :] if what == LIVE and texts and chosen.startswith(ROOM) else ""
    if not _may_look(turn, ask) or (what == LIVE and not _may_see_live(turn, ask)):
        turn.deny(Reason.NOT_ALLOWED)
    elif what not in EVIDENCE or not texts or max(len(chosen), len(words)) > LONGEST_NOTE:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif what == LIVE and room not in turn.plan.rooms:
        turn.deny(Reason.NOTHING_TO_DO)
    elif room and turn.at < turn.state.pictured.get(f"{Kind.EVIDENCE_READ}@{room}", -LIVE_MS) + LIVE_MS:
        turn.deny(Reason.TOO_MANY)
    else:
        turn.write(Kind.EVIDENCE_READ, "", [ask.by], **look(str(what), chosen, words))
        turn.accept(n=turn.state.size - 1)  # what is shown ends before it
        if room:
            turn.picture(room, Kind.EVIDENCE_READ.value)


def export_evidence(turn: Turn, ask: Asking) -> None:
    """Say that somebody of the console takes evidence away; it is handed out only after.

    ``form`` is one of EXPORTS; ``filter`` and ``words`` as for a look. A folder is the whole log.
    """
    form, chosen, words = (ask.fields.get(key, "") for key in ("form", "filter", "words"))
    texts = isinstance(chosen, str) and isinstance(words, str)
    if form not in EXPORTS or not texts or max(len(chosen), len(words)) > LONGEST_NOTE:
        turn.deny(Reason.NOT_UNDERSTOOD)
    else:
        turn.write(Kind.EVIDENCE_READ, "", [ask.by], **look("export", chosen, words), form=form)
        turn.accept(n=turn.state.size - 1)


def _may_look(turn: Turn, ask: Asking) -> bool:
    if ask.via == Via.BOX:
        return ask.by.startswith(SYSTEM_USER) and len(ask.by) <= LONGEST
    holder = turn.state.people.get(ask.by)
    return holder is not None and not holder.visitor and holder.in_force(turn.at + turn.state.offset)


def _may_see_live(turn: Turn, ask: Asking) -> bool:
    return ask.via == Via.BOX or bool({*turn.state.people[ask.by].roles} & APPROVERS)


def look(what: str, chosen: str, words: str) -> Body:
    """Fields of an ``evidence_read`` Entry."""
    body: Body = {"what": what, "filter": chosen}
    return body | ({"personal": {WORDS_SEARCHED: {"words": words}}} if words else {})
