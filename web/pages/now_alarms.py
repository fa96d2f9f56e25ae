"""One alarm: what to do, what cameras saw, who was there; take it, then close it with a note and an outcome.

Rule: the controller judges who may; a picture is opened by the controller, and the look is an Entry.
"""

from __future__ import annotations

from base64 import b64decode
from secrets import token_urlsafe
from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.desk import Refused, ask, room, told
from web.feed.row import OUTCOMES
from web.i18n import _
from web.now.alarms import card_of
from web.now.page import DESK, WATCHERS, keeps, page, watches
from web.page import EVERYDAY
from web.toasts import toast

LONGEST_NOTE = 500
FARTHEST_MS = 3_600_000


@page.route("/now/alarm/<ref>", roles=EVERYDAY)
def alarm(ref: str) -> str:
    """One alarm."""
    return render_template("now_alarm.html", **_alarm(ref), **_typed())


@page.route("/now/alarm/<ref>/live", roles=EVERYDAY)
def alarm_live(ref: str) -> str:
    """What lives of it: everything but the form."""
    return render_template("now_alarm_live.html", **_alarm(ref))


@page.route("/now/alarm/<ref>/closing", roles=EVERYDAY)
def closing(ref: str) -> str:
    """The form that closes it, once this person may."""
    return render_template("now_closing.html", **_alarm(ref), **_typed())


@page.route("/now/alarm/<ref>/take", roles=DESK, methods=["POST"])
def take(ref: str) -> ResponseReturnValue:
    """Take an alarm: from now on it is this person's to settle."""
    card = card_of(room(), ref)
    onward = redirect(url_for("now.alarm", ref=ref), 303)
    if card is None:
        return onward
    try:
        ask("take_alarm", key=request.form.get("key", ""), alarm=card.kind, place=card.place)
    except Refused as refused:
        return toast(onward, refused.need, "warn")
    return toast(onward, _("It is yours now."), "note")


@page.route("/now/alarm/<ref>", roles=DESK, endpoint="close", methods=["POST"])
def close(ref: str) -> ResponseReturnValue:
    """Acknowledge an alarm with a note and what it was."""
    note, outcome = request.form.get("note", "").strip()[:LONGEST_NOTE], request.form.get("outcome", "")
    forced = request.form.get("force") == "1"
    wrong = _wrong(note, outcome)
    card = card_of(room(), ref)
    if card and not wrong:
        fields = {"note": note, "outcome": outcome, **({"force": True} if forced else {})}
        try:
            ask("acknowledge", key=request.form.get("key", ""), alarm=card.kind, place=card.place, **fields)
        except Refused as refused:
            wrong = {"form": refused.need}
        else:
            return toast(redirect(url_for("now.index"), 303), _("Closed and written down."))
    typed = _typed(note, outcome, forced=forced, wrong=wrong)
    return render_template("now_alarm.html", **_alarm(ref), **typed), 409


@page.route("/now/picture/<int:n>/<camera>/<moment>", roles=WATCHERS, machine=True)
def picture(n: int, camera: str, moment: str) -> Response:
    """A small picture, for a line or a card."""
    return _jpeg(n, camera, moment, "thumbnail")


@page.route("/now/picture/<int:n>/<camera>/<moment>/large", roles=WATCHERS, machine=True)
def large(n: int, camera: str, moment: str) -> Response:
    """The picture itself; each of these looks is an Entry."""
    return _jpeg(n, camera, moment, "picture")


@page.route("/now/look/<int:n>/<camera>/<moment>", roles=WATCHERS)
def look_at(n: int, camera: str, moment: str) -> str:
    """A picture as a page, for a browser without our scripts."""
    return render_template("now_picture.html", n=n, camera=camera, moment=_moment(moment))


def _jpeg(n: int, camera: str, moment: str, size: str) -> Response:
    """The picture as it comes from the controller; the browser keeps it a while, and nobody between does."""
    try:
        answer = told("picture", shot_n=n, camera=camera, moment=_moment(moment), size=size)
    except Refused:
        abort(404)
    response = make_response(b64decode(answer["jpeg"]))
    response.headers.update({"Content-Type": "image/jpeg", "Cache-Control": "private, max-age=900"})
    response.headers["Content-Disposition"] = "inline"
    return response


def _moment(text: str) -> int:
    try:
        found = int(text)
    except ValueError:
        abort(404)
    if abs(found) > FARTHEST_MS:
        abort(404)
    return found


def _alarm(ref: str) -> dict[str, Any]:
    view = room()
    return {"card": card_of(view, ref), "ref": ref, "view": view, "watches": watches(), "keeps": keeps()}


def _wrong(note: str, outcome: str) -> dict[str, str]:
    """What is missing beside which field."""
    wrong = {} if note else {"note": _("Write down what you found.")}
    return wrong if outcome in OUTCOMES else {**wrong, "outcome": _("Say what it was.")}


def _typed(
    note: str = "", outcome: str = "", *, forced: bool = False, wrong: dict[str, str] | None = None
) -> dict[str, Any]:
    outcomes = [(value, _(text)) for value, text in OUTCOMES.items()]
    typed = {"note": note, "outcome": outcome, "forced": forced}
    return {"typed": typed, "outcomes": outcomes, "wrong": wrong or {}, "key": token_urlsafe(12)}
