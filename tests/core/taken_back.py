"""What takes a grant back while its door waits."""

from __future__ import annotations

from tests.core.room import Room


def lockdown(room: Room) -> None:
    room.ask("lockdown", "zhao", reason="a drill")


def blocked(room: Room) -> None:
    room.ask("block_badge", "zhao", badge="B1")


def ended(room: Room) -> None:
    room.ask("end_person", "zhao", person="wang")
