"""The passkey's way to the controller, for every page with a form that is signed.

Rule: relays; which key, which person and whether it counts is judged by the controller alone.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from web.desk import Refused, told
from web.i18n import _
from web.page import ANYBODY, Page
from web.signing import to_sign, wrong
from web.toasts import toast
from web.tokens import is_local

page = Page("signing", __name__)


@page.route("/sign/<command>/options", roles=ANYBODY, machine=True, methods=["POST"])
def options(command: str) -> Response:
    """What somebody who signs a waiting command signs."""
    try:
        return jsonify(to_sign(told("sign_options", command=command), onward=_next(_sent())))
    except Refused as refused:
        return wrong(refused.answer)


@page.route("/sign/<command>", roles=ANYBODY, machine=True, methods=["POST"])
def sign(command: str) -> Response:
    """A passkey's answer over a command: {"next"}, or {"error"} in words."""
    sent = _sent()
    try:
        answer = told("sign", command=command, handle=sent.get("handle"), credential=sent.get("credential"))
    except Refused as refused:
        return wrong(refused.answer)
    response = jsonify(next=_next(sent), waits=answer.get("waits", 0), code=answer.get("code", ""))
    if answer.get("waits"):
        return toast(
            response, _("Signed. It waits for a second person: code %(code)s.", code=answer["code"]), "note"
        )
    return toast(response, str(sent.get("done") or _("Done.")))


@page.route("/sign/<command>/withdraw", roles=ANYBODY, machine=True, methods=["POST"])
def withdraw(command: str) -> Response:
    """Take a command back that was not signed after all."""
    try:
        return jsonify(told("withdraw", command=command))
    except Refused as refused:
        return wrong(refused.answer)


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


def _next(sent: dict[str, Any]) -> str:
    onward = str(sent.get("next", ""))
    return onward if is_local(onward) else "/"
