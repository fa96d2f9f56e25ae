"""A daily closing on paper: what the sensors said, what was not in order, who signed. Rule: plain values."""

from __future__ import annotations

from dataclasses import dataclass

from web.papers.grid import Column, Grid
from web.papers.printing import Paper, Printing, Translate, digest_of
from web.papers.sheet import Frame, Sheet
from web.papers.signatures import Signer, signature_lines


@dataclass(frozen=True, slots=True)
class DailyClosing:
    """A closing: of which room, when and under which Entry, who was inside, and its rows."""

    room: str
    when: str
    inside: str
    sensors: tuple[tuple[str, str, str], ...]
    findings: tuple[tuple[str, str], ...]
    note: str
    signers: tuple[str, ...]


def daily_closing_paper(closing: DailyClosing, printing: Printing, _: Translate) -> Paper:
    """Print a closing on A4; without a finding it says that all was in order."""
    with Sheet(_("Daily closing"), digest_of("daily-closing", closing), printing, _, Frame()) as sheet:
        sheet.opening()
        sheet.paragraph(_("Room %(room)s, %(when)s", room=closing.room, when=closing.when))
        sheet.paragraph(closing.inside)
        sheet.heading(_("What the sensors said"))
        columns = (Column(_("Kind"), 2), Column(_("Name"), 3), Column(_("State"), 3))
        Grid(sheet, columns, 9).write(closing.sensors)
        sheet.heading(_("Not in order"))
        if closing.findings:
            Grid(sheet, (Column(_("What"), 4), Column(_("Note"), 5)), 9).write(closing.findings)
        else:
            sheet.paragraph(_("Nothing."))
        if closing.note:
            sheet.heading(_("Remarks"))
            sheet.paragraph(closing.note)
        sheet.heading(_("Signed at the console by both"))
        signature_lines(sheet, tuple(Signer(_("Closed by"), one) for one in closing.signers), _)
        return sheet.finish()
