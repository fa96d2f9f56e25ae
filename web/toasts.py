"""A sentence that outlives one redirect: "saved", "released". Rule: written by us, shown once, escaped."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple, TypeVar

from flask import Response, after_this_request, current_app, request
from werkzeug.wrappers import Response as AnyResponse

TONES = ("good", "note", "warn", "alarm")
_LONGEST = 600
R = TypeVar("R", bound=AnyResponse)


class Toast(NamedTuple):
    """What is said, and how."""

    tone: str
    text: str


def toast(response: R, text: str, tone: str = "good") -> R:
    """Say ``text`` (already in the reader's language) on the page that ``response`` leads to."""
    packed = urlsafe_b64encode(json.dumps([tone, text[:_LONGEST]]).encode()).decode()
    secure = current_app.config["SETTINGS"].is_secure
    response.set_cookie(
        _name(), packed, max_age=60, secure=secure, httponly=True, samesite="Strict", path="/"
    )
    return response


def toasts() -> list[Toast]:
    """What is to be said now; it is not said again."""
    packed = request.cookies.get(_name(), "")
    if not packed:
        return []
    after_this_request(_forget)
    try:
        said = json.loads(urlsafe_b64decode(packed.encode()))
    except (ValueError, RecursionError):
        return []
    match said:
        case [str(tone), str(text)] if tone in TONES:
            return [Toast(tone, text[:_LONGEST])]
    return []


def _forget(response: Response) -> Response:
    secure = current_app.config["SETTINGS"].is_secure
    response.delete_cookie(_name(), secure=secure, httponly=True, samesite="Strict", path="/")
    return response


def _name() -> str:
    return f"{current_app.config['SETTINGS'].prefix}ironroom-said"
