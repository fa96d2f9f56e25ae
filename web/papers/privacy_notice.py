"""What a visitor is told of their data, and what they promise: one A5 leaf. Rule: no data but their name.

What must be said stands in the Personal Information Protection Law of the PRC, Articles 17 (who, why, how,
what, how long, which rights), 26 (pictures) and 30 (why sensitive data are needed, and what they mean).
"""

from __future__ import annotations

from dataclasses import dataclass

from web.papers.grid import Column, Grid
from web.papers.printing import Paper, Printing, Translate, digest_of
from web.papers.sheet import A5, Frame, Sheet
from web.papers.signatures import Signer, signature_lines


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept, and how long, in words: "photograph", "180 days"."""

    what: str
    how_long: str


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """Who is responsible, whom to ask, what is kept how long; the visitor's name and the visit's number.

    An empty name makes a leaf to be filled in by hand.
    """

    responsible: str
    contact: str
    kept: tuple[Kept, ...]
    visitor: str
    visit: str


def privacy_paper(notice: PrivacyNotice, printing: Printing, _: Translate) -> Paper:
    """Print the notice and the term on A5, with a line for the visitor to sign."""
    with Sheet(
        _("Visitors: your data and your promise"),
        digest_of("privacy notice", notice),
        printing,
        _,
        Frame(A5, 12),
    ) as sheet:
        sheet.opening()
        sheet.heading(_("Your data"), 10.5)
        for text in _notice(notice, _):
            sheet.paragraph(text, 8.5)
            sheet.y += 0.8
        columns = (Column(_("What is kept"), 20), Column(_("How long")))
        Grid(sheet, columns, 8.5).write((kept.what, kept.how_long) for kept in notice.kept)
        sheet.heading(_("Your promise"), 10.5)
        for n, text in enumerate(_promise(_), start=1):
            sheet.paragraph(f"{n}. {text}", 8.5)
        sheet.y += 1
        if notice.visit:
            sheet.paragraph(_("Visit %(visit)s", visit=notice.visit), 8.5)
        signature_lines(sheet, (Signer(_("Visitor"), notice.visitor),), _)
        return sheet.finish()


def _notice(notice: PrivacyNotice, _: Translate) -> tuple[str, ...]:
    return (
        _("Responsible: %(who)s.", who=notice.responsible),
        _(
            "Purpose: to know who is in the secure area, to let nobody in alone, to find everybody in an "
            "emergency, and to be able to say later who was there. Your data serve nothing else and go to "
            "nobody else, unless the law demands it."
        ),
        _(
            "We ask for your name, the number of your document and whom you visit, and we photograph you. "
            "Cameras photograph doors and cabinets. The number and the pictures are sensitive data: without "
            "them nobody is let into a secure area. They are kept encrypted; the number is shown in part."
        ),
        _(
            "You may see, copy and correct your data, ask for them to be deleted, and withdraw your consent. "
            "Ask: %(contact)s. After the times below the keys to your data are destroyed; what remains is "
            "that somebody was here.",
            contact=notice.contact,
        ),
    )


def _promise(_: Translate) -> tuple[str, ...]:
    return (
        _("I stay with my escort and in the areas named on my pass."),
        _("I leave telephones, cameras, recorders and storage media in the locker."),
        _("I photograph, copy and take away nothing, and keep to myself what I see and hear."),
        _("I wear the pass where it can be seen, lend it to nobody, and give it back when I leave."),
        _("In an alarm I do what my escort says, and go to the assembly point."),
    )
