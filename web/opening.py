"""Who stands at a door and needs somebody's approval. Rule: shows what the room and the log know, no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from controller.core.words import Kind, Reason
from controller.errors import IronroomError
from web.choices import person_words
from web.desk import look, site
from web.log import entries
from web.markup import instant

LATELY_MS = 10 * 60_000
SEARCHED = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """People who have shown their badges at a door, which room that leads to, and for how long they wait."""

    door: str
    room: str
    people: list[str]
    left_s: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody whom a closed room has refused within the last minutes; ``time`` as in the Entry."""

    door: str
    people: list[str]
    time: str


def waiting_at(view: dict[str, Any]) -> list[Waiting]:
    """Pairs, whole or half, that wait at doors now; a deadline is in room time, as ``view["at"]`` is."""
    return [
        Waiting(
            name,
            door.get("room", ""),
            [*map(person_words, door["pending"])],
            _left(door.get("deadline"), view["at"]),
        )
        for name, door in view.get("doors", {}).items()
        if door.get("pending")
    ]


def refused_lately(now_ms: int) -> list[Refused]:
    """Who would have needed an approval, the newest first; the look is an Entry."""
    look("show", f"kind={Kind.REFUSED.value} reason={Reason.NEEDS_DUTY_OFFICER.value}")
    try:
        found = [*entries(kind=Kind.REFUSED, newest_first=True, limit=SEARCHED)]
    except IronroomError:
        return []
    return [
        Refused(_door(str(e.get("place", ""))), [*map(person_words, e.get("who", ()))], str(e["time"]))
        for e in found
        if e.get("reason") == Reason.NEEDS_DUTY_OFFICER and _is_late(e.get("time"), now_ms)
    ]


def _door(reader: str) -> str:
    """The door that a reader stands at; the place itself where it is none."""
    return str(site().get("plan", {}).get("readers", {}).get(reader, {}).get("at", "") or reader)


def _is_late(time: object, now_ms: int) -> bool:
    at = instant(time)
    return at is not None and now_ms - at.timestamp() * 1000 < LATELY_MS


def _left(deadline: object, at: int) -> int:
    return max(0, (deadline - at) // 1000) if isinstance(deadline, int) else 0
