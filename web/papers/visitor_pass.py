"""A visitor's pass, as a card or an A6 leaf. Rule: it opens nothing, and knows no document number.

The QR code holds the pass code alone: an opaque word that means something only to the controller. Beside it
the same code stands in groups, for the day when a scanner fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from web.camera.photo import portrait
from web.papers.printing import Paper, Printing, Translate, digest_of, grouped
from web.papers.sheet import A6, CARD, Frame, Sheet, line_height


@dataclass(frozen=True, slots=True)
class VisitorPass:
    """What a pass shows; `code` is the opaque pass code without groups, `print_n` counts from 1.

    `photo` is a JPEG or PNG file or None, `areas` where the visitor may be, `valid_until` in the site's zone.
    """

    name: str
    company: str
    host: str
    escort: str
    areas: tuple[str, ...]
    valid_until: str
    badge: str
    code: str
    print_n: int
    photo: bytes | None


@dataclass(frozen=True, slots=True)
class _Look:
    """Where things stand on one size of pass: mm and points."""

    frame: Frame
    band: float
    photo: float
    qr: float
    big: tuple[float, ...]
    small: float
    tiny: float
    fields_under: bool  # the fields begin under the photograph, not beside it


_CARD = _Look(Frame(CARD, 3, foot=False), 6.5, 18, 21, (12, 10, 8.5), 6.5, 4.8, fields_under=False)
_LEAF = _Look(Frame(A6, 8, foot=False), 11, 34, 42, (18, 15, 12), 10, 6.5, fields_under=True)


def pass_card(shown: VisitorPass, printing: Printing, _: Translate) -> Paper:
    """Print a pass of 85.6 by 54 mm, for a card printer or a badge holder; raises PictureRefused."""
    return _pass(shown, printing, _, _CARD)


def pass_leaf(shown: VisitorPass, printing: Printing, _: Translate) -> Paper:
    """Print a pass on A6, where there is no card printer; raises PictureRefused."""
    return _pass(shown, printing, _, _LEAF)


def _pass(shown: VisitorPass, printing: Printing, _: Translate, look: _Look) -> Paper:
    with Sheet(_("VISITOR"), digest_of("pass", shown), printing, _, look.frame) as sheet:
        _band(sheet, shown, look)
        _photo(sheet, shown, look)
        _code(sheet, shown, look)
        _fields(sheet, shown, look)
        _small_print(sheet, shown, look)
        return sheet.finish()


def _band(sheet: Sheet, shown: VisitorPass, look: _Look) -> None:
    """What this is, at arm's length: white on black."""
    size = look.band * 1.5
    sheet.shade(0, 0, look.frame.size[0], look.band, grey=0)
    sheet.pdf.set_text_color(255)
    top = (look.band - line_height(size)) / 2
    sheet.line(sheet.left, top, sheet.title, size, bold=True)
    number = sheet._("Badge %(badge)s", badge=shown.badge)
    fitted, lines = sheet.letters.fitted(number, sheet.width * 0.6, (size, size * 0.7), 1, bold=True)
    sheet.line_right(sheet.right, top, lines[0], fitted, bold=True)
    sheet.pdf.set_text_color(0)
    sheet.y = look.band + 1.5


def _photo(sheet: Sheet, shown: VisitorPass, look: _Look) -> None:
    height = look.photo * 4 / 3
    if shown.photo is None:
        lines = sheet.letters.lines(sheet._("No photograph"), look.small, look.photo - 2)
        sheet.block(sheet.left + 1, sheet.y + height / 3, lines, look.small)
    else:
        sheet.picture(sheet.left, sheet.y, look.photo, portrait(shown.photo))
    sheet.box(sheet.left, sheet.y, look.photo, height, 0.2)


def _code(sheet: Sheet, shown: VisitorPass, look: _Look) -> None:
    x = sheet.right - look.qr
    sheet.qr(x, sheet.y, look.qr, shown.code)
    halves = [shown.code[at : at + 8] for at in range(0, len(shown.code), 8)]
    y = sheet.y + look.qr
    for half in halves:
        text = "-".join(half[at : at + 4] for at in range(0, len(half), 4))
        sheet.line(x + (look.qr - sheet.letters.width(text, look.small)) / 2, y, text, look.small)
        y += line_height(look.small)


def _fields(sheet: Sheet, shown: VisitorPass, look: _Look) -> None:
    x, width = sheet.left + look.photo + 2, sheet.width - look.photo - look.qr - 3
    y = sheet.y
    if look.fields_under:
        x, width, y = sheet.left, sheet.width, sheet.y + look.qr + 3 * line_height(look.small)
    size, lines = sheet.letters.fitted(shown.name, width, look.big, 2, bold=True)
    y = sheet.block(x, y, lines, size, bold=True)
    for text, most, bold in _named(shown, sheet._):
        fitted, lines = sheet.letters.fitted(text, width, _smaller(look.small), most, bold=bold)
        y = sheet.block(x, y, lines, fitted, bold=bold)


def _named(shown: VisitorPass, _: Translate) -> list[tuple[str, int, bool]]:
    """What stands under the name: a text, how many lines it may take, whether it is bold."""
    return [
        (shown.company, 1, False),
        (_("Host: %(name)s", name=shown.host), 1, False),
        (_("Escort: %(name)s", name=shown.escort), 1, True),
        (_("Areas: %(areas)s", areas=", ".join(shown.areas)), 2, False),
        (_("Valid until: %(time)s", time=shown.valid_until), 1, True),
    ]


def _smaller(size: float) -> tuple[float, ...]:
    return (size, size * 0.88, size * 0.78)


def _small_print(sheet: Sheet, shown: VisitorPass, look: _Look) -> None:
    """The standing order of the pass, and what every paper carries, from the lower edge up."""
    _, printing = sheet._, sheet.printing
    law = _("Opens nothing by itself. Stay with the escort. Give this pass back when you leave.")
    made = _(
        "Print %(n)s · page 1 of 1 · %(at)s · %(by)s", n=shown.print_n, at=printing.moment, by=printing.by
    )
    contents = f"{printing.site} · " + _("Contents %(digest)s", digest=grouped(sheet.digest, 4))
    y = look.frame.size[1] - look.frame.margin + 1
    for text in (contents, made):
        size, lines = sheet.letters.fitted(text, sheet.width, _smaller(look.tiny), 1)
        y -= line_height(look.tiny)
        sheet.block(sheet.left, y, lines, size)
    size, lines = sheet.letters.fitted(law, sheet.width, _smaller(look.small), 2, bold=True)
    sheet.block(sheet.left, y - len(lines) * line_height(size) - 0.5, lines, size, bold=True)
