"""A list as a workbook (Office Open XML). Rule: a cell is text or a whole number, never a formula.

No formula, no link, whatever a visitor may have called themselves: what begins as a formula does is written
as text, and marked so that it stays text when somebody edits the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import rfc8785
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from web.papers.printing import Printing, Translate, grouped

CELL_SIGNS = 32_767
"""So many signs a cell holds; a longer text is cut and says how many are missing."""
ROWS = 1_000_000
"""So many rows a sheet takes; the programs' own limit is 1,048,576."""

_SETTINGS = {
    "constant_memory": True,  # one row at a time: a box has little memory
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 — and their wide forms
_TEXT = 49  # the format "@" (ECMA-376 part 1, 18.8.30)
_EXACT = 10**15
"""Programs that count with doubles show whole numbers below this exactly; above they are written as text."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """What stands over a column and how wide it is, in signs."""

    title: str
    signs: int = 18


@dataclass(frozen=True, slots=True)
class Workbook:
    """A finished workbook: the file, the digest of its rows that it shows itself, the number of rows."""

    xlsx: bytes
    digest: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Looks:
    """The three ways a cell can look."""

    head: Format
    text: Format
    marked: Format


def workbook(
    title: str,
    columns: tuple[SheetColumn, ...],
    rows: Iterable[tuple[str | int, ...]],
    printing: Printing,
    _: Translate,
    about: tuple[str, ...] = (),
) -> Workbook:
    """Write rows into a workbook with a second sheet that tells what it is; ``about`` is told there too.

    The digest is SHA-256 over the RFC 8785 form of each row as a list of texts, each with LF behind it.
    Raises ValueError for a row of another length and for more than ROWS rows.
    """
    out, digest, n = BytesIO(), sha256(), 0
    with xlsxwriter.Workbook(out, _SETTINGS) as book:
        book.set_properties({"title": title, "created": printing.at.replace(tzinfo=None)})
        looks = _looks(book)
        sheet = book.add_worksheet(_name(title))
        _heads(sheet, columns, looks)
        for n, row in enumerate(rows, start=1):
            if len(row) != len(columns) or n > ROWS:
                raise ValueError(f"row {n} is too many, or not as long as the heads")
            digest.update(rfc8785.dumps([str(value) for value in row]) + b"\n")
            _row(sheet, n, row, looks)
        sheet.autofilter(0, 0, n, len(columns) - 1)
        told = (title, printing.site, *about, *_of(digest.hexdigest(), n, printing, _))
        _about(book.add_worksheet(_name(_("About"))), told)
    return Workbook(out.getvalue(), digest.hexdigest(), n)


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    text = {"num_format": _TEXT, "valign": "top"}
    return _Looks(
        book.add_format({"bold": True, "bg_color": "#E8E8E8", "num_format": _TEXT}),
        book.add_format(text),
        book.add_format({**text, "quote_prefix": True}),
    )


def _heads(sheet: Worksheet, columns: tuple[SheetColumn, ...], looks: _Looks) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.signs)
        sheet.write_string(0, at, column.title, looks.head)


def _row(sheet: Worksheet, n: int, row: tuple[str | int, ...], looks: _Looks) -> None:
    for at, value in enumerate(row):
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _EXACT:
            sheet.write_number(n, at, value)
        else:
            text = _cell(str(value))
            sheet.write_string(n, at, text, looks.marked if text.startswith(_AS_FORMULA) else looks.text)


def _cell(text: str) -> str:
    if len(text) <= CELL_SIGNS:
        return text
    kept = text[: CELL_SIGNS - 24]
    return f"{kept}… (+{len(text) - len(kept)})"


def _of(digest: str, rows: int, printing: Printing, _: Translate) -> tuple[str, ...]:
    return (
        _("Printed %(at)s by %(by)s", at=printing.moment, by=printing.by),
        _("Rows: %(n)s", n=rows),
        _("Contents %(digest)s", digest=grouped(digest, 16)),
    )


def _about(sheet: Worksheet, told: tuple[str, ...]) -> None:
    sheet.set_column(0, 0, 110)
    for at, text in enumerate(told):
        sheet.write_string(at, 0, _cell(text))


def _name(title: str) -> str:
    r"""A sheet's name: at most 31 signs, none of []:*?/\\', never the reserved word."""
    name = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", title)[:31].strip()
    return name if name and name.lower() != "history" else "1"
