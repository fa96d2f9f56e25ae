"""An exported log as a folder of static files: their names, and how they are made durable. Rule: no log here.

Specification: C2SP tlog-tiles; what it does not name is ours, and no foreign verifier looks at it.

    checkpoint            the signed head that everything else belongs to; written last
    checkpoint.cosigned   an older head of the same log with its cosignatures, where the newest has none yet
    tile/…                tiles and entry bundles of exactly that tree (formats/tiles.py)
    minimum-index         a decimal: entries before it may be missing (tlog-tiles, "Pruning")
    policy                who is trusted (formats/policy.py), as the log's owner says it
    disclosures.jsonl     {"digest": …, "disclosure": …} a line (disclosures.py), only where asked for
    pictures/SHA256       pictures that entries name by this digest, in hexadecimal
    README.txt            what to do with all this
    UNFINISHED            there while an export is being written, or was interrupted: run it again
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from controller.errors import LogDamaged, UserMistake
from controller.ledger.private import make_folder, sync_folder

CHECKPOINT, COSIGNED, POLICY, README = "checkpoint", "checkpoint.cosigned", "policy", "README.txt"
MINIMUM, DISCLOSURES, UNFINISHED = "minimum-index", "disclosures.jsonl", "UNFINISHED"
PICTURES, TILES = "pictures", "tile"

LONGEST = {
    CHECKPOINT: 512 * 1024,
    COSIGNED: 512 * 1024,
    POLICY: 2 * 1024 * 1024,
    MINIMUM: 32,
    TILES: 256 * (2 + 65_535),
}
"""Bytes after which a file is not read on."""

ASK_AGAIN = "Keep the folder as it is as evidence, and ask for a new export"

_PIECE = 1 << 20
_LONGEST_NAME = 200


def is_export(folder: Path) -> bool:
    """Whether a folder looks like an export, or like the beginning of one."""
    return any((folder / name).is_file() for name in (CHECKPOINT, UNFINISHED))


def read(folder: Path, name: str, longest: int) -> bytes:
    """The bytes of a file; raises LogDamaged when it is missing, longer, no plain file, or unreadable."""
    file = folder / name
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise LogDamaged(file, "this is no plain file", ASK_AGAIN)
            octets = opened.read(longest + 1)
    except FileNotFoundError:
        raise LogDamaged(file, "it is missing", ASK_AGAIN) from None
    except OSError as error:
        raise LogDamaged(file, f"it cannot be read ({error.strerror})", ASK_AGAIN) from None
    if len(octets) > longest:
        raise LogDamaged(file, f"it has more than {longest} bytes", ASK_AGAIN)
    return octets


def plain_files(folder: Path) -> Iterator[str]:
    """The names of all files below a folder; raises LogDamaged at anything but folders and plain files."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(folder / below) as found:
                listed = list(found)
        except OSError as error:  # folders inside each other without end, too
            wrong = f"the folder cannot be read ({error.strerror})"
            raise LogDamaged(folder / below[:_LONGEST_NAME], wrong, ASK_AGAIN) from None
        for one in listed:
            name = f"{below}/{one.name}" if below else one.name
            if one.is_dir(follow_symlinks=False):
                waiting.append(name)
            elif one.is_file(follow_symlinks=False):
                yield name
            else:
                raise LogDamaged(folder / name, "an export holds folders and plain files only", ASK_AGAIN)


class FolderWriter:
    """Writes files into one folder, mode 0600; nothing is durable before `sync`.

    Files that are there are never written over, unless `again`: an export that was interrupted.
    """

    def __init__(self, folder: Path, *, again: bool = False) -> None:
        self.folder = folder
        self._again = again
        self._files: list[Path] = []
        self._folders: dict[Path, None] = {}

    def write(self, name: str, octets: bytes) -> None:
        """Write a new file; raises UserMistake where there is one already."""
        with os.fdopen(self._open(name), "wb") as opened:
            opened.write(octets)

    def copy(self, name: str, source: Path) -> None:
        """Write a new file with the bytes of another."""
        with source.open("rb") as reading, os.fdopen(self._open(name), "wb") as opened:
            while piece := reading.read(_PIECE):
                opened.write(piece)

    def replace(self, name: str, octets: bytes) -> None:
        """Write a file, over an older one too, whole or not at all, durably on return."""
        fresh = self.folder / f"{name}.new"
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(octets)
            opened.flush()
            os.fsync(descriptor)
        fresh.replace(self.folder / name)
        sync_folder(self.folder)

    def sync(self) -> None:
        """Make everything written so far durable, names included; raises OSError."""
        for file in self._files:
            descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        for folder in reversed(self._folders):
            sync_folder(folder)
        self._files.clear()

    def _open(self, name: str) -> int:
        file = self.folder / name
        self._make(file.parent)
        kind = os.O_TRUNC if self._again else os.O_EXCL
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | kind, 0o600)
        except FileExistsError:
            raise UserMistake(f"{file}: it is there already, and nothing is written over") from None
        self._files.append(file)
        return descriptor

    def _make(self, folder: Path) -> None:
        if folder in self._folders:
            return
        if folder != self.folder:
            self._make(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
        else:
            make_folder(folder)
        self._folders[folder] = None
