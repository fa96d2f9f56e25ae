"""Secrets of the box: one file each, mode 0600, in the data folder.

Rule: a secret is never in a site file, an argument, a message or the log; a wrong mode stops the start.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from controller.errors import ConfigError
from controller.ledger.private import make_folder

PEPPER = "pepper"
PEPPER_BYTES = 32
KEY_BYTES = 16


def read_secret(file: Path) -> bytes:
    """Content of a secret file that nobody else can read."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(opened.fileno())
        if status.st_mode & 0o077 or status.st_uid != os.geteuid():
            raise ConfigError(f"{file}: others can touch this secret; give it mode 0600 and its owner")
        return opened.read(1024)


def write_secret(file: Path, content: bytes) -> None:
    """Create a secret file, whole or not at all, durably, and never over another."""
    fresh = _written(file, content)
    os.link(fresh, file)
    fresh.unlink()
    flush(file.parent)


def replace_secret(file: Path, content: bytes) -> None:
    """Put a secret file in the place of another or of none; at every moment one of them is whole."""
    _written(file, content).replace(file)
    flush(file.parent)


def unfinished(file: Path) -> Path:
    """Where a secret is written before it gets its name; what a crash left there is of no use to anybody."""
    return file.with_name(f"{file.name}.new")


def _written(file: Path, content: bytes) -> Path:
    make_folder(file.parent)
    fresh = unfinished(file)
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return fresh


def flush(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def pepper(data: Path) -> bytes:
    """Key of the PIN tags, made on the box at first use."""
    file = data / PEPPER
    if not file.exists():
        write_secret(file, secrets.token_bytes(PEPPER_BYTES))
    key = read_secret(file)
    if len(key) != PEPPER_BYTES:
        raise ConfigError(
            f"{file}: {len(key)} bytes; the key of the PINs has {PEPPER_BYTES}: restore the backup"
        )
    return key
