"""What a log witness remembers: the last head it cosigned of every log, and all that contradicted it.

Rule 1: a head is durable here before its cosignature leaves the house. Rule 2: evidence is never replaced.

    seen/<SHA-256 of the origin>.checkpoint          the head with the log's signature and our cosignature
    conflicts/<kind>-<origin>-<head>/cosigned.checkpoint    what was cosigned last when …
    conflicts/<kind>-<origin>-<head>/shown.checkpoint       … this was shown, signed by the log
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from controller.errors import FormatRefused, LogDamaged
from controller.ledger.formats.note import SignedNote
from controller.ledger.private import make_folder, private_folder
from controller.ledger.replacing import replace_file
from controller.log_witness.judge import Conflict

MOST_CONFLICTS = 256
"""So many of one kind and log are kept, the first ones: a stolen key cannot fill the disk with them."""

_SHOWN = "shown.checkpoint"
_REMEDY = "Restore the folder of the log witness; it must not begin anew, or a log could be put back unseen"


class Pair(NamedTuple):
    """Two signed heads that do not go together, and the folder that holds both files."""

    kind: Conflict
    folder: Path
    cosigned: SignedNote
    shown: SignedNote


class Memory:
    """The folder of a log witness; one thread at a time calls."""

    def __init__(self, folder: Path) -> None:
        """Open or make the folder, mode 0700; raises LogExposed when others can touch it."""
        private_folder(folder)
        self._seen, self._conflicts = folder / "seen", folder / "conflicts"
        for one in (self._seen, self._conflicts):
            make_folder(one)

    def last(self, origin: str) -> SignedNote | None:
        """The head of this log that was cosigned last, None when never; LogDamaged when it is unreadable."""
        return self.by_digest(digest(origin))

    def by_digest(self, name: str) -> SignedNote | None:
        """As `last`, for the SHA-256 of an origin in lowercase hexadecimal digits."""
        file = self._seen / f"{name}.checkpoint"
        return _note(file) if file.exists() else None

    def keep(self, origin: str, note: SignedNote) -> None:
        """Remember a cosigned head, durably; raises OSError, after which nothing more may be cosigned."""
        replace_file(self._seen / f"{digest(origin)}.checkpoint", note.to_bytes())

    def all(self) -> Iterator[SignedNote]:
        """The head cosigned last of every log."""
        for file in sorted(self._seen.glob("*.checkpoint")):
            yield _note(file)

    def keep_conflict(self, kind: Conflict, origin: str, cosigned: SignedNote, shown: SignedNote) -> None:
        """Keep two heads as evidence, once each."""
        start = f"{kind}-{digest(origin)[:16]}-"
        folder = self._conflicts / f"{start}{sha256(shown.text.encode()).hexdigest()[:32]}"
        kept = len(list(self._conflicts.glob(f"{start}*")))
        if (folder / _SHOWN).exists() or kept >= MOST_CONFLICTS:
            return
        make_folder(folder)
        replace_file(folder / "cosigned.checkpoint", cosigned.to_bytes())
        replace_file(folder / _SHOWN, shown.to_bytes())

    def conflicts(self) -> Iterator[Pair]:
        """All evidence, by kind and log."""
        for folder in sorted(self._conflicts.iterdir()):
            shown = folder / _SHOWN
            if shown.exists():  # a power cut may have left the first of the two files alone
                kind = Conflict(folder.name.split("-")[0])
                yield Pair(kind, folder, _note(folder / "cosigned.checkpoint"), _note(shown))


def digest(origin: str) -> str:
    """The name of a log's file: SHA-256 of its origin."""
    return sha256(origin.encode()).hexdigest()


def _note(file: Path) -> SignedNote:
    try:
        return SignedNote.parse(file.read_bytes())
    except (OSError, FormatRefused) as error:
        raise LogDamaged(file, f"what was cosigned last cannot be read ({error})", _REMEDY) from None
