"""Who may touch the log's files. Law 5: the controller alone writes; others read by group, if at all.

The folder and the files in it belong to the controller's user. Nobody else may write, and nobody
outside the group may read: 0700 and 0600, or 0750 and 0640 where the console reads as its own user.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

from controller.errors import LogExposed

_OTHERS = stat.S_IWGRP | stat.S_IRWXO


def private_folder(folder: Path) -> None:
    """Make the folder with mode 0700, or check the one that is there; raises LogExposed.

    Its name survives a power cut, and so do those of folders above it that had to be made.
    """
    make_folder(folder)
    require_private(folder.resolve(), "chmod 700")


def make_folder(folder: Path) -> None:
    """Make a folder with mode 0700 and what is missing above it, durably; one that is there is left alone."""
    if not folder.parent.exists():
        make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder")
    with suppress(PermissionError):  # who may not read the one above has not made this one either
        sync_folder(folder.parent)


def private_file(file: Path) -> None:
    """Make an empty file with mode 0600 that survives a power cut, or check the one that is there."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    except FileExistsError:
        require_private(file, "chmod 600")
        return
    sync_folder(file.parent)


def let_group_read(file: Path) -> None:
    """Let the group of the folder read the database and what SQLite keeps beside it, and nothing else there.

    SQLite gives the files that it makes later the mode of the database (pragma journal_mode, "WAL").
    """
    file.parent.chmod(stat.S_IMODE(file.parent.stat().st_mode) | stat.S_IRGRP | stat.S_IXGRP)
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            beside = file.with_name(file.name + suffix)
            beside.chmod(stat.S_IMODE(beside.stat().st_mode) | stat.S_IRGRP)


def unwaiting(path: str, flags: int) -> int:
    """An opener for small files beside the log: a pipe of that name holds up nobody, it is an empty file."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def sync_folder(folder: Path) -> None:
    """Make the names of the folder's files durable; raises OSError, which SQLite ignores here."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_again(file: Path) -> None:
    """Write the bytes of a file over themselves, durably; raises OSError.

    After a sync that failed, the kernel goes on showing what it could not write, and no later sync writes
    it either. What is to be replayed from such a file must first be made true.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        at = 0
        while some := os.pread(descriptor, 1 << 20, at):
            at += os.pwrite(descriptor, some, at)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_private(path: Path, remedy: str) -> None:
    """Raise LogExposed unless the path is ours and nobody else's, with the command that puts it right."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise LogExposed(f"{path} is a symbolic link; the log's files must be where they seem to be")
    if status.st_uid != os.geteuid():
        raise LogExposed(f"{path} belongs to user {status.st_uid}, the controller runs as {os.geteuid()}")
    if status.st_mode & _OTHERS:
        raise LogExposed(f"{path} has mode {stat.S_IMODE(status.st_mode):04o}, others can touch it: {remedy}")
