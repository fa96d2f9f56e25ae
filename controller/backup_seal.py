"""Sealing with age: who may open a backup, and the streams through it.

Format: age-encryption.org/v1, recipients of type X25519 (`age1…`), read and written by pyrage; Debian's
`age` reads and writes the same. Rule: the box knows recipients only; an identity is read from a file or
from standard input, and never from an argument, the environment or the site file. age proves nobody's
authorship: who may write a backup's folder can put another file there, so a restored log is judged by
its own signatures.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import pyrage
from pyrage import x25519

from controller.errors import LogExposed, RestoreRefused, UserMistake

LONGEST = 65_536
STDIN = "-"


class Source(Protocol):
    """Where bytes come from."""

    def read(self, most: int, /) -> bytes:
        """At most so many, none at the end."""


class Target(Protocol):
    """Where bytes go."""

    def write(self, octets: bytes, /) -> Any:
        """All of them."""


class Watched:
    """A stream that remembers what went wrong in it, and the SHA-256 of what was read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.fault: BaseException | None = None
        self.digest = sha256()

    def read(self, most: int = LONGEST) -> bytes:
        """Read from the stream."""
        try:
            octets: bytes = self._stream.read(most)
        except BaseException as fault:
            self.fault = fault
            raise
        self.digest.update(octets)
        return octets

    def write(self, octets: bytes) -> int:
        """Write to the stream."""
        try:
            self._stream.write(octets)
        except BaseException as fault:
            self.fault = fault
            raise
        return len(octets)

    def flush(self) -> None:
        """Nothing is kept back here."""


def recipients(texts: Sequence[str]) -> list[Any]:
    """Recipients out of their spellings; UserMistake, which never repeats what was given."""
    if not texts:
        raise UserMistake(
            "a backup needs a recipient: --recipient age1…, or a line in the file backup.recipients; "
            "`age-keygen -o key.age` makes one, away from this box"
        )
    try:
        return [x25519.Recipient.from_str(text) for text in dict.fromkeys(texts)]
    except pyrage.RecipientError:
        raise UserMistake(
            "a recipient is age1… and 58 more letters (X25519); what was given is none, and if it was "
            "AGE-SECRET-KEY-…, that key has been shown and is to be replaced"
        ) from None


def recipients_of(file: Path) -> list[str]:
    """Recipients in a file, one a line, # for remarks; none where there is no file.

    LogExposed where others could add themselves.
    """
    try:
        status = file.stat()
        lines = file.read_text(encoding="utf-8")[:LONGEST].splitlines()
    except FileNotFoundError:
        return []
    except ValueError:
        raise UserMistake(f"{file}: recipients are text, one a line") from None
    if status.st_mode & 0o022:
        raise LogExposed(f"{file}: others could add themselves as recipients: chmod 600")
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def identities(file: str) -> list[Any]:
    """Identities in a key file of age, or from standard input for "-"; UserMistake, which repeats nothing."""
    if file == STDIN:
        text = sys.stdin.read(LONGEST)
    else:
        try:
            status = Path(file).stat()
            text = Path(file).read_text(encoding="utf-8")[:LONGEST]
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise UserMistake(f"{file}: the identity cannot be read ({why})") from None
        if status.st_mode & 0o077:
            raise LogExposed(
                f"{file}: others can read this identity: chmod 600, or give it with `--identity -`"
            )
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        found = [x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise UserMistake(f"{file}: no identity of age (AGE-SECRET-KEY-…, one a line)")
    return found


def seal(source: Source, target: Target, to: Sequence[Any]) -> None:
    """Encrypt a stream; raises what source or target raised."""
    reading, writing = Watched(source), Watched(target)
    try:
        pyrage.encrypt_io(reading, writing, list(to))
    except pyrage.EncryptError as error:
        raise (reading.fault or writing.fault or UserMistake(f"age refuses to encrypt ({error})")) from None


def unseal(source: Source, target: Target, by: Sequence[Any]) -> str:
    """Decrypt a stream to its authenticated end and answer the SHA-256 of the sealed bytes.

    Before it returns, nothing that was written is to be believed: only then is it whole. Raises what source
    or target raised, RestoreRefused for damage and for an identity that it is not sealed for.
    """
    reading, writing = Watched(source), Watched(target)
    try:
        pyrage.decrypt_io(reading, writing, list(by))
    except (pyrage.DecryptError, OSError) as error:
        if fault := reading.fault or writing.fault:
            raise fault from None
        if "No matching keys" in str(error):
            raise RestoreRefused("the backup is sealed for another identity than the one given") from None
        raise RestoreRefused("the backup is damaged or cut short: its seal does not hold") from None
    return reading.digest.hexdigest()
