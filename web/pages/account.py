"""My account: passkeys, password, code, sessions. Rule: everybody sees and changes only their own here.

The controller wants a proof of the last five minutes for every change; the routes ask for it in advance.
A chief sees and ends everybody's sessions.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.desk import Refused, told
from web.i18n import _
from web.page import ANYBODY, Page
from web.qr import svg
from web.refusals import sentence_of
from web.toasts import toast

page = Page("account", __name__)


@page.route("/account", roles=ANYBODY)
def index() -> str:
    """What this person signs in with, and where they are signed in."""
    return render_template(
        "account.html", sessions=told("sessions")["sessions"], offered=told("offered")["offered"]
    )


@page.route("/account/sessions/<ident>", roles=ANYBODY, methods=["POST"])
def end_session(ident: str) -> ResponseReturnValue:
    """End a session: one's own somewhere else, or as a chief anybody's."""
    told("end_session", id=ident)
    return _back(_("That session has ended."))


@page.route("/account/passkey", roles=ANYBODY, step_up=True)
def passkey() -> str:
    """One more passkey, to be signed by two chiefs."""
    return render_template("account_passkey.html")


@page.route("/account/passkey/begin", roles=ANYBODY, machine=True, methods=["POST"])
def passkey_begin() -> Response:
    """What the browser needs to make a passkey."""
    return _relayed("passkey_begin")


@page.route("/account/passkey/finish", roles=ANYBODY, machine=True, methods=["POST"])
def passkey_finish() -> Response:
    """It was made; now it is offered."""
    said = request.get_json(silent=True)
    sent = said if isinstance(said, dict) else {}
    label = str(sent.get("label", ""))[:60]
    response = _relayed(
        "passkey_finish", handle=sent.get("handle"), credential=sent.get("credential"), label=label
    )
    if response.status_code != 200:
        return response
    answer = jsonify(next=url_for("account.index"))
    return toast(answer, _("Offered. It counts as soon as two chiefs have signed it."), "note")


@page.route("/account/password", roles=ANYBODY, step_up=True)
def password() -> str:
    """A new password."""
    return render_template("account_password.html", wrong="")


@page.route("/account/password", roles=ANYBODY, endpoint="password_set", methods=["POST"])
def set_password() -> ResponseReturnValue:
    """Keep it, typed twice; every other session of this person ends."""
    old, new, again = (request.form.get(name, "")[:1000] for name in ("old", "new", "again"))
    if new != again:
        return _password_wrong(_("The two do not match."))
    try:
        told("set_password", old=old, password=new)
    except Refused as refused:
        return _password_wrong(refused.need)
    return _back(_("Your password is set; your other sessions have ended."))


@page.route("/account/code", roles=ANYBODY, step_up=True)
def code() -> str:
    """A secret for an authenticator app, as QR and as text."""
    begun = told("totp_begin")
    return render_template("account_code.html", qr=svg(begun["uri"]), secret=begun["secret"], wrong="")


@page.route("/account/code", roles=ANYBODY, endpoint="code_set", methods=["POST"])
def set_code() -> ResponseReturnValue:
    """Take it, once a code of it was typed; a wrong code leaves the secret as it is."""
    try:
        told("totp_finish", code=request.form.get("code", "").replace(" ", "")[:12])
    except Refused as refused:
        page_again = render_template("account_code.html", qr="", secret="", wrong=refused.need)
        return make_response(page_again, 409)
    return _back(_("Codes from your phone are set; your other sessions have ended."))


def _password_wrong(sentence: str) -> ResponseReturnValue:
    return make_response(render_template("account_password.html", wrong=sentence), 409)


def _relayed(do: str, **fields: Any) -> Response:
    try:
        return jsonify(told(do, **fields))
    except Refused as refused:
        response = jsonify(error=sentence_of(refused.answer))
        response.status_code = 409
        return response


def _back(sentence: str) -> ResponseReturnValue:
    return toast(redirect(url_for("account.index"), 303), sentence)
