"""One paper while it is made: pages of an exact size, lines from the top, a foot on each. Rule: no subject.

All places are millimetres from the upper left corner, all type sizes points. What it shows is black on white;
grey only sets apart, and never says anything alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Self

import segno
from fpdf import FPDF

from web.papers.lettering import FAMILY, PT, Lettering
from web.papers.printing import Paper, Printing, Translate, grouped

A4, A5, A6 = (210.0, 297.0), (148.0, 210.0), (105.0, 148.0)
CARD = (85.6, 54.0)  # ISO/IEC 7810 ID-1, which the field calls CR80

_LEADING = 1.38  # of the type size, room for Chinese
_ASCENT = 0.88  # of the type size, to the baseline in Noto Sans CJK
_FOOT_SIZE, _FOOT_LINES = 7.0, 2
_GREY = 232


@dataclass(frozen=True, slots=True)
class Frame:
    """The paper's size and margin in mm, and whether it has the foot of a sheet (a card has its own)."""

    size: tuple[float, float] = A4
    margin: float = 15.0
    foot: bool = True


class Sheet:
    """A paper being written, fonts open while entered; `y` is where the next line goes, `finish` ends it."""

    def __init__(self, title: str, digest: str, printing: Printing, _: Translate, frame: Frame) -> None:
        self.title, self.digest, self.printing, self._, self.frame = title, digest, printing, _, frame
        self.pdf = FPDF(unit="mm", format=frame.size)
        self.letters = Lettering(self.pdf)
        self._describe()
        self.left, self.right = frame.margin, frame.size[0] - frame.margin
        self.width = self.right - self.left
        self.bottom = frame.size[1] - frame.margin - (frame.foot * _FOOT_LINES * line_height(_FOOT_SIZE))

    def __enter__(self) -> Self:
        self.letters.load()
        self.new_page()
        return self

    def __exit__(self, *_error: object) -> None:
        self.letters.close()

    def _describe(self) -> None:
        """What the file says of itself: no names of people."""
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.set_title(self.title)
        self.pdf.set_producer("Ironroom")
        self.pdf.set_creation_date(self.printing.at)
        self.pdf.set_lang("zh-Hans" if self.printing.language == "zh" else "en")

    def new_page(self) -> None:
        """Go on at the top of an empty page."""
        self.pdf.add_page()
        self.y = self.frame.margin

    def keep(self, height: float) -> None:
        """Go on a new page, unless so many mm are left above the foot."""
        if self.y + height > self.bottom:
            self.new_page()

    def line(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Write one line whose upper left corner is there; it is not broken."""
        self._font(size, bold=bold)
        self.pdf.text(x, y + (_LEADING - 1) / 2 * size * PT + _ASCENT * size * PT, self.letters.legible(text))

    def line_right(self, right: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Write one line that ends there."""
        legible = self.letters.legible(text)
        self.line(right - self.letters.width(legible, size, bold=bold), y, legible, size, bold=bold)

    def block(self, x: float, y: float, lines: list[str], size: float, *, bold: bool = False) -> float:
        """Write lines below one another; return where the next would go."""
        for at, text in enumerate(lines):
            self.line(x, y + at * line_height(size), text, size, bold=bold)
        return y + len(lines) * line_height(size)

    def paragraph(self, text: str, size: float = 10, *, bold: bool = False, indent: float = 0) -> None:
        """Write a text from margin to margin, over as many lines and pages as it takes."""
        for line in self.letters.lines(text, size, self.width - indent, bold=bold):
            self.keep(line_height(size))
            self.line(self.left + indent, self.y, line, size, bold=bold)
            self.y += line_height(size)

    def heading(self, text: str, size: float = 12) -> None:
        """Write a heading that is not left alone at the foot of a page."""
        self.keep(3 * line_height(size))
        self.y += 0.4 * line_height(size)
        self.paragraph(text, size, bold=True)
        self.y += 0.2 * line_height(size)

    def opening(self) -> None:
        """The title with the site's name above, and a rule below."""
        self.paragraph(self.printing.site, 9)
        self.paragraph(self.title, 16, bold=True)
        self.rule(0.4)
        self.y += 2

    def rule(self, thickness: float = 0.15) -> None:
        """Draw a line from margin to margin."""
        self.pdf.set_line_width(thickness)
        self.pdf.line(self.left, self.y, self.right, self.y)

    def shade(self, x: float, y: float, width: float, height: float, grey: int = _GREY) -> None:
        """Fill a field, 0 black to 255 white; text is written over it."""
        self.pdf.set_fill_color(grey)
        self.pdf.rect(x, y, width, height, style="F")
        self.pdf.set_fill_color(0)

    def box(self, x: float, y: float, width: float, height: float, thickness: float = 0.3) -> None:
        """Draw an empty field: for a tick, a photograph, a note by hand."""
        self.pdf.set_line_width(thickness)
        self.pdf.rect(x, y, width, height)

    def picture(self, x: float, y: float, width: float, jpeg: bytes) -> None:
        """Put a picture there, so many mm wide, in its own proportions."""
        self.pdf.image(BytesIO(jpeg), x, y, width)

    def qr(self, x: float, y: float, side: float, data: str | bytes, error: str = "m") -> None:
        """Draw a QR code (ISO/IEC 18004) with the quiet zone of four modules inside `side` mm."""
        rows = [bytes(row) for row in segno.make_qr(data, error=error).matrix]
        module = side / (len(rows) + 8)
        self.pdf.set_fill_color(0)
        for at, row in enumerate(rows):
            for begin, end in _runs(row):
                left, top = x + (begin + 4) * module, y + (at + 4) * module
                self.pdf.rect(left, top, (end - begin) * module, module, style="F")

    def finish(self) -> Paper:
        """Write the feet, now that the number of pages is known, and close the paper."""
        pages = self.pdf.pages_count
        if self.frame.foot:
            for page in range(1, pages + 1):
                self._foot(page, pages)
        return Paper(bytes(self.pdf.output()), self.digest, pages)

    def _foot(self, page: int, pages: int) -> None:
        self.pdf.page = page
        self.pdf.current_font_is_set_on_page = False  # what was set last on this page is not known any more
        self.y = self.bottom + 1
        self.rule()
        _, printing = self._, self.printing
        by = _("Printed %(at)s by %(by)s", at=printing.moment, by=printing.by)
        size, lines = self.letters.fitted(by, self.width - 22, (_FOOT_SIZE, 6.0, 5.0), 1)
        self.block(self.left, self.y + 0.5, lines, size)
        self.line_right(self.right, self.y + 0.5, _("Page %(n)s of %(of)s", n=page, of=pages), _FOOT_SIZE)
        shown = _("Contents %(digest)s", digest=grouped(self.digest, 16))
        size, lines = self.letters.fitted(shown, self.width, (_FOOT_SIZE, 6.0, 5.0, 4.0), 1)
        self.block(self.left, self.y + 0.5 + line_height(_FOOT_SIZE), lines, size)

    def _font(self, size: float, *, bold: bool) -> None:
        self.pdf.set_font(FAMILY, "B" if bold else "", size)


def line_height(size: float) -> float:
    """How many mm one line of a size takes."""
    return size * PT * _LEADING


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark modules begin and end."""
    edges = [at for at in range(len(row) + 1) if (at < len(row) and row[at]) != (at > 0 and row[at - 1])]
    return list(zip(edges[::2], edges[1::2], strict=True))
