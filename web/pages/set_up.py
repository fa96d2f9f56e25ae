"""Setting up password and phone with a one-time code, for whoever has no passkey.

Rule: the password goes to the controller and comes back in no page; what the phone reads is shown once.
"""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.desk import say
from web.entering import with_token
from web.i18n import _
from web.page import OPEN, Page
from web.qr import svg
from web.refusals import sentence_of

page = Page("set_up", __name__)
LONGEST = 200


@page.route("/set-up/password", roles=OPEN)
def index() -> str:
    """The form: number, code of the box, a new password twice."""
    return render_template("set_up_password.html", wrong="", person="")


@page.route("/set-up/password", roles=OPEN, methods=["POST"])
def begin() -> ResponseReturnValue:
    """Code and password are offered; the phone's secret comes back."""
    typed = {name: request.form.get(name, "")[:LONGEST] for name in ("person", "code", "password")}
    if typed["password"] != request.form.get("again", ""):
        return _wrong(_("The two do not match."), typed["person"])
    answer = say("set_up_password", **typed)
    if "secret" not in answer:
        return _wrong(sentence_of(answer), typed["person"])
    return render_template(
        "set_up_codes.html", qr=svg(answer["uri"]), secret=answer["secret"], handle=answer["handle"], wrong=""
    )


@page.route("/set-up/codes", roles=OPEN, methods=["POST"])
def finish() -> ResponseReturnValue:
    """The phone's first code; with it both count, and their owner is signed in."""
    handle, code = (request.form.get(name, "")[:LONGEST] for name in ("handle", "code"))
    answer = say("set_up_codes", handle=handle, code=code, seat=(request.remote_addr or "")[:60])
    if "token" in answer:
        return with_token(make_response(redirect(url_for("now.index"), 303)), answer)
    text = render_template("set_up_codes.html", qr="", secret="", handle=handle, wrong=sentence_of(answer))
    return make_response(text, 401)


def _wrong(sentence: str, person: str) -> ResponseReturnValue:
    return make_response(render_template("set_up_password.html", wrong=sentence, person=person), 401)
