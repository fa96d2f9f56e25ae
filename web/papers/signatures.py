"""Places to sign by hand: who signs as what, a line, a date. Rule: it prints lines, it knows no signature."""

from __future__ import annotations

from dataclasses import dataclass

from web.papers.printing import Translate
from web.papers.sheet import Sheet, line_height

_HEIGHT = 13.0


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is to sign, as what ("security chief"); an empty name leaves room to write it."""

    role: str
    name: str = ""


def signature_lines(sheet: Sheet, signers: tuple[Signer, ...], _: Translate) -> None:
    """Draw a line for each signer with their name under it, and one for the date; kept together on a page."""
    sheet.keep(_HEIGHT * len(signers))
    for signer in signers:
        _signature(sheet, _("%(role)s: %(name)s", role=signer.role, name=signer.name), 0.0, 0.62)
        _signature(sheet, _("Date and time"), 0.66, 0.34)
        sheet.y += _HEIGHT


def _signature(sheet: Sheet, under: str, begin: float, share: float) -> None:
    x, y = sheet.left + begin * sheet.width, sheet.y + _HEIGHT - line_height(8)
    sheet.pdf.set_line_width(0.2)
    sheet.pdf.line(x, y, x + share * sheet.width, y)
    size, lines = sheet.letters.fitted(under, share * sheet.width, (8, 7, 6), 1)
    sheet.block(x, y, lines, size)
