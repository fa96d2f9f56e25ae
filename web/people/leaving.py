"""What ends with somebody, and what must come back from them. R6.3. Rule: pure; out of the room's view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ends:
    """Everything that hangs on somebody's rights now.

    ``badges``: (number, level) of those that open something; ``cards``: of all, as cards are to be given
    back even where they are blocked. ``carriers``: what they hold. ``rooms``: where they are counted now.
    ``hosted``: visits that go on or will come, (visit, visitor); ``escorted``: whom they stay with now.
    """

    badges: list[tuple[str, str]]
    cards: list[tuple[str, str, bool]]
    passkeys: int
    carriers: list[str]
    rooms: list[str]
    hosted: list[tuple[str, str]]
    escorted: list[str]


def ends(view: View, person: str) -> Ends:
    """What ends with a person, or has ended with them."""
    cards = [
        (name, badge["level"], badge["blocked"])
        for name, badge in view.get("badges", {}).items()
        if badge["holder"] == person
    ]
    book = view.get("visits", {}).get("book", {}).items()
    going = [(name, visit) for name, visit in book if visit.get("open")]
    return Ends(
        badges=[(name, level) for name, level, blocked in cards if not blocked],
        cards=cards,
        passkeys=int(view.get("people", {}).get(person, {}).get("passkeys", 0)),
        carriers=sorted(
            name
            for name, carrier in view.get("carriers", {}).items()
            if carrier["holder"] == person and carrier["state"] != "IN"
        ),
        rooms=[name for name, room in view.get("rooms", {}).items() if person in room.get("inside", ())],
        hosted=[(name, visit["visitor"]) for name, visit in going if visit.get("host") == person],
        escorted=sorted({visit["visitor"] for _, visit in going if visit.get("escort") == person}),
    )
