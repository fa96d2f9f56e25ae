"""A shift is handed over, and the roll is called. Rule: the controller writes down what it accepts."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.desk import Refused, ask, look, room
from web.i18n import _
from web.now.page import DESK, page
from web.now.roll import expected, is_certain
from web.now.sheets import hand_over_sheet, roll_call_sheet
from web.now.shift import shift, takers
from web.papers.printing import Paper
from web.toasts import toast

LONGEST_NOTE = 500
MOST_CALLED = 400


@page.route("/now/hand-over", roles=DESK)
def hand_over() -> str:
    """What is open, and to whom it goes."""
    return _hand_over("", "", "")


@page.route("/now/hand-over", roles=DESK, endpoint="hand_on", methods=["POST"])
def hand_on() -> ResponseReturnValue:
    """Hand the shift over."""
    to, note = request.form.get("to", ""), request.form.get("note", "").strip()
    if not to:
        return _hand_over(to, note, _("Choose who takes over.")), 409
    try:
        ask("hand_over", key=request.form.get("key", ""), to=to, note=note[:LONGEST_NOTE])
    except Refused as refused:
        return _hand_over(to, note, refused.need), 409
    return toast(redirect(url_for("now.index"), 303), _("The shift is handed over."))


@page.route("/now/hand-over/sheet", roles=DESK, methods=["POST"])
def hand_over_printed() -> Response:
    """The same on paper."""
    look("print", "hand-over")
    view = room()
    to, note = request.form.get("to", "")[:200], request.form.get("note", "").strip()[:LONGEST_NOTE]
    return _pdf(hand_over_sheet(shift(view), view, to, note), "hand-over")


@page.route("/now/roll-call", roles=DESK)
def roll_call() -> str:
    """Everybody who must be found."""
    return _roll_call("")


@page.route("/now/roll-call", roles=DESK, endpoint="call_roll", methods=["POST"])
def call_roll() -> ResponseReturnValue:
    """Write down who was found and who is missing."""
    called = request.form.getlist("called")[:MOST_CALLED]
    said = {person: request.form.get(f"is-{person}", "") for person in called}
    found = [person for person in called if said[person] == "found"]
    missing = [person for person in called if said[person] == "missing"]
    try:
        ask("roll_call", key=request.form.get("key", ""), found=found, missing=missing)
    except Refused as refused:
        return _roll_call(refused.need, said), 409
    text = _("Written down: %(found)s found, %(missing)s missing.", found=len(found), missing=len(missing))
    return toast(redirect(url_for("now.roll_call"), 303), text, "warn" if missing else "good")


@page.route("/now/roll-call/sheet", roles=DESK)
def roll_call_printed() -> Response:
    """The same on paper."""
    look("print", "roll-call")
    return _pdf(roll_call_sheet(room()), "roll-call")


def _hand_over(to: str, note: str, wrong: str) -> str:
    view = room()
    told: dict[str, Any] = {
        "shift": shift(view),
        "takers": takers(view),
        "to": to,
        "note": note,
        "wrong": wrong,
    }
    return render_template("now_hand_over.html", key=token_urlsafe(12), **told)


def _roll_call(wrong: str, said: dict[str, str] | None = None) -> str:
    view = room()
    told: dict[str, Any] = {"people": expected(view), "certain": is_certain(view), "said": said or {}}
    return render_template("now_roll_call.html", key=token_urlsafe(12), wrong=wrong, **told)


def _pdf(paper: Paper, name: str) -> Response:
    response = make_response(paper.pdf)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
