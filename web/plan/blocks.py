"""Blocks of a floor: rooms with the passages before their doors, in rows. Rule: the same site, the same rows.

Rooms behind one passage stand beside each other in one row, and share it; a passage that leads into no
room is a block of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from web.plan.cabinets import extent
from web.plan.measures import (
    CAMERA_SLOT,
    PASSAGE_HEIGHT,
    ROOM_FOOT,
    ROOM_HEAD,
    ROOM_LEAST,
    ROOM_SIDE,
    ROOM_TEXT,
    SLOT,
    WINDOW_SLOT,
)
from web.plan.shape import Cabinet, Passage, Shape


@dataclass(frozen=True, slots=True)
class Block:
    """Rooms that stand together, and what lies before them."""

    rooms: tuple[str, ...]
    passages: tuple[Passage, ...]


def blocks(shape: Shape) -> tuple[Block, ...]:
    """All blocks of a site, in the order of its rooms."""
    found: list[Block] = []
    taken: set[str] = set()
    for room in shape.rooms:
        if room not in taken:
            found.append(_block(shape, room))
            taken |= set(found[-1].rooms)
    lonely = (p for p in shape.passages if not p.inner)
    return (*found, *(Block((), (passage,)) for passage in lonely))


def _block(shape: Shape, first: str) -> Block:
    """Rooms that are tied to one by passages."""
    rooms = {first}
    while True:
        passages = {p for p in shape.passages if rooms & {shape.doors[d].room for d in p.inner}}
        reached = rooms | {shape.doors[d].room for p in passages for d in p.inner}
        if reached == rooms:
            break
        rooms = reached
    ordered = tuple(p for p in shape.passages if p in passages)
    return Block(tuple(room for room in shape.rooms if room in rooms), ordered)


def rows(found: tuple[Block, ...]) -> tuple[tuple[Block, ...], ...]:
    """Blocks in rows: three rooms in a row, two of four, four where there are ten and more."""
    count = sum(max(len(block.rooms), 1) for block in found)
    across = 2 if count == 4 else 3 if count < 10 else 4
    made: list[list[Block]] = []
    used = across
    for block in found:
        wide = max(len(block.rooms), 1)
        if used + wide > across:
            made.append([])
            used = 0
        made[-1].append(block)
        used += wide
    return tuple(tuple(row) for row in made)


def cabinets_of(shape: Shape, room: str) -> tuple[Cabinet, ...]:
    """Cabinets that stand in a room."""
    return tuple(one for one in shape.cabinets.values() if one.room == room)


def windows_of(shape: Shape, room: str) -> tuple[str, ...]:
    """Windows of a room."""
    return tuple(name for name, at in shape.windows.items() if at == room)


def room_width(shape: Shape, block: Block, room: str) -> int:
    """Least width of a room: its doors, its windows, its cabinets, and its part of the outer doors."""
    outer = sum(len(p.outer) for p in block.passages)
    doors = max(len(shape.doors_of(room)), -(-outer // len(block.rooms)))
    inside = extent(cabinets_of(shape, room))[0] + 2 * ROOM_SIDE
    return max(ROOM_LEAST, doors * SLOT, len(windows_of(shape, room)) * WINDOW_SLOT, inside)


def room_height(shape: Shape, room: str, cameras: int) -> int:
    """Least height of a room with so many cameras along its sides."""
    inside = ROOM_HEAD + extent(cabinets_of(shape, room))[1] + ROOM_TEXT + ROOM_FOOT
    return max(inside, ROOM_HEAD + (cameras + 1) // 2 * CAMERA_SLOT)


def block_width(shape: Shape, block: Block) -> int:
    """Least width of a block."""
    if not block.rooms:
        return max(ROOM_LEAST, sum(len(p.outer) for p in block.passages) * SLOT)
    return sum(room_width(shape, block, room) for room in block.rooms)


def passage_height(block: Block) -> int:
    """Height of what lies before the rooms of a block."""
    return PASSAGE_HEIGHT if block.passages and block.rooms else 0
