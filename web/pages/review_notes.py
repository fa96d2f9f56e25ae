"""Comments and exceptions of a review. Rule: the Entry stays as it is; a comment is an Entry of its own."""

from __future__ import annotations

from dataclasses import asdict

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from web import log
from web.desk import Refused, ask, me
from web.i18n import _
from web.log import reader
from web.pages.review import page
from web.pages.review_entry import told_of
from web.review.here import READERS, screens
from web.review.kept import signed_ranges
from web.review.signed_set import standing
from web.toasts import toast
from web.tokens import is_local, token

__all__ = ["page"]
CHIEF = (ConsoleRole.CHIEF,)
MOST_SEEN = 500


@page.route("/review/<int:n>/note", roles=CHIEF, methods=["POST"])
def note(n: int) -> ResponseReturnValue:
    """Comment on an Entry, or call it an exception."""
    found, text = log.entry(n), request.form.get("text", "").strip()
    if found is None or "kind" not in found:
        abort(404)
    is_exception = request.form.get("exception") == "1"
    about = request.form.get("about", "")
    more = {"about": about} if about else {}
    try:
        if not text:
            return _again(found, _("Say in a few words what is not in order."), 400)
        key = request.form.get("key", "")
        sealed = bool(found.get("sealed"))
        ask("note_entry", key=key, n=n, text=text, exception=is_exception, sealed=sealed, **more)
    except Refused as refused:
        return _again(found, refused.need, 409)
    onward = request.form.get("next", "")
    said = _("Noted as an exception.") if is_exception else _("Noted.")
    return toast(redirect(onward if is_local(onward) else url_for("review.entry", n=n), 303), said)


@page.route("/review/seen", roles=READERS, machine=True, methods=["POST"])
def seen() -> ResponseReturnValue:
    """Rows were on the screen for a second: {"seen": [counters]} → {"seen": how many in this session}.

    With "standing": true also what a signature over them would hold now (signed_set.py).
    """
    sent = request.get_json(silent=True)
    numbers = sent.get("seen") if isinstance(sent, dict) else None
    if (
        not isinstance(numbers, list)
        or len(numbers) > MOST_SEEN
        or any(type(one) is not int for one in numbers)
    ):
        abort(400)
    screens().see(token(), numbers)
    every = screens().seen(token())
    if not isinstance(sent, dict) or sent.get("standing") is not True:
        return jsonify(seen=len(every))
    return jsonify(seen=len(every), **asdict(standing(reader(), every, signed_ranges(), me().person)))


def _again(found: log.Entry, wrong: str, status: int) -> ResponseReturnValue:
    """The Entry again, with what was typed and what is wrong with it."""
    shown = told_of(found, int(found["n"]) + 1)
    return render_template(
        "review_entry.html", **shown, wrong=wrong, text=request.form.get("text", "")
    ), status
