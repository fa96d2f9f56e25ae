"""Evidence that is taken away: as a register, a workbook, or the whole log as files others can check.

Rule: handed out only to whoever signed for exactly this, a little while ago, and the log says so.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.core.words import Kind
from controller.ledger.export import export
from controller.ledger.reading import LogReader
from controller.ledger.search.question import Question
from controller.ledger.sign_off import Range
from web.desk import me
from web.log import Entry, finder
from web.markup import instant
from web.review import lists
from web.review.asked import Asked
from web.review.looking import words_of

KEPT_S = 600.0
"""Seconds within which what was signed for can be fetched."""
MOST_PRINTED = 2_000
"""Rows of a printed register; more are a workbook or a folder."""
MOST_ROWS = 200_000
FORMS = ("pdf", "xlsx", "folder")


def signed_for(form: str, chosen: str, words: str, now: datetime) -> Entry | None:
    """The Entry by which this person signed for exactly this, not long ago; None where there is none."""
    mine = Question(kinds=frozenset({Kind.EVIDENCE_READ.value}), who=me().person)
    for one in finder().find(mine, limit=50, sealed=True).entries:
        at = instant(str(one["time"]))
        told = (one["what"], one.get("form"), one["filter"], words_of(one))
        if told == ("export", form, chosen, words) and at and (now - at).total_seconds() < KEPT_S:
            return one
    return None


def taken(
    asked: Asked, places: dict[str, frozenset[str]], before: int, signed: tuple[Range, ...]
) -> list[Entry]:
    """Every Entry that answers, oldest first, at most MOST_ROWS; raises UserMistake for words."""
    entries: list[Entry] = []
    end: int | None = before
    while end is not None and len(entries) < MOST_ROWS:
        page = lists.found(finder(), asked, places, end, signed, 1_000)
        entries += page.entries
        end = page.next
    return entries[:MOST_ROWS][::-1]


def folder(log_file: Path) -> Iterator[bytes]:
    """The whole log as an evidence folder (export_folder.py) in a tar file, piece by piece.

    Raises LogDamaged before the first piece, and OSError where there is no room for a copy.
    """
    with TemporaryDirectory(prefix="evidence-") as place:
        with LogReader(log_file) as reader:
            export(reader, Path(place) / "evidence", None, lambda _done, _all: None)
        yield from _packed(Path(place) / "evidence")


class _Pieces(BytesIO):
    """A file that keeps what is written until it is taken."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        written = self.getvalue()
        self.seek(0)
        self.truncate()
        return written


def _packed(place: Path) -> Iterator[bytes]:
    pieces = _Pieces()
    with tarfile.open(fileobj=pieces, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for file in sorted(place.rglob("*")):
            if file.is_file():
                tar.add(file, f"evidence/{file.relative_to(place).as_posix()}", filter=_nobodys)
                yield pieces.taken()
    yield pieces.taken()


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without names and numbers of this box's users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member
