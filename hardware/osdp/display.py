"""Text on the display of an OSDP device: its command, its capability, and pages. Rule 1: data only, no state.

Rule 2: a display is told printable ASCII and nothing else; any other character of a text becomes "?".
Rule 3: every row is written whole, with blanks behind its words, so that nothing old stays beside it.
OSDP v2.2 section 6.12 (osdp_TEXT); rows and columns count from 1, and nothing is wrapped by the device::

    reader 0 | 1 for good, 3 for a time | seconds | row | column | length | text, 20 to 7E

What is shown for a time gives way to what is there for good. Annex B, function 6 of osdp_PDCAP: what kind of
display there is, 1 to 3 for 1, 2 or 4 rows of 16 characters, and how many displays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardware.osdp.messages import Command, MalformedError, Message

FOR_GOOD, FOR_A_TIME = 1, 3
"""Text commands; 2 and 4 are the same with wrapping."""
TEXT_OUTPUT = 6
ROWS_TOLD = {1: 1, 2: 2, 3: 4}
"""Rows by compliance; the standard leaves what is above open, and that is believed to suffice."""
MOST_ROWS, MOST_COLUMNS = 4, 40
LONGEST_TIME = 255
PIECE = 16
"""Characters in one command; a longer one would hold up a badge on a slow line (these take 49 ms at 9600)."""
HEAD = 6
BLANK, LAST = 0x20, 0x7E
UNKNOWN = "?"

Page = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Display:
    """The display of a device: 1 to 4 rows of 8 to 40 characters. Raises ValueError for another one."""

    rows: int = 2
    columns: int = 16

    def __post_init__(self) -> None:
        if not 1 <= self.rows <= MOST_ROWS or not 8 <= self.columns <= MOST_COLUMNS:
            raise ValueError(f"a display of {self.rows} rows of {self.columns} characters")

    @property
    def blank(self) -> Page:
        """A page with nothing on it."""
        return ("",) * self.rows

    def pages(self, text: str) -> tuple[Page, ...]:
        """A text as it is shown: lines of the text begin a row, words are wrapped, long ones are cut."""
        rows = [row for line in text.split("\n") for row in self._wrapped(printable(line))]
        return tuple(tuple(rows[at : at + self.rows]) for at in range(0, len(rows), self.rows))

    def commands(self, page: Page, for_s: int = 0) -> tuple[Message, ...]:
        """The osdp_TEXTs that write every row of a page, for 1 to 255 seconds; 0: for good."""
        rows = [row.ljust(self.columns) for row in (*page, *self.blank)[: self.rows]]
        return tuple(
            text_command(number, at + 1, row[at : at + PIECE], for_s)
            for number, row in enumerate(rows, 1)
            for at in range(0, self.columns, PIECE)
        )

    def _wrapped(self, line: str) -> Iterable[str]:
        row = ""
        for word in line.split():
            if row and len(row) + 1 + len(word) > self.columns:
                yield row
                row = ""
            row = f"{row} {word}" if row else word
            while len(row) > self.columns:
                yield row[: self.columns]
                row = row[self.columns :]
        if row:
            yield row


@dataclass(frozen=True, slots=True)
class Text:
    """What one osdp_TEXT says; ``for_s`` 0: for good."""

    row: int
    column: int
    text: str
    for_s: int


def printable(text: str) -> str:
    """The text in characters that every display has; each other one is a question mark."""
    return "".join(one if BLANK <= ord(one) <= LAST else UNKNOWN for one in text)


def text_command(row: int, column: int, text: str, for_s: int = 0) -> Message:
    """The osdp_TEXT for a piece of a row; ValueError for a place or a time that it cannot say, or no text."""
    if not 1 <= row <= 255 or not 1 <= column <= 255 or not 0 <= for_s <= LONGEST_TIME:
        raise ValueError(f"text in row {row}, column {column} for {for_s} s")
    if not 0 < len(text) <= 255:
        raise ValueError(f"a text of {len(text)} characters")
    said = printable(text).encode("ascii")
    return Message(
        Command.TEXT, bytes([0, FOR_A_TIME if for_s else FOR_GOOD, for_s, row, column, len(said)]) + said
    )


def text_of(data: bytes) -> Text:
    """What the data of an osdp_TEXT says; MalformedError for what ``text_command`` does not write."""
    if len(data) <= HEAD or len(data) != HEAD + data[5] or data[0] != 0 or 0 in data[3:5]:
        raise MalformedError(f"text of {len(data)} bytes")
    if data[1] not in {FOR_GOOD, FOR_A_TIME} or (data[1] == FOR_A_TIME) != bool(data[2]):
        raise MalformedError("a text command")
    if not all(BLANK <= one <= LAST for one in data[HEAD:]):
        raise MalformedError("a text with characters that are none")
    return Text(data[3], data[4], data[HEAD:].decode("ascii"), data[2])
