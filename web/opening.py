"""Who stands at a door and waits for somebody's approval. Rule: shows what the room knows, no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """People who have shown their badges at a door, which room that leads to, and for how long they wait."""

    door: str
    room: str
    people: list[str]
    left_s: int


def waiting_at(view: dict[str, Any]) -> list[Waiting]:
    """Pairs, whole or half, that wait at doors now; a deadline is in room time, as ``view["at"]`` is."""
    return [
        Waiting(name, door.get("room", ""), list(door["pending"]), _left(door.get("deadline"), view["at"]))
        for name, door in view.get("doors", {}).items()
        if door.get("pending")
    ]


def _left(deadline: object, at: int) -> int:
    return max(0, (deadline - at) // 1000) if isinstance(deadline, int) else 0
