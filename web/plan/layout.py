"""Lays a site out: rooms in rows, doors below, windows above, what belongs to them along the walls.

Rule: automatic and deterministic; the same shape gives the same floor on every screen and in print.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from web.plan import blocks as cut
from web.plan.blocks import Block
from web.plan.cabinets import cells, extent, placed
from web.plan.camera_places import homes
from web.plan.floor import Box, Floor, PassageBox, Spot
from web.plan.measures import (
    CAMERA_SLOT,
    GAP,
    LOOSE_HEIGHT,
    MARGIN,
    PASSAGE_HEIGHT,
    ROOM_FOOT,
    ROOM_HEAD,
    ROOM_SIDE,
    ROOM_TEXT,
    WINDOW,
    WORDS_BELOW,
)
from web.plan.shape import Passage, Shape

READER = 20  # from one reader at a door to the next


@dataclass(slots=True)
class _Making:
    """A floor that is being laid out; ``homes``: room, or a passage's first door, of each camera."""

    shape: Shape
    homes: dict[str, str]
    rooms: dict[str, Box] = field(default_factory=dict)
    texts: dict[str, Box] = field(default_factory=dict)
    passages: list[PassageBox] = field(default_factory=list)
    doors: dict[str, Spot] = field(default_factory=dict)
    windows: dict[str, Spot] = field(default_factory=dict)
    cabinets: dict[str, Box] = field(default_factory=dict)
    compartments: dict[str, Box] = field(default_factory=dict)
    cameras: dict[str, Spot] = field(default_factory=dict)
    readers: dict[str, Spot] = field(default_factory=dict)

    def hung(self, home: str) -> list[str]:
        """Cameras that hang in a room or passage."""
        return [name for name, at in self.homes.items() if at == home]


def lay_out(shape: Shape) -> Floor:
    """The floor of a site."""
    making = _Making(shape, homes(shape))
    rows = cut.rows(cut.blocks(shape))
    inside = max((sum(cut.block_width(shape, b) for b in row) for row in rows), default=0)
    y = MARGIN
    for row in rows:
        y = _row(making, row, inside, y)
    loose = [n for n, (at, _) in shape.readers.items() if at not in shape.doors and at not in shape.cabinets]
    _readers(making, loose, y)
    return Floor(
        width=inside + 2 * MARGIN,
        height=y + (LOOSE_HEIGHT if loose else 0),
        rooms=making.rooms,
        texts=making.texts,
        passages=tuple(making.passages),
        doors=making.doors,
        windows=making.windows,
        cabinets=making.cabinets,
        compartments=making.compartments,
        cameras=making.cameras,
        readers=making.readers,
        loose=y if loose else 0,
    )


def _row(making: _Making, row: tuple[Block, ...], inside: int, y: int) -> int:
    """Lay out one row as wide as the floor; answers where the next one begins."""
    shape, hung = making.shape, making.hung
    high = max(
        (cut.room_height(shape, room, len(hung(room))) for b in row for room in b.rooms),
        default=PASSAGE_HEIGHT,
    )
    slack = inside - sum(cut.block_width(shape, block) for block in row)
    x, left = MARGIN, sum(max(len(block.rooms), 1) for block in row)
    for block in row:
        start = x
        for room in block.rooms or ("",):
            wide = cut.room_width(shape, block, room) if room else cut.block_width(shape, block)
            more = slack // left
            slack, left = slack - more, left - 1
            if room:
                _room(making, room, Box(x, y, wide + more, high))
            x += wide + more
        _before(making, block, Box(start, y, x - start, high))
    return y + high + max(map(cut.passage_height, row)) + WORDS_BELOW + MARGIN


def _room(making: _Making, room: str, box: Box) -> None:
    """One room with everything in it and in its walls."""
    shape = making.shape
    making.rooms[room] = box
    standing = cut.cabinets_of(shape, room)
    top = box.y + ROOM_HEAD
    for cabinet, place in placed(standing, Box(box.x, top, box.width, 0)):
        making.cabinets[cabinet.name] = place
        making.compartments.update(cells(cabinet, place))
    used = ROOM_HEAD + extent(standing)[1]
    free = box.height - used - ROOM_FOOT - ROOM_TEXT
    making.texts[room] = Box(
        box.x + ROOM_SIDE, box.y + used + free // 2, box.width - 2 * ROOM_SIDE, ROOM_TEXT
    )
    names = cut.windows_of(shape, room)
    for at, name in enumerate(names):
        centre = box.x + box.width * (2 * at + 1) // (2 * len(names))
        making.windows[name] = Spot(centre - WINDOW // 2, box.y)
    _doors(making, tuple(door.name for door in shape.doors_of(room)), box)
    _cameras(making, room, box)


def _before(making: _Making, block: Block, box: Box) -> None:
    """The passages before the rooms of a block, side by side, or instead of them."""
    for at, passage in enumerate(block.passages):
        x = box.x + box.width * at // len(block.passages)
        right = box.x + box.width * (at + 1) // len(block.passages)
        lies = (
            Box(x, box.bottom, right - x, PASSAGE_HEIGHT)
            if block.rooms
            else Box(x, box.y, right - x, box.height)
        )
        _passage(making, passage, lies)


def _passage(making: _Making, passage: Passage, box: Box) -> None:
    making.passages.append(PassageBox(passage, box))
    _doors(making, passage.outer, box)
    _cameras(making, passage.outer[0], Box(box.x, box.y + 20, box.width, box.height))


def _doors(making: _Making, names: tuple[str, ...], box: Box) -> None:
    """Doors evenly along the lower wall, each with its readers on both sides."""
    for at, name in enumerate(names):
        centre = box.x + box.width * (2 * at + 1) // (2 * len(names))
        spot = Spot(centre - GAP - 4, box.bottom)
        making.doors[name] = spot
        inner = outer = 0
        for reader, (of, side) in making.shape.readers.items():
            if of != name:
                continue
            if side == "in":
                making.readers[reader] = Spot(spot.x - 22 - outer * READER, spot.y + 10, left=True)
                outer += 1
            else:
                making.readers[reader] = Spot(spot.x + GAP + 6 + inner * READER, spot.y - 28)
                inner += 1


def _cameras(making: _Making, home: str, box: Box) -> None:
    """Cameras down both sides of a room or passage, the first in the upper right corner."""
    for at, name in enumerate(making.hung(home)):
        y = box.y + 42 + at // 2 * CAMERA_SLOT
        if at % 2:
            making.cameras[name] = Spot(box.x + 16, y + 28)
        else:
            making.cameras[name] = Spot(box.right - 16, y, left=True)


def _readers(making: _Making, loose: list[str], y: int) -> None:
    """Readers at cabinets in the head of each, and those that belong nowhere in a line below."""
    hung: dict[str, int] = {}
    for name, (at, _) in making.shape.readers.items():
        if at in making.cabinets:
            box, count = making.cabinets[at], hung.get(at, 0)
            making.readers[name] = Spot(box.right - 18 - count * READER, box.y + 3)
            hung[at] = count + 1
    for count, name in enumerate(loose):
        making.readers[name] = Spot(MARGIN + count * 200, y)
