"""After a right sign-in: the controller's token into the browser's cookie. Rule: one token a browser."""

from __future__ import annotations

from typing import Any

from flask import Response

from web.desk import say
from web.tokens import keep, token


def with_token(response: Response, answer: dict[str, Any]) -> Response:
    """``response`` with the token of ``answer``; the session before, if there was one, ends."""
    if token() and "accepted" not in answer:
        say("sign_out", token=token())  # a new sign-in is a new token
    keep(response, str(answer["token"]))
    return response
