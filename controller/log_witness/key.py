"""The key a log witness cosigns with: made on its own box. Rule: never shown, never sent.

The file `cosigner.key` has mode 0600 and holds one line in the spelling of C2SP signed-note:

    PRIVATE+KEY+bank.example/witness-1+2df7abd3+BIqI...
"""

import errno
import os
import stat
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from controller.errors import FormatRefused, LogDamaged, LogExposed, LogMissing, UserMistake
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.private import private_folder, require_private, sync_folder

KEY = "cosigner.key"
_LONGEST = 1024
_REMEDY = "Put the key back from its backup; with another key this is another log witness"


def posix_seconds() -> int:
    """The time that cosignatures tell."""
    return int(time.time())


def begin_key(folder: Path, name: str, *, ml_dsa: bool = False) -> Cosigner:
    """Make the key under this name, durable before it is used; FileExistsError when there is one.

    An Ed25519 key, or with `ml_dsa` one of ML-DSA-44 (FIPS 204). The folder is made with mode 0700. Raises
    UserMistake when it cannot be written; then nothing of it is left.
    """
    private_folder(folder)
    private = MLDSA44PrivateKey.generate() if ml_dsa else Ed25519PrivateKey.generate()
    cosigner = Cosigner(name, private, posix_seconds)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(folder / KEY, flags, 0o600)
    try:
        _write(descriptor, f"{cosigner.secret_text()}\n".encode())
    except OSError as error:
        (folder / KEY).unlink()  # half a key would be in the way of the next try
        raise UserMistake(f"{folder / KEY}: the key cannot be written ({error.strerror})") from None
    sync_folder(folder)
    return cosigner


def _write(descriptor: int, octets: bytes) -> None:
    with os.fdopen(descriptor, "wb", buffering=0) as opened:
        if opened.write(octets) != len(octets):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)


def load_key(folder: Path) -> Cosigner:
    """The key of this folder.

    Raises LogMissing where there is none, LogExposed when others can touch it, LogDamaged when it is no key.
    """
    file = folder / KEY
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise LogMissing(
            f"{file}: there is no key yet; make one with `ironroom witness key --name`"
        ) from None
    except OSError as error:
        raise LogExposed(f"{file}: the key cannot be read here ({error.strerror})") from None
    with os.fdopen(descriptor, encoding="utf-8", errors="replace") as opened:
        require_private(file, "chmod 600")
        if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
            raise LogExposed(f"{file}: others can read the key: chmod 600")
        text = opened.read(_LONGEST)
    try:
        return Cosigner.parse(text.removesuffix("\n"), posix_seconds)
    except FormatRefused as error:
        raise LogDamaged(file, f"this is no cosigning key ({error})", _REMEDY) from None
