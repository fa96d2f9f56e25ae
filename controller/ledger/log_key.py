"""The key that signs the log's heads: made on the box, in a file of its own. Rule: never shown, never sent.

The file `log.key` beside custody.db has mode 0600 and the log's owner, and holds one line in the
spelling of C2SP signed-note, section "Ed25519 signatures":

    PRIVATE+KEY+bank.example/vault-1+530bd27f+AeBy...

`log.key.next` is the key of a rotation that has not come to its end: whichever of the two signed the
newest head is the right one, and the other goes.
"""

import os
from pathlib import Path
from typing import Protocol

from controller.errors import FormatRefused, LogDamaged, LogExposed
from controller.ledger.formats.signer import Ed25519Signer, Signer
from controller.ledger.private import require_private, sync_folder

KEY = "log.key"
NEXT = "log.key.next"
_LONGEST = 1024

_REMEDY = "Put the key back from the backup; without it nothing more can be signed under the log's name"


def begin_key(folder: Path, origin: str, name: str = KEY) -> Ed25519Signer:
    """Make a new key under the log's name, durable before it is used; FileExistsError if there is one."""
    signer = Ed25519Signer.generate(origin)
    fresh = folder / f"{name}.new"  # a key has its name only when it is whole: the power may go at any moment
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(signer.secret_text() + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    (folder / name).hardlink_to(fresh)
    fresh.unlink()
    sync_folder(folder)
    return signer


def load_key(folder: Path, name: str = KEY) -> Ed25519Signer | None:
    """The key kept in this folder, None where there is none.

    Raises LogExposed when others can touch it, LogDamaged when it is no key.
    """
    file = folder / name
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LogExposed(f"{file}: the log's key cannot be read here ({error.strerror})") from None
    with os.fdopen(descriptor, encoding="ascii", errors="replace") as opened:
        require_private(file, "chmod 600")
        if os.fstat(opened.fileno()).st_mode & 0o077:
            raise LogExposed(f"{file}: others can read the log's key: chmod 600")
        text = opened.read(_LONGEST)
    try:
        return Ed25519Signer.parse(text.removesuffix("\n"))
    except FormatRefused as error:
        raise LogDamaged(file, f"this is no signing key ({error})", _REMEDY) from None


class KeyStore(Protocol):
    """Where a log's key is kept: a file, a PKCS#11 token; one interface for all that a log needs of it."""

    def current(self) -> Signer | None:
        """The key that signs, None where there never was one."""

    def begin(self, origin: str) -> Signer:
        """A first key for a new log of that name."""

    def begin_next(self) -> Signer:
        """A key for a rotation, kept beside the current one until `settle`."""

    def settle(self, signed_by: bytes) -> None:
        """End a rotation, also one that a power cut interrupted: that key stays which signed last."""


class FileKeys:
    """The key in the file log.key of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self) -> Signer | None:
        """The key in log.key."""
        return load_key(self._folder)

    def begin(self, origin: str) -> Signer:
        """Make log.key."""
        return begin_key(self._folder, origin)

    def begin_next(self) -> Signer:
        """Make log.key.next, over one that never came to sign."""
        current = load_key(self._folder)
        if current is None:
            raise FileNotFoundError(self._folder / KEY)
        (self._folder / NEXT).unlink(missing_ok=True)
        return begin_key(self._folder, current.vkey.name, NEXT)

    def settle(self, signed_by: bytes) -> None:
        """Let log.key.next take its place if it signed last, or go."""
        coming = load_key(self._folder, NEXT)
        if coming is None:
            return
        if coming.vkey.key_id == signed_by:
            (self._folder / NEXT).replace(self._folder / KEY)
        else:
            (self._folder / NEXT).unlink()
        sync_folder(self._folder)
