"""One Entry: in words, as fields, with its pictures and its proof. Rule: the look is written down before."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from controller.core.words import Kind
from controller.errors import UserMistake
from controller.ledger.search.question import Question
from web import log
from web.desk import Refused, me, told
from web.log import Entry, finder, reader
from web.markup import instant
from web.pages.review import page
from web.review import corrections, lists
from web.review.asked import asked_before
from web.review.fields import fields
from web.review.here import READERS, here, now, plan, screens
from web.review.kept import signed_ranges
from web.review.looking import REVIEW, looked, words_of, written
from web.review.moments import spelled
from web.review.pictured import pictured
from web.review.places import places_of_rooms
from web.review.proof_state import heads, receipt
from web.review.related import alarm_of, cause_of, session_of
from web.review.sheets import comment_of
from web.tokens import token

MOST_NOTES = 1_000
"""Comments, the newest of the log, among which those of an Entry are looked for."""
_JPEG = b"\xff\xd8\xff"


@page.route("/review/<int:n>", roles=READERS)
def entry(n: int) -> ResponseReturnValue:
    """Everything about one Entry."""
    look, found = _found(n)
    return render_template("review_entry.html", **told_of(found, look), wrong="", text="")


@page.route(
    "/review/<int:n>/picture/<int:shot>/<camera>/<int(signed=True):moment>", roles=READERS, machine=True
)
def picture(n: int, shot: int, camera: str, moment: int) -> ResponseReturnValue:
    """One picture; the controller opens it and writes the look down."""
    try:
        answer = told("picture", shot_n=shot, camera=camera, moment=moment, size="picture")
        image = b64decode(str(answer["jpeg"]), validate=True)
    except (Refused, ValueError):
        abort(404)
    if not image.startswith(_JPEG):
        abort(404)
    return Response(
        image, content_type="image/jpeg", headers={"Content-Disposition": f'inline; filename="{n}.jpg"'}
    )


@page.route("/review/<int:n>/receipt", roles=READERS)
def proof(n: int) -> ResponseReturnValue:
    """A receipt: that the Entry is in the log, provable without the log."""
    _found(n)
    return _file(receipt(reader(), n), f"entry-{n}.tlog-proof", "text/plain; charset=utf-8")


@page.route("/review/<int:n>/bytes", roles=READERS)
def octets(n: int) -> ResponseReturnValue:
    """The Entry's own bytes, of which the receipt is; personal texts are not in them."""
    _found(n)
    ((body,),) = reader().fetch("SELECT body FROM entry WHERE n = ?", (n,))
    return _file(bytes(body), f"entry-{n}.json", "application/octet-stream")


def _file(octets: bytes, name: str, kind: str) -> Response:
    return Response(
        octets, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _found(n: int) -> tuple[int, Entry]:
    """The look that covers an Entry, and the Entry; 404 where there is none or nothing of it is left."""
    at, before = now(), request.args.get("look", "")
    is_known = _is_in_answer(before, n, at)
    look = int(before) if is_known else looked(REVIEW, f"n={n}", "", at, before)
    found = log.entry(n) if n < look else None
    if found is None or "kind" not in found:
        abort(404)
    return look, found


def _is_in_answer(before: str, n: int, at: datetime) -> bool:
    """Whether an earlier look was for a question whose answer holds the Entry."""
    question = written(before, at)
    if question is None or question["what"] != REVIEW or "from=" not in question["filter"]:
        return False
    again = asked_before(question["filter"], words_of(question), here(), at)
    try:
        return n < int(before) and lists.answers(finder(), again, places_of_rooms(plan()), n)
    except UserMistake:
        return False


def told_of(found: Entry, look: int) -> dict[str, Any]:
    """What the page shows of an Entry."""
    state, n = heads(reader()), int(found["n"])
    line = lists.line(found, here(), state, signed_ranges())
    screens().show(token(), [n])
    alarm = alarm_of(found, look)
    pictures = pictured(found, alarm[0] if alarm else None, look) if me().sees_sealed else ()
    cause = cause_of(alarm[0]) if alarm else None
    near = min(range(len(pictures)), key=lambda one: abs(pictures[one].moment), default=0)
    return {
        "n": n,
        "line": line,
        "entry": found,
        "fields": fields(found),
        "heads": state,
        "pictures": pictures,
        "shown": _chosen(len(pictures), near),
        "look": look,
        "alarm": [lists.line(one, here(), state, ()) for one in ([cause] if cause else []) + alarm],
        "session": _session(found, look),
        "corrections": corrections.corrections(n),
        "correctable": corrections.names(found),
        "about": corrections.subject(found),
        "notes": [(one, comment_of(one)) for one in _notes(n)],
    }


def _chosen(count: int, near: int) -> int:
    """Which of the pictures is wanted; ``near`` where that says nothing."""
    said = request.args.get("picture", "")
    is_number = said.isascii() and said.isdecimal() and len(said) <= len(str(count))
    return int(said) if is_number and int(said) < count else near


def _session(found: Entry, look: int) -> dict[str, Any] | None:
    """The Session of an Entry, and the question for all of it."""
    session = session_of(found, look)
    if session is None:
        return None
    span = {"from": _minute(session.opened, 0), "to": _minute(session.closed, 1) if session.closed else ""}
    args = {name: value for name, value in {**span, "place": session.room, "only": "all"}.items() if value}
    return {"opened": session.opened, "closed": session.closed, "room": session.room, "args": args}


def _minute(entry: Entry, more: int) -> str:
    """The minute of an Entry as it is typed, in the room's zone."""
    at = instant(entry.get("time")) or now()
    whole = at.astimezone(here()).replace(second=0, microsecond=0)
    return spelled(whole + timedelta(minutes=more))


def _notes(n: int) -> list[Entry]:
    """Comments on an Entry, oldest first."""
    asked = Question(kinds=frozenset({Kind.NOTED.value}))
    found = finder().find(asked, limit=MOST_NOTES, sealed=me().sees_sealed).entries
    return [one for one in reversed(found) if one.get("of") == n]
