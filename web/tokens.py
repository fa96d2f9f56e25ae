"""The session's cookie and the forms' mark. Rule: the token is the controller's; here it is only carried.

A form's mark is HMAC-SHA-256 of the token: who cannot read the cookie cannot write it, and it outlives
a restart of the console, so that nobody loses a typed form to one.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Request, Response, current_app, request
from markupsafe import Markup

FIELD = "mark"
_LONGEST = 200


def token() -> str:
    """The browser's opaque token, "" for none."""
    found = request.cookies.get(_name(), "")
    return found if len(found) <= _LONGEST else ""


def keep(response: Response, text: str) -> None:
    """Give the browser its token: this host, TLS, no script, no other site (RFC 6265bis § 4.1.3.2)."""
    response.set_cookie(_name(), text, secure=_settings_secure(), httponly=True, samesite="Strict", path="/")


def forget(response: Response) -> None:
    """Take the browser's token away."""
    response.delete_cookie(_name(), secure=_settings_secure(), httponly=True, samesite="Strict", path="/")


def mark() -> str:
    """The mark of this session's forms, "" for nobody's."""
    key = token().encode()
    return hmac.new(key, b"ironroom form 1", sha256).hexdigest() if key else ""


def csrf() -> Markup:
    """The hidden field of every form that changes something."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, mark())


def is_ours(request: Request, origin: str, *, needs_mark: bool) -> bool:
    """Tell whether a POST comes from a page of ours: its Origin, Sec-Fetch-Site and the form's mark.

    Every browser with passkeys sends Origin with a POST (Fetch § 3.2); what sends none is no such browser.
    """
    if request.headers.get("Origin") != origin:
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    given = request.form.get(FIELD, "") or request.headers.get("X-Ironroom-Mark", "")
    return not needs_mark or (bool(given) and hmac.compare_digest(given.encode(), mark().encode()))


def is_local(path: str) -> bool:
    """Tell whether a place to go on to lies in this console, so that no link leads out of it."""
    if any(sign < " " or sign == "\x7f" for sign in path):
        return False  # a line end is no part of a header, and browsers drop tabs before they look
    parts = urlsplit(path)
    return path.startswith("/") and path[1:2] not in ("/", "\\") and not (parts.scheme or parts.netloc)


def _name() -> str:
    return f"{current_app.config['SETTINGS'].prefix}ironroom"


def _settings_secure() -> bool:
    return bool(current_app.config["SETTINGS"].is_secure)
