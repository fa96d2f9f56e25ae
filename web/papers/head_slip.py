"""The log's head for the guard's book: what nobody can change on a computer. Rule: it verifies nothing.

What the code and the groups are is said in controller/ledger/slip.py, from whose Slip the values come.
"""

from __future__ import annotations

from dataclasses import dataclass

from web.papers.printing import Paper, Printing, Translate, digest_of
from web.papers.sheet import A5, Frame, Sheet, line_height
from web.papers.signatures import Signer, signature_lines

_QR = 62.0


@dataclass(frozen=True, slots=True)
class HeadSlip:
    """A head: origin, number of entries, time of the last, code, root in rows of groups, note for the code.

    `cosigners` says in words who cosigned and when.
    """

    origin: str
    size: int
    time: str
    code: str
    root_groups: tuple[tuple[str, ...], ...]
    qr_text: bytes
    cosigners: tuple[str, ...]


def head_slip_paper(slip: HeadSlip, printing: Printing, _: Translate) -> Paper:
    """Print a head on A5: copied by hand or photographed, it says later whether the log is still the same."""
    with Sheet(_("The log's head"), digest_of("head slip", slip), printing, _, Frame(A5, 12)) as sheet:
        sheet.opening()
        sheet.paragraph(_("Log: %(origin)s", origin=slip.origin), 10)
        sheet.paragraph(_("Last entry: %(time)s", time=slip.time), 10)
        sheet.paragraph(_("Entries: %(size)s", size=slip.size), 15, bold=True)
        sheet.paragraph(_("Code: %(code)s", code=slip.code), 15, bold=True)
        _root(sheet, slip, _)
        for cosigner in slip.cosigners or (_("No witness has cosigned this head."),):
            sheet.paragraph(cosigner, 8.5)
        sheet.y += 1
        how = _('To compare: ironroom log check-slip "%(size)s %(code)s"', size=slip.size, code=slip.code)
        sheet.paragraph(how, 8)
        signature_lines(sheet, (Signer(_("Put into the book by")),), _)
        return sheet.finish()


def _root(sheet: Sheet, slip: HeadSlip, _: Translate) -> None:
    """The whole note as a QR code, and the root beside it."""
    top, x = sheet.y + 1, sheet.left + _QR + 3
    sheet.qr(sheet.left - 4, top, _QR, slip.qr_text, error="l")
    sheet.line(x, top + 4, _("Root"), 10, bold=True)
    rows = ["  ".join(groups) for groups in slip.root_groups]
    sheet.block(x, top + 4 + 1.5 * line_height(10), rows, 11)
    sheet.y = top + _QR + 1
