"""Letters on paper: the two fonts, how wide a text is, where a line ends. Rule: nothing given is left out.

A sign that the fonts do not have, or that has no look (controls, directions), is shown by its number, as
U+202E in angle brackets.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from controller.errors import IronroomError

FAMILY = "papers"
PT = 25.4 / 72
"""Millimetres of one point."""

_FOLDER = Path("/usr/share/fonts/opentype/noto")  # Debian's fonts-noto-cjk
_FILES = {"": _FOLDER / "NotoSansCJK-Regular.ttc", "B": _FOLDER / "NotoSansCJK-Bold.ttc"}
_SIMPLIFIED = 2  # the collection's face for Simplified Chinese
_CUT = 200  # signs of a line that is cut; none is that long on paper
_NEVER_FIRST = frozenset("，。、；：？！）》」』】〉”’…—·,.;:?!)]}%％")  # noqa: RUF001
_NEVER_LAST = frozenset("（《「『【〈“‘([{")  # noqa: RUF001
_WIDE = ("W", "F")  # East Asian width (Unicode UAX 11): a line may end beside such a sign
_LOOKLESS = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


class FontMissingError(IronroomError):
    """The fonts for papers are not installed; on Debian they are the package fonts-noto-cjk."""


@dataclass(frozen=True)
class Lettering:
    """The fonts of one paper, and what they measure."""

    pdf: FPDF

    def load(self) -> None:
        """Put both weights into the paper; raises FontMissingError."""
        for style, file in _FILES.items():
            if not file.is_file():
                raise FontMissingError(f"the font {file} is not installed (package fonts-noto-cjk)")
            self.pdf.add_font(FAMILY, style, file, collection_font_number=_SIMPLIFIED)

    def close(self) -> None:
        """Let the font files go; nothing more can be written or measured."""
        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a line is, in mm, at a size in points."""
        widths = self._font(bold=bold).cw
        return sum([widths[ord(sign)] for sign in text]) * size * PT / 1000

    def legible(self, text: str) -> str:
        """The text with every sign that would not be seen written as its number; line feeds stay."""
        known = self._known
        whole = unicodedata.normalize("NFC", text)
        if all(sign in known for sign in whole):
            return whole
        return "".join(sign if sign in known or self._seen(sign) else _number(sign) for sign in whole)

    def lines(self, text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
        """The text as lines no wider than `width` mm; every sign of it is in one of them, but for spaces."""
        found: list[str] = []
        for part in self.legible(text).split("\n"):
            found += _filled(list(_pieces(part)), width, lambda line: self.width(line, size, bold=bold))
        return found

    def fitted(
        self, text: str, width: float, sizes: tuple[float, ...], most: int, *, bold: bool = False
    ) -> tuple[float, list[str]]:
        """The largest of `sizes` at which the text takes so many lines at most; at the last it is cut."""
        for size in sizes:
            lines = self.lines(text, size, width, bold=bold)
            if len(lines) <= most:
                return size, lines
        rest = " ".join(lines[most - 1 :])[:_CUT]
        return size, [*lines[: most - 1], self._cut(rest, size, width, bold=bold)]

    def _cut(self, line: str, size: float, width: float, *, bold: bool) -> str:
        while line and self.width(line + "…", size, bold=bold) > width:
            line = line[:-1]
        return line + "…"

    def _font(self, *, bold: bool) -> TTFFont:
        font = self.pdf.fonts[FAMILY + ("B" if bold else "")]
        assert isinstance(font, TTFFont)
        return font

    @cached_property
    def _known(self) -> set[str]:
        return {"\n"}

    def _seen(self, sign: str) -> bool:
        has_look = unicodedata.category(sign) not in _LOOKLESS
        if seen := has_look and ord(sign) in self._font(bold=False).cmap:
            self._known.add(sign)
        return seen


def _number(sign: str) -> str:
    return f"‹U+{ord(sign):04X}›"  # noqa: RUF001


def _pieces(text: str) -> Iterator[str]:
    """The shortest runs between which a line may end."""
    run = ""
    for sign in text:
        if run and _may_part(run[-1], sign):
            yield run
            run = ""
        run += sign
    if run:
        yield run


def _may_part(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or after == " ":
        return False
    if before in " -/":
        return True
    return any(unicodedata.east_asian_width(sign) in _WIDE for sign in (before, after))


def _filled(pieces: list[str], width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line, taken = [], "", 0.0
    for piece in pieces:
        if taken + measure(piece.rstrip()) <= width:
            line, taken = line + piece, taken + measure(piece)
            continue
        if line:
            lines.append(line.rstrip())
        *whole, line = _broken(piece, width, measure)
        lines, taken = lines + whole, measure(line)
    return [*lines, line.rstrip()]


def _broken(piece: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """A piece that is wider than a line, sign by sign."""
    if measure(piece.rstrip()) <= width:
        return [piece]
    parts = [""]
    for sign in piece:
        if parts[-1] and measure(parts[-1] + sign) > width:
            parts.append("")
        parts[-1] += sign
    return parts
