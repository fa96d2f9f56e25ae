"""What panels at the rooms tell of signed commands, so that a console that lies is found out.

Rule 1: the console has no say in it: what is shown is the signed command as the core has it.
Rule 2: it decides nothing; a panel that is gone changes neither what is carried out nor any lock.
Rule 3: ids, names of the site, numbers and the code; nobody's name, document or reason stands on a wall.

    RELEASE DOOR main 20 s
    4F2A-91C0 WAITS            then DONE, or DENIED
    by li                      and then: by li + wang
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from controller.core.effects import Display
from controller.core.events import Asking
from controller.core.panel_plan import PanelPlan
from controller.core.turn import Turn

FIRST = "sign_command"
"""The Asking that says that the first of two has signed; what, in its ``ask`` and ``fields``."""
WAITS_MS = 10 * 60_000
"""A command waits for its second signature for so long at most."""
STANDS_MS = 30_000
"""For so long it is told what was carried out."""
LONGEST = 40
"""Characters of one word or number."""
MOST_WORDS = 8
PLACES = ("door", "room", "compartment", "cabinet", "place", "device", "reader", "window")
PLACED = {
    **dict.fromkeys(("release_door", "override_interlock", "change_time_lock"), "door"),
    **dict.fromkeys(("recount", "approve_opening"), "room"),
    "authorise": "cabinet",
    "pair_reader": "device",
    "issue_badge": "reader",
}
"""Commands that are about a place, and the field that the core reads it from: no other field has a say.

Else a console that lies could add a place to a command, and so choose the wall on which it is told.
"""
THINGS = (
    "lines",
    "cameras",
    "person",
    "roles",
    "posts",
    "inside",
    "carrier",
    "state",
    "at",
    "holder",
    "badge",
    "hold",
)
UNITS = {"seconds": "s", "minutes": "min"}
DIGESTS = ("digest", "check", "credential")
DIGITS = 8

Fields = Mapping[str, Any]


class Standing(StrEnum):
    """How far a signed command has come."""

    WAITS = "WAITS"  # for a second signature
    DONE = "DONE"
    DENIED = "DENIED"  # signed, and the rules said no


def told(turn: Turn, ask: Asking) -> None:
    """Tell what became of a signed Asking; of one without a code nothing."""
    code, fields = str(ask.proof.get("code", "")), ask.fields
    denied = turn.answer is not None and not turn.answer.accepted
    if not code or (denied and ask.name == FIRST):
        return
    if ask.name == FIRST:
        inner = fields.get("fields")
        about = inner if isinstance(inner, Mapping) else {k: v for k, v in fields.items() if k != "ask"}
        _show(turn, str(fields.get("ask", "")), about, code, [ask.by], Standing.WAITS, WAITS_MS)
    else:
        standing = Standing.DENIED if denied else Standing.DONE
        _show(turn, ask.name, fields, code, filter(None, (ask.by, ask.second)), standing, STANDS_MS)


def taken_back(turn: Turn, code: str) -> None:
    """A command that waited was withdrawn or ran out: no panel tells of it any more."""
    for panel in turn.plan.panels.values():
        turn.do(Display(panel.name, code, "", turn.at))


def _show(
    turn: Turn, ask: str, fields: Fields, code: str, by: Iterable[str], standing: Standing, for_ms: int
) -> None:
    text = "\n".join((words_of(ask, fields), f"{code} {standing}", f"by {' + '.join(map(_cut, by))}"))
    for panel in at_rooms(turn, ask, fields):
        turn.do(Display(panel.name, code, text, turn.at + for_ms))


def at_rooms(turn: Turn, ask: str, fields: Fields) -> tuple[PanelPlan, ...]:
    """Panels of the rooms that a command is about, all where it is about none; those of no room always."""
    named = fields.get(PLACED.get(ask, ""))
    place = named if isinstance(named, str) else ""
    rooms = turn.plan.rooms_at(place)
    return tuple(one for one in turn.plan.panels.values() if not place or one.room in {"", *rooms})


def words_of(ask: str, fields: Fields) -> str:
    """What is ordered, in one line, such as ``RELEASE DOOR main 20 s``."""
    said = [_said(fields.get(key)) for key in (*PLACES, *THINGS)]
    said += [f"{fields[key]} {unit}" for key, unit in UNITS.items() if _number(fields.get(key))]
    said += [_said(fields.get(key))[:DIGITS] for key in DIGESTS]
    return " ".join((ask.replace("_", " ").upper(), *filter(None, said)))


def _said(value: object) -> str:
    if isinstance(value, str):
        return _cut(value)
    if _number(value):
        return str(value)
    if isinstance(value, list | tuple):
        return " ".join(_cut(one) for one in value[:MOST_WORDS] if isinstance(one, str))
    return ""


def _cut(word: str) -> str:
    """One word without line ends, which would begin a row of its own on the panel."""
    return "".join(word.split())[:LONGEST]


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
