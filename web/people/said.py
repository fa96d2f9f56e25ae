"""A change of a person in plain words, for whoever signs it. Rule: nothing that is signed is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, jsonify

from web.choices import person_words
from web.desk import Refused, propose
from web.i18n import _
from web.menu import role_name
from web.people.form import DATES, LABELS, Made
from web.people.words import compartments_words, doors_words, hours_words
from web.signing import to_sign, wrong


def rows_of(made: Made) -> list[list[str]]:
    """Every change as label and "from → to"."""
    return [[_(LABELS[name]), change(name, before, after)] for name, before, after in made.changes]


def change(name: str, before: Any, after: Any) -> str:
    """One change in words."""
    if name == "pin":
        return _("a new one; shown to nobody")
    if before is None and name not in {"doors", "compartments"}:
        return spelled(name, after)
    return f"{spelled(name, before)} → {spelled(name, after)}"


def spelled(name: str, value: Any) -> str:
    """One value of a field as a person reads it."""
    if name in _SPELLED:
        return _SPELLED[name](value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value) or _("none")
    return str(value) or (_("no limit") if name in DATES else _("none"))


_SPELLED: dict[str, Callable[[Any], str]] = {
    "doors": doors_words,
    "compartments": compartments_words,
    "hours": hours_words,
    "roles": lambda roles: ", ".join(map(role_name, roles)) or _("none"),
    "excluded_with": lambda people: ", ".join(map(person_words, people)) or _("nobody"),
}


def signed(
    name: str, /, said: str, rows: Iterable[list[str]], *, onward: str, done: str, **fields: Any
) -> Response:
    """Propose ``name`` with ``fields``; before the passkey ``said`` and ``rows`` are shown, then all."""
    try:
        command = propose(name, **fields)
    except Refused as refused:
        return wrong(refused.answer)
    told = to_sign(command, onward=onward, done=done)
    shown = [*rows]
    told["said"] = "\n".join((said, *(f"{label}: {value}" for label, value in shown)))
    told["rows"] = [*shown, *told["rows"]]
    return jsonify(told)


def wrongs(made: Made) -> Response:
    """What is wrong with a form, by field and at once, for sign.js."""
    texts = {name: _(text) for name, text in made.wrong.items()}
    told = [f"{_(LABELS[name])}: {text}" if name else text for name, text in texts.items()]
    response = jsonify(error=" ".join(told), fields=texts)
    response.status_code = 409
    return response
