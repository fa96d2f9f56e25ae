"""A table over many pages: columns of shares, heads repeated, rows of any length. Rule: no subject.

Every word of every cell is printed; a row is broken over pages only when it is taller than one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from web.papers.sheet import Sheet, line_height

_PAD = 0.8


@dataclass(frozen=True, slots=True)
class Column:
    """What stands over a column, its share of the width, and whether its cells end at the right (numbers)."""

    title: str
    share: int = 10
    number: bool = False


class Grid:
    """A table being written onto a sheet at a type size in points."""

    def __init__(self, sheet: Sheet, columns: tuple[Column, ...], size: float = 8.5) -> None:
        self._sheet, self._columns, self._size = sheet, columns, size
        total = sum(column.share for column in columns)
        self._widths = [column.share / total * sheet.width for column in columns]

    def write(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Write the heads and all rows; raises ValueError for a row of another length."""
        self._heads()
        for row in rows:
            self._row(row)
        self._sheet.y += 2

    def _heads(self) -> None:
        cells = self._wrapped(tuple(column.title for column in self._columns), bold=True)
        height = self._height(cells)
        self._sheet.keep(height + line_height(self._size))
        self._sheet.shade(self._sheet.left, self._sheet.y, self._sheet.width, height)
        self._draw(cells, bold=True)

    def _row(self, row: tuple[str, ...]) -> None:
        cells = self._wrapped(row)
        while cells:
            fits = int((self._sheet.bottom - self._sheet.y - 2 * _PAD) / line_height(self._size))
            if fits < min(max(map(len, cells)), self._page_lines()):
                self._sheet.new_page()
                self._heads()
                continue
            self._draw([cell[:fits] for cell in cells])
            cells = [cell[fits:] for cell in cells] if max(map(len, cells)) > fits else []

    def _page_lines(self) -> int:
        """How many lines of one row an empty page takes under a head of up to three lines."""
        room = self._sheet.bottom - self._sheet.frame.margin
        return max(1, int((room - 4 * _PAD) / line_height(self._size)) - 3)

    def _wrapped(self, row: tuple[str, ...], *, bold: bool = False) -> list[list[str]]:
        letters, size = self._sheet.letters, self._size
        pairs = zip(row, self._widths, strict=True)
        return [letters.lines(text, size, width - 2 * _PAD, bold=bold) for text, width in pairs]

    def _height(self, cells: list[list[str]]) -> float:
        return max(map(len, cells)) * line_height(self._size) + 2 * _PAD

    def _draw(self, cells: list[list[str]], *, bold: bool = False) -> None:
        sheet, x = self._sheet, self._sheet.left
        for column, width, lines in zip(self._columns, self._widths, cells, strict=True):
            if column.number:
                for at, text in enumerate(lines):
                    y = sheet.y + _PAD + at * line_height(self._size)
                    sheet.line_right(x + width - _PAD, y, text, self._size, bold=bold)
            else:
                sheet.block(x + _PAD, sheet.y + _PAD, lines, self._size, bold=bold)
            x += width
        sheet.y += self._height(cells)
        sheet.rule()
