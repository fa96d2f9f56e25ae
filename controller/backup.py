"""One backup: copied at one moment, verified, sealed, read back from its medium, and only then named.

Rule 1: the door never waits: the log is read like any reader reads it. Rule 2: what is in the folder under
its name is whole; a medium that goes away or is full leaves nothing, and no file is ever written over.
Rule 3: the signing key never goes along: whoever holds a backup could forge with it (docs/why.md).

How it is verified without an identity: besides the recipients, the file is sealed for one more, whose
identity is made for this run, lives in this process' memory alone, and ends with it. With it the file is
decrypted from the medium to its authenticated end, and each member has the SHA-256 that went in; the
log in it is the copy that was verified just before.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import Any

from pyrage import x25519

from controller import backup_manifest
from controller.backup_manifest import MANIFEST, About
from controller.backup_parts import LOCK, parts, snapshot
from controller.backup_seal import Watched, seal, unseal
from controller.backup_tar import Digests, Packed, Unpacker
from controller.errors import BackupFailed, IronroomError, RestoreRefused
from controller.ledger.private import sync_folder

PART = ".ironroom-backup.part"
RESERVE = 67_108_864
"""Bytes that a backup leaves free on the box's own disk: the last of the room belongs to the log."""


@dataclass(frozen=True, slots=True)
class Done:
    """A backup that is on its medium, and the older ones that went for it."""

    file: Path
    about: About
    gone: tuple[str, ...]


def back_up(data: Path, folder: Path, recipients: Sequence[Any], keep: int = 0) -> Done:
    """Back up the log in ``data`` into a folder; with ``keep`` only that many of this log stay there.

    Raises BackupFailed with what to do, LogDamaged when the log itself does not verify.
    """
    with _alone(data / LOCK, data), _spoken(folder), _alone(None, folder):
        manifest = backup_manifest.load(folder / MANIFEST)
        with snapshot(data, RESERVE) as copied:
            packed = Packed(parts(data, copied))
            file = folder / copied.name
            if file.exists():
                raise BackupFailed(f"{file} is there already; a backup is never written over another")
            sha, size = _written(file, packed, recipients)
        about = copied.about(file.name, sha, size)
        grown = manifest.grown(about, copied.erased)
        old = _surplus(grown, about, keep)
        try:
            backup_manifest.save(folder / MANIFEST, grown.without(old))
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        for name in old:
            (folder / name).unlink(missing_ok=True)
        return Done(file, about, old)


def _written(file: Path, packed: Packed, recipients: Sequence[Any]) -> tuple[str, int]:
    """Seal into a file under another name, read that back, and give it its own; its SHA-256 and size."""
    once = x25519.Identity.generate()
    fresh = file.with_name(PART)
    fresh.unlink(missing_ok=True)
    try:
        descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as opened:
            seal(packed, _Whole(opened.fileno()), [*recipients, once.to_public()])
            os.fsync(opened.fileno())
            # What is read back must come from the medium, as far as the kernel can be asked for that.
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            opened.seek(0)
            size = os.fstat(opened.fileno()).st_size
            sha = _read_back(opened, size, once, packed.digests)
        _publish(fresh, file)
    finally:
        with suppress(OSError):  # the medium may be gone, and the file with it
            fresh.unlink(missing_ok=True)
    return sha, size


class _Whole:
    """Writes all bytes to a descriptor, however few the system takes at once."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, octets: bytes) -> int:
        at = 0
        while at < len(octets):
            at += os.write(self._descriptor, octets[at:])
        return at


def _read_back(opened: Any, size: int, once: Any, digests: Digests) -> str:
    unpacker = Unpacker(size, lambda _name, _size: len)
    try:
        sha = unseal(Watched(opened), unpacker, [once])
        if unpacker.finish() == digests:
            return sha
    except RestoreRefused as error:
        raise BackupFailed(f"what was written does not read back: {error}; use another medium") from None
    raise BackupFailed("what was written reads back as something else; use another medium")


def _publish(fresh: Path, file: Path) -> None:
    """Give a file its name, durably, and never another's."""
    try:
        os.link(fresh, file)
    except FileExistsError:
        raise BackupFailed(f"{file} is there already; a backup is never written over another") from None
    except OSError:  # FAT and exFAT have no links; whoever keeps to the folder's lock is alone here
        if file.exists():
            raise BackupFailed(f"{file} is there already; a backup is never written over another") from None
        fresh.rename(file)
    sync_folder(file.parent)


def _surplus(manifest: backup_manifest.Manifest, newest: About, keep: int) -> tuple[str, ...]:
    """The oldest backups of this log beyond ``keep``, never the newest."""
    ours = [one.file for one in manifest.backups if one.origin == newest.origin and one.file != newest.file]
    return tuple(ours[: max(0, len(ours) - (keep - 1))]) if keep else ()


@contextmanager
def _alone(lock: Path | None, folder: Path) -> Iterator[None]:
    """One backup at a time, of a box and into a folder."""
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW if lock else os.O_RDONLY | os.O_DIRECTORY
        descriptor = os.open(lock or folder, flags | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        raise BackupFailed(f"{folder}: there is no such folder; is the disk in place?") from None
    except NotADirectoryError:
        raise BackupFailed(f"{folder}: this is no folder; name the one that takes the backups") from None
    except OSError as error:
        raise BackupFailed(f"{folder}: it cannot be opened ({error.strerror})") from None
    try:
        with suppress(_NoLocks):
            _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


class _NoLocks(Exception):  # noqa: N818 - it is no error
    """The file system has no locks."""


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupFailed(f"{folder}: another backup is being written; wait for its end") from None
    except OSError as error:
        raise _NoLocks from error


@contextmanager
def _spoken(folder: Path) -> Iterator[None]:
    """Whatever the system says of a medium, as a sentence."""
    try:
        yield
    except IronroomError:
        raise
    except OSError as error:
        if error.errno in {ENOSPC, EDQUOT, EFBIG}:
            raise BackupFailed(
                f"{folder}: there is no room left; nothing was kept, make room there"
            ) from error
        if not folder.is_dir():
            raise BackupFailed(f"{folder}: the medium went away; nothing was kept, put it back in") from error
        why = error.strerror or str(error)
        raise BackupFailed(f"{folder}: the backup could not be written ({why}); nothing was kept") from error
