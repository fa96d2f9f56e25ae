"""The list at the change of shift: what the next guard must know. Rule: it knows sections of rows."""

from __future__ import annotations

from dataclasses import dataclass

from web.papers.grid import Column, Grid
from web.papers.printing import Paper, Printing, Translate, digest_of
from web.papers.sheet import Frame, Sheet
from web.papers.signatures import Signer, signature_lines


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the list: open alarms, people inside, visits, carriers out, what the guard wrote."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """A shift: from when to when in words, who gives, who takes, and the sections of the list."""

    span: str
    giver: str
    taker: str
    sections: tuple[Section, ...]
    remark: str


def hand_over_paper(hand_over: HandOver, printing: Printing, _: Translate) -> Paper:
    """Print the list on A4; a section without rows says that there is nothing."""
    with Sheet(_("Shift hand-over"), digest_of("hand-over", hand_over), printing, _, Frame()) as sheet:
        sheet.opening()
        sheet.paragraph(hand_over.span)
        for section in hand_over.sections:
            sheet.heading(_("%(title)s: %(n)s", title=section.title, n=len(section.rows)))
            if section.rows:
                Grid(sheet, section.columns, 9).write(section.rows)
            else:
                sheet.paragraph(_("Nothing."))
        sheet.heading(_("Remarks"))
        sheet.paragraph(hand_over.remark or _("None."))
        signers = (
            Signer(_("Gives the shift"), hand_over.giver),
            Signer(_("Takes the shift"), hand_over.taker),
        )
        signature_lines(sheet, signers, _)
        return sheet.finish()
