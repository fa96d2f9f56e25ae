"""What the controller remembers of its log witnesses. Rule: every file is replaced as a whole, durably.

DATA/checkpoint.cosigned         the newest head that was cosigned: log first, then the log witnesses
DATA/witnessed/NAME.note         the newest head that NAME cosigned, with its cosignature
DATA/fraud/<time>-NAME/          ours.checkpoint, theirs.checkpoint if we have it, and said.txt
"""

from __future__ import annotations

import time
from pathlib import Path
from threading import Lock

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote
from controller.ledger.private import make_folder
from controller.ledger.replacing import replace_file

COSIGNED = "checkpoint.cosigned"
WITNESSED = "witnessed"
FRAUD = "fraud"
MOST_FRAUDS = 1000


class WitnessMemory:
    """The files beside a log; any thread may call."""

    def __init__(self, log: Path) -> None:
        """Beside the database `log`, with its mode."""
        self._log, self._data = log, log.parent
        self._one = Lock()

    def note(self, name: str) -> SignedNote | None:
        """The newest head that this log witness cosigned, None when nothing readable is remembered."""
        return _read(self._data / WITNESSED / f"{name}.note")

    def size(self, name: str, origin: str) -> int:
        """How many entries of the log of this origin it cosigned, as far as we remember; 0 for never."""
        note = self.note(name)
        try:
            head = Checkpoint.parse(note.text) if note else None
        except FormatRefused:
            return 0
        return head.size if head and head.origin == origin else 0

    def cosigned(self) -> SignedNote | None:
        """The newest cosigned head, None when there is none."""
        return _read(self._data / COSIGNED)

    def keep(self, name: str, note: SignedNote) -> None:
        """Remember what a log witness cosigned; raises OSError."""
        with self._one:
            make_folder(self._data / WITNESSED)
            replace_file(self._data / WITNESSED / f"{name}.note", note.to_bytes(), self._mode())

    def publish(self, note: SignedNote) -> None:
        """Make this the newest cosigned head; raises OSError."""
        with self._one:
            replace_file(self._data / COSIGNED, note.to_bytes(), self._mode())

    def fraud_folder(self, name: str) -> Path | None:
        """A new folder for a contradiction, None when there are too many already; raises OSError."""
        with self._one:
            make_folder(self._data / FRAUD)
            if len(list((self._data / FRAUD).iterdir())) >= MOST_FRAUDS:
                return None
            return _fresh(self._data / FRAUD, f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{name}")

    def _mode(self) -> int:
        return self._log.stat().st_mode & 0o640


def _fresh(parent: Path, name: str) -> Path:
    number = 1
    while (folder := parent / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    make_folder(folder)
    return folder


def _read(file: Path) -> SignedNote | None:
    try:
        return SignedNote.parse(file.read_bytes())
    except (OSError, FormatRefused):
        return None
