"""What a page asks of the controller, in the name of whoever's browser it serves.

Rule: the console names nobody; it hands over the browser's token, and the controller knows whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request

from controller.console.client import ConsoleClient, Told
from controller.core.console_roles import SEES_SEALED
from controller.core.legible import undeceiving
from web.refusals import sentence_of
from web.tokens import token

QUIET = "X-Ironroom-Quiet"
"""Header of what the browser fetches by itself; such a look does not keep anybody signed in."""


BY_ITSELF = frozenset({"machine.stream", "machine.signed_in", "bar.alarms"})


class DeskGone(Exception):  # noqa: N818 - the guard room says gone
    """The controller does not answer, or not in time."""


class SignedOut(Exception):  # noqa: N818 - the guard room says signed out
    """The token is nobody's any more."""


class Refused(Exception):  # noqa: N818 - the guard room says refused
    """The controller refused: ``reason`` is a stable word, ``need`` a sentence in the reader's language."""

    def __init__(self, answer: Told) -> None:
        super().__init__(answer.get("refused"))
        self.answer = answer
        self.reason = str(answer.get("refused", ""))
        self.need = sentence_of(answer)


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever this request's token belongs to, as the controller says (``told``: the answer to ``who``)."""

    person: str
    roles: frozenset[str]
    told: Told

    @property
    def sees_sealed(self) -> bool:
        """Whether sealed entries may be shown (behaviour 35)."""
        return bool(self.roles & SEES_SEALED)

    def has(self, *roles: str) -> bool:
        """Whether one of the roles is theirs."""
        return bool(self.roles & set(roles))


def say(do: str, /, **fields: Any) -> Told:
    """Tell the controller ``do`` and answer what it says, refusals too; raises DeskGone."""
    client: ConsoleClient = current_app.extensions["client"]
    try:
        answer = client.tell({"do": do, **fields})
    except OSError as error:
        raise DeskGone(str(error)) from error
    if answer.get("refused") == "no_answer":  # its desk is there, the loop that decides is not
        raise DeskGone("no_answer")
    return answer


def told(do: str, /, **fields: Any) -> Told:
    """As ``say`` in the name of who is signed in; raises SignedOut, Refused and DeskGone."""
    answer = say(do, token=token(), **fields)
    if answer.get("refused") == "signed_out":
        raise SignedOut
    if "refused" in answer:
        raise Refused(answer)
    return answer


def ask(name: str, /, key: str = "", **fields: Any) -> Told:
    """Ask for ``name`` (askings.py) at session level; ``key`` makes a second click the same Asking."""
    return told("ask", ask=name, fields=_plain(fields), key=key)


def propose(name: str, /, **fields: Any) -> Told:
    """Begin a signed command: its ``command``, ``code``, ``text``, ``people``, ``until`` and ``options``."""
    return told("propose", ask=name, fields=_plain(fields))


def room(*, whole: bool = False) -> Told:
    """The room as this person may see it now (controller/view.py); ``whole`` with visitors of former days."""
    more = {"whole": True} if whole else {}
    view: Told = told("room", quiet=is_quiet(), **more)["view"]
    return view


def look(what: str, filter: str = "", words: str = "") -> int:  # noqa: A002 - the line's own name
    """Write down that this person looks at evidence; only then show it. Answers the entry's counter."""
    said = {"what": what, "filter": undeceiving(filter), "words": undeceiving(words)}
    return int(told("look", **said, quiet=is_quiet())["n"])


def who() -> Who | None:
    """Whoever is signed in, None for nobody; asked once a request; raises DeskGone."""
    if "who" not in g:
        g.who = _who() if token() else None
    found: Who | None = g.who
    return found


def me() -> Who:
    """Whoever is signed in; raises SignedOut for nobody."""
    found = who()
    if found is None:
        raise SignedOut
    return found


def site() -> Told:
    """What everybody may know: site, zone, plan; kept until the controller says another."""
    kept: Told = current_app.extensions["site"].now()
    return kept


def is_quiet() -> bool:
    """Whether the browser asks by itself, not a person."""
    return QUIET in request.headers or request.endpoint in BY_ITSELF


def _plain(value: Any) -> Any:
    """What was typed without the invisible signs that texts copied from elsewhere bring along.

    The controller understands none of them (controller/core/legible.py); nobody should have to look for them.
    """
    if isinstance(value, str):
        return undeceiving(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _who() -> Who | None:
    answer = say("who", token=token(), quiet=is_quiet())
    if "refused" in answer:
        return None
    return Who(str(answer["person"]), frozenset(answer.get("roles", ())), answer)
