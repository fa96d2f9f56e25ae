"""What every answer tells the browser to refuse. Rule: nothing is allowed that a page does not need.

OWASP ASVS 5.0, 3.4.1 to 3.4.8; CSP Level 3 with a nonce an answer, Trusted Types for htmx alone.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, g

CSP = (
    "default-src 'none'; script-src 'nonce-{}'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx; report-uri /csp-report"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer makes a POST's Origin "null" (Fetch § 3.2)
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), publickey-credentials-get=(self), "
    "publickey-credentials-create=(self), microphone=(), geolocation=(), "
    "display-capture=(), usb=(), serial=(), hid=(), payment=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def nonce() -> str:
    """The answer's nonce: made when it is first wanted, so that an early refusal has one too."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(18)
    made: str = g.nonce
    return made


def guard_answers(app: Flask) -> None:
    """Put the headers onto every answer of the app."""
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    response.headers["Content-Security-Policy"] = CSP.format(nonce())
    if current_app.config["SETTINGS"].is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    response.headers.setdefault("Cache-Control", "no-store")
    return response
