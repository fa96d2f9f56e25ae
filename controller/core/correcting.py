"""Corrections (behaviour 54): a new Entry that points at the old one, with a reason and a second person.

Rule 1: nothing is edited or deleted; what was written stays, and what is right stands beside it.
Rule 2: it changes no state: neither a right nor a lock nor a count follows from a correction.
"""

from __future__ import annotations

import re
from typing import Any

from controller.core.effects import Body
from controller.core.events import Asking
from controller.core.turn import Turn
from controller.core.words import Kind, Reason

LONGEST_TEXT = 500
LONGEST_REASON = 300
MOST_FIELDS = 20
FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")


def correct_entry(turn: Turn, ask: Asking) -> None:
    """Say what is right where an Entry is wrong: in a text, for its fields by name, or both.

    Where it is ``about`` somebody, what is right is kept as something personal of theirs, and goes when they
    are erased; the reason stays, so nothing personal belongs into it. ``sealed`` where the Entry is.
    """
    n, about, sealed = ask.fields.get("n"), ask.fields.get("about", ""), ask.fields.get("sealed", False)
    reason, right = ask.fields.get("reason"), _right(ask)
    known = isinstance(about, str) and (not about or about in turn.state.people)
    told = isinstance(reason, str) and len(reason.strip()) > 0 and len(reason) <= LONGEST_REASON
    if right is None or not known or not told or type(n) is not int or not isinstance(sealed, bool):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif not 0 <= int(n or 0) < turn.state.size or (about and turn.state.people[about].erased):
        turn.deny(Reason.NOTHING_TO_DO)
    else:
        said: Body = {"personal": {about: _claims(right)}} if about else right
        seal: Body = {"sealed": True} if sealed else {}
        turn.write(Kind.CORRECTED, "", [ask.by, ask.second], of=n, note=reason, **said, **seal)
        turn.accept(n=turn.state.size - 1)


def _claims(right: Body) -> Body:
    """What is right as claims about a person: each field by its name, and the text."""
    claims: Body = {name: value for name, value in right.items() if name != "right"}
    named: Body = right.get("right", {})
    return claims | named


def _right(ask: Asking) -> Body | None:
    """What is right, None where it is not understood or says nothing."""
    text: Any = ask.fields.get("text", "")
    fields: Any = ask.fields.get("fields", {})
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or not isinstance(fields, dict):
        return None
    named = all(FIELD.fullmatch(name) and name != "text" for name in fields)
    written = all(
        isinstance(v, str) and len(v.strip()) > 0 and len(v) <= LONGEST_TEXT for v in fields.values()
    )
    if not named or not written or len(fields) > MOST_FIELDS or not (text.strip() or fields):
        return None
    return {**({"text": text} if text.strip() else {}), **({"right": fields} if fields else {})}
