"""How a thing of a room is found by its name, and what is said when it is not there.

Rule: the sentence says what there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Thing = TypeVar("Thing")


class NotInTheRoomError(ValueError):
    """The room has no such thing, or its wire cannot do that; the sentence says what there is."""


def found(things: Mapping[str, Thing], name: str, what: str) -> Thing:
    """The thing of that name; NotInTheRoomError without one."""
    if name in things:
        return things[name]
    raise NotInTheRoomError(f"{name} is not {what} of this room; there is {', '.join(sorted(things))}")
