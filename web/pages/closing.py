"""The daily closing: what the sensors say now, a note on each finding, two signatures (behaviour 55).

Rule: what is signed are the notes; what the sensors say the controller fills in when the second has signed.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from controller.core.words import Kind
from controller.errors import IronroomError
from web.closing.rooms import RoomClosing, rooms
from web.closing.sheet import closing_sheet
from web.closing.words import noted
from web.desk import is_quiet, look, me, room, told
from web.i18n import _
from web.log import Entry, entries
from web.log import entry as entry_of
from web.page import EVERYDAY, Page
from web.signing import proposal

SIGNERS = (ConsoleRole.GUARD, ConsoleRole.CUSTODIAN, ConsoleRole.CHIEF)
LONGEST_NOTE = 200
MOST = 30
page = Page("closing", __name__)


@page.route("/closing", roles=EVERYDAY)
def index() -> str:
    """Every room, and what was closed of late; the look at it is an Entry first."""
    look("show", f"kind={Kind.DAY_CLOSED} limit={MOST}")
    past, readable = _past()
    return render_template("closing.html", rooms=rooms(room()), past=past, readable=readable, **_now())


@page.route("/closing/<name>/live", roles=EVERYDAY)
def live(name: str) -> str:
    """What lives of a room: what the sensors say, and whether the form still fits it."""
    found = _room(name)
    return render_template("closing_live.html", one=found, mark=request.args.get("mark", ""), **_now())


@page.route("/closing/<name>", roles=SIGNERS, methods=["POST"])
def sign(name: str) -> ResponseReturnValue:
    """Offer the closing of a room to be signed, with its notes."""
    found, notes, note = _room(name), _notes(), request.form.get("note", "").strip()
    if any(one.word not in notes for one in found.found):
        return jsonify(error=_("Say something about each thing that is not in order.")), 409
    if any(len(text) > LONGEST_NOTE for text in (*notes.values(), note)):
        return jsonify(error=_("At most %(n)s characters each.", n=LONGEST_NOTE)), 409
    more = {"note": note} if note else {}
    done = _("Signed. The day is closed when a second person has signed.")
    return proposal("close_day", next=url_for("closing.index"), done=done, room=name, notes=notes, **more)


@page.route("/closing/<int:n>/sheet", roles=EVERYDAY)
def sheet(n: int) -> Response:
    """A closing on paper."""
    look("print", f"closing {n}")
    found = entry_of(n)
    if found is None or found.get("kind") != Kind.DAY_CLOSED:
        abort(404)
    response = make_response(closing_sheet(found, room()).pdf)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="closing-{n}.pdf"'
    return response


def _now() -> dict[str, Any]:
    """Whether this person signs closings, and by room who has signed one that waits for a second person."""
    waiting = told("commands", quiet=is_quiet())["commands"]
    closings = {
        one["fields"]["room"]: one["signed"] for one in waiting if one["ask"] == "close_day" and one["signed"]
    }
    return {"signs": me().has(*(role.value for role in SIGNERS)), "begun": closings}


def _room(name: str) -> RoomClosing:
    found = next((one for one in rooms(room()) if one.name == name), None)
    return found if found is not None else abort(404)


def _notes() -> dict[str, str]:
    """Notes of the form by finding; those without a text are left out."""
    words, texts = request.form.getlist("finding"), request.form.getlist("said")
    return {word: text.strip() for word, text in zip(words, texts, strict=False) if text.strip()}


def _past() -> tuple[list[Entry], bool]:
    """Closings of late, the newest first, each finding in words; and whether the log can be read."""
    try:
        found = list(entries(kind=Kind.DAY_CLOSED, newest_first=True, limit=MOST))
    except IronroomError:
        return [], False
    return [one | {"said": [noted(f) for f in one.get("findings", ())]} for one in found], True
