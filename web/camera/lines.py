"""From what an OCR wrote to lines of a machine-readable zone: lengths and signs. Rule: no digit is guessed.

Only where the standard allows nothing but digits is a letter read as the digit it looks like, and check
digits judge it afterwards; only where it allows nothing but letters, a digit as the letter. In the number one
O or Q may be meant as 0: both are offered, and its check digit tells them apart, as 24 and 26 times 7, 3 or 1
never end in 0. Runs of fillers, which an OCR miscounts, are brought to the line's length: 44, 36 or 30 signs
(ICAO 9303 parts 4, 6 and 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FORMS = ((2, 44), (2, 36), (3, 30))
_SLACK = 6  # so many fillers may be too many or too few
_SHORTEST = min(width for _, width in _FORMS) - _SLACK
_STRANGE = re.compile(r"[^A-Z0-9<]")
_DIGIT_LIKE = str.maketrans("OQDIZSB", "0001258")
_LETTER_LIKE = str.maketrans("01258", "OIZSB")
_NO_OPTION = re.compile(r"^(.{28})<{5,}[OQD0]*([0-9OQD])$")
"""A passport's second line without optional data: its check digit may be a filler (part 4, 4.2.2)."""
_DIGITS = {  # (lines, line): the places that hold digits or fillers alone
    (2, 1): (9, *range(13, 20), *range(21, 28)),
    (3, 1): (*range(7), *range(8, 15), 29),
}
_LETTERS = {  # the places that hold letters or fillers alone
    (2, 0): (0, *range(2, 44)),
    (2, 1): (10, 11, 12, 20),
    (3, 0): (0, 2, 3, 4),
    (3, 1): (7, 15, 16, 17),
    (3, 2): tuple(range(30)),
}
_LAST = {44: (43,), 36: (35,)}  # the composite check digit of a second line


def candidates(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of lines in a text that can be a zone, brought to its form; the judge decides."""
    rows = [row for row in map(_signs, text.splitlines()) if len(row) >= _SHORTEST]
    for count, width in _FORMS:
        for at in range(len(rows) - count + 1):
            shaped = [_shaped(row, n, count, width) for n, row in enumerate(rows[at : at + count])]
            if all(shaped):
                yield from _with_zero(tuple(shaped), (count, width))


def _with_zero(lines: tuple[str, ...], form: tuple[int, int]) -> Iterator[tuple[str, ...]]:
    """The lines as they are, and with the one O or Q in the number read as 0."""
    yield lines
    row, place = (0, slice(5, 14)) if form[0] == 3 else (1, slice(0, 9))
    number = lines[row][place]
    if number.count("O") + number.count("Q") == 1:
        better = lines[row].replace(number, number.replace("O", "0").replace("Q", "0"), 1)
        yield (*lines[:row], better, *lines[row + 1 :])


def _signs(line: str) -> str:
    return _STRANGE.sub("", line.upper().replace("«", "<<"))


def _shaped(row: str, n: int, count: int, width: int) -> str:
    """One line of a zone of so many lines of a width, or nothing when it cannot be one."""
    if n == (0 if count == 2 else 2):
        row = re.sub(r"<{4,}.*", "<<<<", row)  # behind a name stand fillers alone, whatever was seen in them
        row = row.ljust(width, "<") if row.endswith("<") else row
    if (width, n) == (44, 1):
        row = _NO_OPTION.sub(rf"\1{'<' * 15}\2", row)
    row = _of_width(row, width)
    digits = (*_DIGITS.get((count, n), ()), *(_LAST.get(width, ()) if n else ()))
    row = "".join(sign.translate(_DIGIT_LIKE) if at in digits else sign for at, sign in enumerate(row))
    letters = _LETTERS.get((count, n), ())
    return "".join(sign.translate(_LETTER_LIKE) if at in letters else sign for at, sign in enumerate(row))


def _of_width(row: str, width: int) -> str:
    missing = width - len(row)
    if missing == 0:
        return row
    runs = sorted(re.finditer("<{2,}", row), key=lambda run: run.end() - run.start())
    if abs(missing) > _SLACK or not runs or runs[-1].end() - runs[-1].start() + missing < 1:
        return ""
    begin, end = runs[-1].span()
    return row[:begin] + "<" * (end - begin + missing) + row[end:]
