"""A slip on paper (SVG, A6 or A5) and in a terminal. Rule: draws what it is given, in millimetres of A6.

Text sizes are chosen for copying by hand in poor light: the code stands 6 mm high, the root 4.4 mm. The QR
code (ISO/IEC 18004, level M) keeps its quiet zone of four modules.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from textwrap import wrap
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

import segno

from controller.ledger.slip import Slip
from controller.slip_words import Words

PAPERS = {"a6": (105, 148), "a5": (148, 210)}
_WIDTH, _HEIGHT = PAPERS["a6"]
_LEFT, _QR, _QUIET = 8.0, 50.0, 4
_SANS = "'DejaVu Sans','Noto Sans CJK SC','Noto Sans SC',sans-serif"
_MONO = "'DejaVu Sans Mono','Noto Sans Mono CJK SC',monospace"


def svg(slip: Slip, words: Words, paper: str) -> str:
    """The slip as an SVG of that paper's size; black on white, for any printer."""
    wide, high = PAPERS[paper]
    size = f'width="{wide}mm" height="{high}mm" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        *_texts(slip, words),
        *_below(slip, words),
        "</svg>",
    ]
    return "".join(f"{line}\n" for line in lines)


def plain(slip: Slip, words: Words) -> str:
    """The slip as text of at most 80 columns, with the QR code in block letters."""
    rows = [
        (words.origin, slip.head.origin),
        (words.entries, _spaced(slip.head.size)),
        (words.time, _seconds(slip.time)),
        (words.code, slip.code),
        *[(words.root if at == 0 else "", "  ".join(row)) for at, row in enumerate(slip.root_groups)],
        *[(words.cosigned if at == 0 else "", one) for at, one in enumerate(_cosigners(slip, words))],
    ]
    width = max(_columns(label) for label, _ in rows) + 2
    lines = [words.title, "", *(_padded(label, width) + value for label, value in rows), ""]
    return "\n".join([*lines, *_blocks(slip), "", words.how, ""])


def _texts(slip: Slip, words: Words) -> Iterator[str]:
    yield _text(_LEFT, 11, 4.6, words.title, bold=True)
    yield _line(_LEFT, 13.5, _WIDTH - _LEFT)
    y = 18.0
    for label, lines in (
        (words.origin, _wrapped(slip.head.origin)),
        (words.entries, [_spaced(slip.head.size)]),
        (words.time, [_seconds(slip.time)]),
    ):
        yield _text(_LEFT, y, 2.6, label)
        for number, one in enumerate(lines):
            yield _text(34, y + 4.2 * number, 3.6, one, mono=True)
        y += 4.2 * len(lines) + 1.4
    yield _text(_LEFT, y + 2.4, 2.6, words.code)
    yield _text(_LEFT, y + 9.2, 6.6, slip.code, mono=True, bold=True)
    yield _text(_LEFT, y + 15, 2.6, words.root)
    for number, row in enumerate(slip.root_groups):
        for column, group in enumerate(row):
            yield _text(_LEFT + 22.5 * column, y + 20.6 + 6 * number, 4.4, group, mono=True)


def _below(slip: Slip, words: Words) -> Iterator[str]:
    top, left = _HEIGHT - _QR - 6, _LEFT - 2  # the quiet zone reaches into the margin
    yield from _code(slip, left, top)
    right = left + _QR + 2
    yield _text(right, top + 5.5, 2.6, words.cosigned)
    shown = _cosigners(slip, words)
    for number, one in enumerate(shown[:4]):
        name, _, at = one.partition("  ")
        yield _text(right, top + 9.5 + 6.4 * number, 2.3, _cut(name, 28), mono=True)
        yield _text(right, top + 12.3 + 6.4 * number, 2.2, at, mono=True)
    for label, y in ((words.written, _HEIGHT - 21.5), (words.guard, _HEIGHT - 10.5)):
        yield _line(right, y, _WIDTH - _LEFT)
        yield _text(right, y + 3.2, 2.4, label)
    yield _text(_LEFT, _HEIGHT - 4, 2.2, words.how)


def _code(slip: Slip, x: float, y: float) -> Iterator[str]:
    """The QR code in a square of `_QR` millimetres, quiet zone included, as one path of dark runs."""
    rows = _matrix(slip)
    unit = _QR / (len(rows) + 2 * _QUIET)
    runs: list[str] = []
    for down, row in enumerate(rows):
        start = None
        for across, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                runs.append(f"M{start} {down}h{across - start}v1h-{across - start}z")
                start = None
    shift = f"translate({x + _QUIET * unit:.3f} {y + _QUIET * unit:.3f}) scale({unit:.5f})"
    yield f'<path transform="{shift}" shape-rendering="crispEdges" d="{"".join(runs)}"/>'


def _blocks(slip: Slip) -> Iterator[str]:
    """Two rows of the QR code a line; a dark module is ink."""
    rows = _matrix(slip)
    edge = [[0] * len(rows[0])]
    padded = edge * 2 + rows + edge * (2 + len(rows) % 2)
    for at in range(0, len(padded), 2):
        pairs = zip(padded[at], padded[at + 1], strict=True)
        yield ("    " + "".join(" ▄▀█"[2 * upper + lower] for upper, lower in pairs)).rstrip()


def _matrix(slip: Slip) -> list[list[int]]:
    code = segno.make(slip.qr_text, error="m", micro=False, boost_error=False)
    return [[int(bool(module)) for module in row] for row in code.matrix]


def _cosigners(slip: Slip, words: Words) -> list[str]:
    def at(seconds: int) -> str:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(min(seconds, 2**37)))

    return [f"{one.name}  {at(one.at)}" for one in slip.cosigners] or [words.nobody]


def _text(x: float, y: float, size: float, words: str, *, mono: bool = False, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    font = _MONO if mono else _SANS
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}"'
    return f'<text {place} font-family="{font}"{weight} xml:space="preserve">{escape(words)}</text>'


def _line(x: float, y: float, to: float) -> str:
    return f'<path d="M{x:.1f} {y:.1f}H{to:.1f}" stroke="black" stroke-width="0.2"/>'


def _wrapped(origin: str) -> list[str]:
    lines = wrap(origin, 29)
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2][:-1]}…"]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _seconds(stamp: str) -> str:
    """An Entry's time for people: 2026-03-02 01:00:00."""
    return stamp[:19].replace("T", " ")


def _spaced(size: int) -> str:
    return f"{size:,}".replace(",", "\N{NO-BREAK SPACE}")


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(label: str, width: int) -> str:
    return label + " " * (width - _columns(label))
