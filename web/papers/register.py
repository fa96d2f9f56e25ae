"""Any long list as a paper: a register, a search, a day. Rule: it knows columns, not what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from web.papers.grid import Column, Grid
from web.papers.printing import Paper, Printing, Translate, digest_of
from web.papers.sheet import A4, Frame, Sheet


@dataclass(frozen=True, slots=True)
class Register:
    """A list: its name, what was chosen for it in words, in lines, columns, rows of text."""

    title: str
    chosen: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


def register_paper(register: Register, printing: Printing, _: Translate) -> Paper:
    """Print a list on A4 across; 2,000 rows take a few seconds.

    Raises ValueError when a row has not as many cells as there are columns.
    """
    digest = digest_of("register", register)
    frame = Frame(size=(A4[1], A4[0]), margin=12)
    with Sheet(register.title, digest, printing, _, frame) as sheet:
        sheet.opening()
        for text in register.chosen.splitlines():
            sheet.paragraph(text, 9)
        sheet.paragraph(_("Rows: %(n)s", n=len(register.rows)), 9)
        sheet.y += 1
        Grid(sheet, register.columns, 8).write(register.rows)
        return sheet.finish()
