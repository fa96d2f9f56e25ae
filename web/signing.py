"""A form that takes a passkey. Rule: the controller makes the command, here it is only shown.

In a page: ``<form method="post" action="…" data-sign>{{ csrf() }}…</form>`` and, as its view,
``return proposal("end_person", next=url_for("people.index"), done=_("All rights ended."), person=…)``.
The script sign.js shows text and code, asks for the passkey and hands it over to pages/signing.py.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from controller.console.client import Told
from web.command_words import all_of, rest_of
from web.command_words import sentence_of as words_of
from web.desk import Refused, me, propose
from web.i18n import _
from web.panels import shown_at
from web.refusals import sentence_of

TWO = 2


def proposal(name: str, /, *, next: str, done: str = "", **fields: Any) -> Response:  # noqa: A002 - as in the form
    """Propose ``name`` (askings.py) with ``fields``, and tell sign.js what is to be signed.

    ``next`` is where the screen goes afterwards, ``done`` what it says there (in the reader's language).
    """
    try:
        command = propose(name, **fields)
    except Refused as refused:
        return wrong(refused.answer)
    return jsonify(to_sign(command, onward=next, done=done))


def to_sign(command: Told, *, onward: str, done: str = "") -> Told:
    """What sign.js shows of a command before the passkey is asked for."""
    return {
        "command": command["command"],
        "code": command["code"],
        "said": said(command),
        "hint": _hint(command),
        "compare": _compare(command),
        "rows": all_of(str(command.get("text", ""))),
        "bytes": str(command.get("text", "")),
        "people": command["people"],
        "options": command["options"],
        "handle": command["handle"],
        "next": onward,
        "done": done,
    }


def said(command: Told) -> str:
    """What is signed, in plain words; what no sentence says stands behind it."""
    ask, fields = str(command.get("ask", "")), dict(command.get("fields", {}))
    first, more = words_of(ask, fields), "; ".join(f"{name}: {value}" for name, value in rest_of(ask, fields))
    if not more:
        return first
    return f"{first} {more}" if first.endswith((".", "。")) else f"{first} · {more}"


def _hint(command: Told) -> str:
    """What the signature does."""
    if command["people"] < TWO:
        return _("Your signature is enough: the command is carried out at once.")
    if command.get("by", me().person) == me().person:
        return _("A second person has to sign after you.")
    return _("You are the second: with your signature the command is carried out at once.")


def _compare(command: Told) -> str:
    """Where the code is shown too; nothing where no panel tells of it, or none yet."""
    if command.get("by", me().person) == me().person:
        return ""
    shown = ", ".join(shown_at(str(command.get("ask", "")), dict(command.get("fields", {}))))
    return shown and _(
        "Panel %(panel)s shows the same code now. If it shows another, do not sign.", panel=shown
    )


def wrong(answer: Told, status: int = 409) -> Response:
    """A refusal, in words, for a script."""
    response = jsonify(error=sentence_of(answer))
    response.status_code = status
    return response
