"""How a form of the desk is answered: to its script, or as a page. Rule: what was typed is never lost.

A script gets ``{"next": …}``, or ``{"wrong": {field: sentence}, "error": sentence}`` and keeps its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, make_response, redirect, request

from web.desk import Refused
from web.i18n import _
from web.toasts import toast
from web.visits.words import BESIDE, FAULTS, MACHINE_FAULT, MISSING


def is_script() -> bool:
    """Whether a script asks, not a form."""
    return request.accept_mimetypes.best == "application/json"


def onward(url: str, words: str, tone: str = "good") -> Response:
    """It is done; the screen goes on at ``url`` and says so there."""
    response = jsonify(next=url) if is_script() else make_response(redirect(url, 303))
    return toast(response, words, tone)


def beside(refused: Refused) -> dict[str, str]:
    """What the controller refused, by the field that it is about; "" for the whole form."""
    answer: Mapping[str, Any] = refused.answer
    if missing := answer.get("missing"):
        return {str(one): _(MISSING.get(str(one), "")) or refused.need for one in missing}
    if taken := answer.get("lockers_in_use"):
        return {"devices": _("Locker already in use: %(lockers)s", lockers=", ".join(map(str, taken)))}
    if check := answer.get("check"):
        return {"document": _(FAULTS.get(check, MACHINE_FAULT))}
    return {BESIDE.get(refused.reason, ""): refused.need}


def script_wrong(wrong: Mapping[str, str]) -> Response:
    """What is wrong, for a script: by field, and for the whole form under "error"."""
    by_field = {name: text for name, text in wrong.items() if name}
    response = jsonify(wrong=by_field, error=wrong.get("", ""))
    response.status_code = 409
    return response
