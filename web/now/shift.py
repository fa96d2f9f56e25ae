"""What a shift leaves behind, and who must be found. Rule: of duress nothing is said (behaviour 35)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from controller.core.words import Kind
from web.desk import me
from web.feed.row import Row
from web.log import entries
from web.names import name
from web.now.alarms import Card, cards
from web.now.faults import faults
from web.now.feed import told
from web.now.page import DESK
from web.now.places import Person, count_words, people_inside
from web.visits.areas import said

View = Mapping[str, Any]
MOST_NOTES = 50


@dataclass(frozen=True, slots=True)
class Visiting:
    """A visitor who is in the house: ids, areas by name, until when (UTC ms), whether that is over."""

    visitor: str
    host: str
    escort: str
    areas: tuple[str, ...]
    until: int
    late: bool
    room: str


@dataclass(frozen=True, slots=True)
class Occupied:
    """A room that is not known to be empty: in words, and who is inside."""

    room: str
    words: str
    people: tuple[Person, ...]
    since: int | None


@dataclass(frozen=True, slots=True)
class Shift:
    """Everything that is open; ``since`` is when the last shift was handed over ("" for never)."""

    alarms: tuple[Card, ...]
    visitors: tuple[Visiting, ...]
    rooms: tuple[Occupied, ...]
    faults: tuple[str, ...]
    notes: tuple[Row, ...]
    since: str
    giver: str


def shift(view: View) -> Shift:
    """What is open now, and what was noted since the last hand-over."""
    last = next(entries(kind=Kind.SHIFT_HANDED_OVER, newest_first=True, limit=1), None)
    after = int(last["n"]) if last else -1
    noted = list(entries(kind=Kind.NOTED, after=after, newest_first=True, limit=MOST_NOTES))
    who = list((last or {}).get("who", ()))
    return Shift(
        alarms=tuple(card for card in cards(view) if not card.silent),
        visitors=tuple(visiting(view)),
        rooms=tuple(_occupied(view)),
        faults=tuple(faults(view)),
        notes=tuple(told(noted[::-1])),
        since=str(last["time"]) if last else "",
        giver=str(who[0]) if who else "",
    )


def takers(view: View) -> list[tuple[str, str]]:
    """Who may take the shift over: id and name of guards and chiefs whose rights have not ended."""
    desk, mine = {role.value for role in DESK}, me().person
    able = [
        person
        for person, one in view.get("people", {}).items()
        if desk & {*one.get("roles", ())} and not one.get("ended") and person != mine
    ]
    return sorted(((person, name(person)) for person in able), key=lambda one: one[1])


def visiting(view: View) -> Iterator[Visiting]:
    """Visitors with a pass that is out."""
    for one in view.get("visits", {}).get("book", {}).values():
        if one["status"] == "inside":
            yield Visiting(
                visitor=str(one["visitor"]),
                host=str(one["host"]),
                escort=str(one.get("escort", "")),
                areas=tuple(said(one.get("areas", ()), view)),
                until=int(one["ends"]),
                late=bool(one.get("late")),
                room=str(one.get("room", "")),
            )


def _occupied(view: View) -> Iterator[Occupied]:
    for room, now in view.get("rooms", {}).items():
        if now.get("occupancy") != 0 or now.get("visitors"):
            yield Occupied(room, count_words(view, room), people_inside(view, room), now.get("since"))
