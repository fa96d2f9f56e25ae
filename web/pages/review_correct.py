"""Correcting an Entry: what is right, why, and two signatures. Rule: the Entry itself stays as it is."""

from __future__ import annotations

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from web import log
from web.i18n import _
from web.pages.review_notes import page
from web.review.corrections import names, subject
from web.signing import proposal

__all__ = ["page"]
CHIEF = (ConsoleRole.CHIEF,)
LONGEST, LONGEST_REASON = 500, 300


@page.route("/review/<int:n>/correct", roles=CHIEF, methods=["POST"])
def correct(n: int) -> ResponseReturnValue:
    """Offer a correction to be signed."""
    found = log.entry(n)
    if found is None or "kind" not in found:
        abort(404)
    right, reason = (request.form.get(field, "").strip() for field in ("right", "reason"))
    name, about = request.form.get("field", ""), subject(found) or request.form.get("about", "")
    if not right or not reason or (name and name not in names(found)):
        return jsonify(error=_("Say what is right, and why.")), 409
    if len(right) > LONGEST or len(reason) > LONGEST_REASON:
        return jsonify(error=_("At most %(n)s characters each.", n=LONGEST_REASON)), 409
    said: dict[str, object] = {"fields": {name: right}} if name else {"text": right}
    more: dict[str, object] = {"about": about} if about else {}
    more |= {"sealed": True} if found.get("sealed") else {}
    done = _("Signed. The correction counts when a second person has signed.")
    onward = url_for("review.entry", n=n)
    return proposal("correct_entry", next=onward, done=done, n=n, reason=reason, **said, **more)
