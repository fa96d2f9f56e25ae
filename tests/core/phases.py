"""How a door of the passage comes into each of its phases, and hours that cannot be evaluated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from controller.core.schedule import Schedule
from tests.core.room import Room


class Broken(Schedule):
    """Hours that cannot be evaluated."""

    def is_open(self, moment: datetime) -> bool:
        raise ZeroDivisionError(moment)


BROKEN = Broken("broken", ())


def locked(room: Room) -> None:
    room.wait(1)


def pending(room: Room) -> None:
    room.tap("main.in", "B3")


def released(room: Room) -> None:
    room.tap("main.in", "B3")
    room.tap("main.in", "B4")


def passing(room: Room) -> None:
    released(room)
    room.open()


def held(room: Room) -> None:
    passing(room)
    room.wait(30)


def forced(room: Room) -> None:
    room.open()


PHASES: list[Callable[[Room], None]] = [locked, pending, released, passing, held, forced]
