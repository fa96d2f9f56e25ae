"""A small file replaced as a whole, durably. Rule: after a power cut it is the old one or the new one."""

import os
from pathlib import Path

from controller.ledger.private import sync_folder


def replace_file(file: Path, octets: bytes, mode: int = 0o600) -> None:
    """Write the bytes under this name, whole or not at all; durable on return, with exactly this mode.

    One writer at a time for a name. Raises OSError; what it left half done is not under this name.
    """
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as opened:
        os.fchmod(opened.fileno(), mode)
        opened.write(octets)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    sync_folder(file.parent)
