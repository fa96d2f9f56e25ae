"""What was signed lately, out of the log: what, where, by whom and how it ended. Rule: nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from controller.core.words import Kind
from web.command_words import title_of
from web.desk import Who
from web.i18n import _
from web.log import entries
from web.orders import ELSEWHERE
from web.orders_site import ORDERS

MOST = 20
SEARCHED = 200
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One command that was signed or ended: ``tone`` and ``became`` say how it went."""

    n: int
    time: str
    title: str
    place: str
    who: list[str]
    code: str
    tone: str
    became: str


def lines(person: Who) -> list[Line]:
    """The newest ones that concern this person's roles; raises as ``web.log.entries``."""
    kinds = (Kind.COMMAND_SIGNED, Kind.COMMAND_EXPIRED)
    found = [e for kind in kinds for e in entries(kind=kind, newest_first=True, limit=SEARCHED)]
    newest = sorted((e for e in found if _concerns(person, e)), key=lambda e: int(e["n"]), reverse=True)
    return [_line(entry) for entry in islice(newest, MOST)]


def _concerns(person: Who, entry: Entry) -> bool:
    ask = str(entry.get("ask", ""))
    known = ORDERS.get(ask) or ELSEWHERE.get(ask)
    mine = known is not None and person.has(*(role.value for role in known.roles))
    return mine or person.sees_sealed or person.person in entry.get("who", ())


def _line(entry: Entry) -> Line:
    tone, became = _became(entry)
    return Line(
        int(entry["n"]),
        str(entry.get("time", "")),
        title_of(str(entry.get("ask", ""))),
        str(entry.get("place", "")),
        list(entry.get("who", ())),
        str(entry.get("code", "")),
        tone,
        became,
    )


def _became(entry: Entry) -> tuple[str, str]:
    if entry.get("kind") == Kind.COMMAND_SIGNED:
        return ("note", _("first signature")) if "until" in entry else ("good", _("signed and judged"))
    why = {"withdrawn": _("withdrawn"), "restart": _("ended by a restart")}
    return "none", why.get(str(entry.get("why", "")), _("ran out"))
