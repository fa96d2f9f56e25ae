"""Cabinets of a room in lines along its wall, compartments as cells. Rule: sizes first, then places."""

from __future__ import annotations

from collections.abc import Iterator

from web.plan.floor import Box
from web.plan.measures import CABINET_HEAD, CABINET_PAD, CELL, CELL_HEIGHT, SLOT
from web.plan.shape import Cabinet

BETWEEN = 18
WIDEST = 2 * SLOT + BETWEEN


def columns(cabinet: Cabinet) -> int:
    """Cells beside each other: up to four in a row, then more the more there are."""
    count = len(cabinet.compartments)
    return min(max(count, 2), 4) if count <= 12 else 6 if count <= 36 else 9


def size(cabinet: Cabinet) -> tuple[int, int]:
    """Width and height of a cabinet with its head."""
    rows = -(-len(cabinet.compartments) // columns(cabinet))
    return columns(cabinet) * CELL + 2 * CABINET_PAD, CABINET_HEAD + rows * CELL_HEIGHT + 2 * CABINET_PAD


def lines(cabinets: tuple[Cabinet, ...]) -> tuple[tuple[Cabinet, ...], ...]:
    """Cabinets in lines that are not wider than a room should be."""
    found: list[list[Cabinet]] = []
    used = 0
    for one in cabinets:
        width = size(one)[0]
        if not found or used + width > WIDEST:
            found.append([])
            used = 0
        found[-1].append(one)
        used += width + BETWEEN
    return tuple(tuple(line) for line in found)


def extent(cabinets: tuple[Cabinet, ...]) -> tuple[int, int]:
    """Width and height of all lines together; 0, 0 for none."""
    wide, high = 0, 0
    for line in lines(cabinets):
        wide = max(wide, sum(size(one)[0] for one in line) + BETWEEN * (len(line) - 1))
        high += max(size(one)[1] for one in line) + BETWEEN
    return wide, high


def placed(cabinets: tuple[Cabinet, ...], within: Box) -> Iterator[tuple[Cabinet, Box]]:
    """Each cabinet with its box; lines are centred in ``within``."""
    y = within.y
    for line in lines(cabinets):
        x = within.middle - (sum(size(one)[0] for one in line) + BETWEEN * (len(line) - 1)) // 2
        for one in line:
            width, height = size(one)
            yield one, Box(x, y, width, height)
            x += width + BETWEEN
        y += max(size(one)[1] for one in line) + BETWEEN


def cells(cabinet: Cabinet, box: Box) -> Iterator[tuple[str, Box]]:
    """Each compartment with the box of its cell."""
    across = columns(cabinet)
    for at, name in enumerate(cabinet.compartments):
        x = box.x + CABINET_PAD + at % across * CELL
        y = box.y + CABINET_PAD + CABINET_HEAD + at // across * CELL_HEIGHT
        yield name, Box(x, y, CELL, CELL_HEIGHT)
