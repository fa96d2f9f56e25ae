"""Signing in and out, and the first set-up by a one-time code from the box.

Rule: the controller judges; this page relays and never says which part of a sign-in was wrong.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.desk import say, told, who
from web.entering import with_token
from web.page import ANYBODY, OPEN, Page
from web.refusals import sentence_of
from web.tokens import forget, is_local, token

page = Page("sign_in", __name__)
HOME = "now.index"


@page.route("/sign-in", roles=OPEN)
def index() -> ResponseReturnValue:
    """The form: a passkey first, password and code as the other way."""
    if who() and not request.args.get("again"):
        return redirect(_onward(request.args.get("next", "")), 303)
    return render_template("sign_in.html", onward=_onward(request.args.get("next", "")), again=who())


@page.route("/sign-in/options", roles=OPEN, machine=True, methods=["POST"])
def options() -> Response:
    """What the browser needs to ask for a passkey, without a name."""
    return jsonify(say("passkey_options"))


@page.route("/sign-in/passkey", roles=OPEN, machine=True, methods=["POST"])
def passkey() -> Response:
    """A passkey's answer; {"next"} and the cookie, or {"error"} in words.

    Whoever is signed in proves that it is still them: the same session, another token.
    """
    sent = _sent()
    shown = {"handle": sent.get("handle"), "credential": sent.get("credential")}
    answer = say("prove", token=token(), **shown) if who() else say("sign_in", **shown, seat=_seat())
    return _entered(answer, str(sent.get("next", "")))


@page.route("/sign-in/password", roles=OPEN, methods=["POST"])
def password() -> ResponseReturnValue:
    """Password and code of who has no passkey at hand; as with a passkey, who is signed in proves it anew."""
    fields = {name: request.form.get(name, "")[:200] for name in ("person", "password", "code")}
    answer = _proved(fields) if _is_me(fields["person"]) else say("sign_in_password", **fields, seat=_seat())
    onward = _onward(request.form.get("next", ""))
    if "token" in answer:
        return with_token(make_response(redirect(onward, 303)), answer)
    text = render_template(
        "sign_in.html", onward=onward, again=None, wrong=sentence_of(answer), person=fields["person"]
    )
    return make_response(text, 429 if answer.get("wait_s") else 401)


@page.route("/sign-out", roles=ANYBODY, methods=["POST"])
def sign_out() -> Response:
    """End this session, here and at the controller."""
    told("sign_out")
    response = make_response(redirect(url_for("sign_in.index"), 303))
    response.headers["Clear-Site-Data"] = '"storage"'  # nothing typed is left for who sits here next
    forget(response)
    return response


@page.route("/set-up", roles=OPEN)
def set_up() -> str:
    """The first passkeys: a one-time code that was made at the box."""
    return render_template("set_up.html")


@page.route("/set-up/begin", roles=OPEN, machine=True, methods=["POST"])
def set_up_begin() -> Response:
    """The code is offered; what the browser needs to make a passkey comes back."""
    sent = _sent()
    answer = say("set_up_begin", person=str(sent.get("person", ""))[:80], code=str(sent.get("code", ""))[:80])
    return _json(answer)


@page.route("/set-up/finish", roles=OPEN, machine=True, methods=["POST"])
def set_up_finish() -> Response:
    """The passkey was made; it counts at once, and its owner is signed in."""
    sent = _sent()
    label = str(sent.get("label", ""))[:60]
    answer = say(
        "set_up_finish",
        handle=sent.get("handle"),
        credential=sent.get("credential"),
        label=label,
        seat=_seat(),
    )
    return _entered(answer, "")


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


def _is_me(person: str) -> bool:
    me = who()
    return me is not None and me.person == person


def _proved(fields: dict[str, str]) -> dict[str, Any]:
    return say("prove_password", token=token(), password=fields["password"], code=fields["code"])


def _seat() -> str:
    """Where somebody signs in, for the list of sessions: the browser's address, as the server sees it."""
    return (request.remote_addr or "")[:60]


def _entered(answer: dict[str, Any], onward: str) -> Response:
    if "token" not in answer:
        return _json(answer)
    return with_token(jsonify(next=_onward(onward)), answer)


def _json(answer: dict[str, Any]) -> Response:
    if "refused" not in answer:
        return jsonify(answer)
    response = jsonify(error=sentence_of(answer), wait_s=answer.get("wait_s", 0))
    response.status_code = 429 if answer.get("wait_s") else 401
    return response


def _onward(path: str) -> str:
    return path if is_local(path) else url_for(HOME)
