"""The key that signs the log's heads: made on the box, in a file of its own. Rule: never shown, never sent.

The file `log.key` beside custody.db has mode 0600 and the log's owner, and holds one line in the
spelling of C2SP signed-note, section "Ed25519 signatures":

    PRIVATE+KEY+bank.example/vault-1+530bd27f+AeBy...

Where the key is in a token, log.key says which (key_places.py).
`log.key.next` is the key of a rotation that has not come to its end: whichever of the two signed the
newest head is the right one, and the other goes.
"""

import os
from pathlib import Path
from typing import Protocol

from controller.errors import FormatRefused, LogDamaged, LogExposed
from controller.ledger.formats.signer import Ed25519Signer, Signer
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.private import require_private, sync_folder

KEY = "log.key"
NEXT = "log.key.next"
_LONGEST = 2048

_REMEDY = "Put the key back from the backup; without it nothing more can be signed under the log's name"


def begin_key(folder: Path, origin: str, name: str = KEY) -> Ed25519Signer:
    """Make a new key under the log's name, durable before it is used; FileExistsError if there is one."""
    signer = Ed25519Signer.generate(origin)
    write_key(folder, name, signer.secret_text() + "\n")
    return signer


def write_key(folder: Path, name: str, text: str) -> None:
    """Write a file that only we may read, durably, whole or not at all; FileExistsError if there is one."""
    fresh = folder / f"{name}.new"
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(text.encode())
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(fresh, folder / name)
    finally:
        fresh.unlink()
    sync_folder(folder)


def load_key(folder: Path, name: str = KEY) -> Ed25519Signer | None:
    """The key kept in this folder, None where there is none.

    Raises LogExposed when others can touch it, LogDamaged when it is no key.
    """
    text = read_key(folder, name)
    return None if text is None else parse_key(folder / name, text)


def read_key(folder: Path, name: str = KEY) -> str | None:
    """What a key's file says, None where there is none; raises LogExposed when others can touch it."""
    file = folder / name
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LogExposed(f"{file}: the log's key cannot be read here ({error.strerror})") from None
    with os.fdopen(descriptor, encoding="utf-8", errors="replace", newline="") as opened:
        require_private(file, "chmod 600")
        if os.fstat(opened.fileno()).st_mode & 0o077:
            raise LogExposed(f"{file}: others can read the log's key: chmod 600")
        return opened.read(_LONGEST)


def parse_key(file: Path, text: str) -> Ed25519Signer:
    """The key that such a file holds; raises LogDamaged, and shows nothing of it, when it is none."""
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
        return self._load(KEY)

    def begin(self, origin: str) -> Signer:
        """Make log.key."""
        return self._make(KEY, origin)

    def begin_next(self) -> Signer:
        """Make log.key.next, over one that never came to sign."""
        current = self._vkey(KEY)
        if current is None:
            raise FileNotFoundError(self._folder / KEY)
        if self._vkey(NEXT) is not None:
            self._leave(NEXT)
            (self._folder / NEXT).unlink()
        return self._make(NEXT, current.name)

    def settle(self, signed_by: bytes) -> None:
        """Let log.key.next take its place if it signed last, or go."""
        coming = self._vkey(NEXT)
        if coming is None:
            return
        if coming.key_id == signed_by:
            self._leave(KEY)
            (self._folder / NEXT).replace(self._folder / KEY)
        else:
            self._leave(NEXT)
            (self._folder / NEXT).unlink()
        sync_folder(self._folder)

    def _load(self, name: str) -> Signer | None:
        return load_key(self._folder, name)

    def _vkey(self, name: str) -> VerifierKey | None:
        key = load_key(self._folder, name)
        return None if key is None else key.vkey

    def _make(self, name: str, origin: str) -> Signer:
        return begin_key(self._folder, origin, name)

    def _leave(self, name: str) -> None:
        """Destroy what a key's file stands for, before the file itself goes."""
