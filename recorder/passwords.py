"""Passwords of cameras: a file of the recorder's own user, whom nobody else reads.

    [camera.door]
    user = "ironroom"
    password = "…"

Rule: what stands in it is never part of a message, of an argument or of a repr.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from recorder.messages.shapes import Name, Shape

MOST_BYTES = 65_536
_PRIVATE, _LENT = 0o600, 0o440


class PasswordsError(Exception):
    """The file cannot be used; the sentence names it and what to do."""


@dataclass(frozen=True, slots=True)
class Password(Shape):
    """Of one camera."""

    user: Annotated[str, Meta(max_length=200)]
    password: Annotated[str, Meta(max_length=200)] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _File(Shape):
    camera: Annotated[Mapping[Name, Password], Meta(max_length=256)]


def read(file: Path) -> Mapping[str, Password]:
    """By camera; raises PasswordsError unless the file is ours alone and spelled as above."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise PasswordsError(f"{file} cannot be read: {error.strerror}") from None
    with open(handle, "rb") as opened:  # noqa: PTH123 - what was checked is what is read
        _check_private(file, os.fstat(handle))
        octets = opened.read(MOST_BYTES + 1)
    if len(octets) > MOST_BYTES:
        raise PasswordsError(f"{file} has more than {MOST_BYTES} bytes: it is no file of passwords")
    try:
        return _parsed(tomllib.loads(octets.decode()))
    except (ValueError, RecursionError):  # what the parser says might repeat a password
        raise PasswordsError(
            f'{file} is not spelled as it should be: write [camera.NAME], user = "…" and password = "…"'
        ) from None


def _check_private(file: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise PasswordsError(f"{file} is no file")
    # systemd.exec(5): a credential belongs to root, and an ACL, which shows as the group's right, lends it.
    lent = status.st_uid == 0 and not stat.S_IMODE(status.st_mode) & ~_LENT
    if status.st_uid != os.geteuid() and not lent:
        raise PasswordsError(
            f"{file} belongs to somebody else: make it the recorder's own with `chown`, then `chmod 600`"
        )
    if stat.S_IMODE(status.st_mode) & ~_PRIVATE and not lent:
        raise PasswordsError(f"{file} can be read by others: `chmod 600 {file}`, and change the passwords")


def _parsed(said: dict[str, Any]) -> Mapping[str, Password]:
    return _File.of({"camera": {}} | said).camera
