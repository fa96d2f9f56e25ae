"""Which logs are witnessed: a text file of their verifier keys. Rule: read again whenever it changes.

One key a line; `#` begins a remark. A log's origin is its key's name. While a key changes both stand there:

    # vault of the head office, from its contract
    bank.example/vault-1+530bd27f+AeBy...
"""

import os
import sys
from pathlib import Path
from threading import Lock

from controller.errors import FormatRefused, LogExposed, LogUnreadable
from controller.ledger.formats.verifier_key import ED25519, VerifierKey
from controller.ledger.private import require_private

LOGS = "logs.txt"
LARGEST = 1 << 20

Keys = dict[str, tuple[VerifierKey, ...]]


class Trusted:
    """The keys of the trusted logs by origin; a file that went wrong leaves those that were good."""

    def __init__(self, file: Path) -> None:
        """Read the file, an absent one is an empty one; raises FormatRefused, LogExposed, LogUnreadable."""
        self.file = file
        self._lock = Lock()
        self._signature: tuple[int, int, int] | None = None
        self._keys: Keys = {}
        self._read_again(_signature(file))

    def of(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys that may sign heads of this origin, none for an unknown one."""
        with self._lock:
            return self._now().get(origin, ())

    def origins(self) -> list[str]:
        """The origins that are trusted now."""
        with self._lock:
            return sorted(self._now())

    def _now(self) -> Keys:
        signature = _signature(self.file)
        if signature != self._signature:
            try:
                self._read_again(signature)
            except (FormatRefused, LogExposed, LogUnreadable) as error:
                self._signature = signature
                sys.stderr.write(f"{error}; the logs trusted before still are\n")
        return self._keys

    def _read_again(self, signature: tuple[int, int, int] | None) -> None:
        self._keys = _parsed(self.file) if signature else {}
        self._signature = signature


def _signature(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _parsed(file: Path) -> Keys:
    keys: Keys = {}
    for number, line in enumerate(_text(file).splitlines(), 1):
        spelled = line.split("#")[0].strip()
        if not spelled:
            continue
        try:
            vkey = VerifierKey.parse(spelled)
        except FormatRefused as error:
            raise FormatRefused(f"{file}, line {number}: {error}") from None
        if vkey.algorithm != ED25519:
            raise FormatRefused(f"{file}, line {number}: this is the key of a log witness and of no log")
        keys[vkey.name] = (*keys.get(vkey.name, ()), vkey)
    return keys


def _text(file: Path) -> str:
    require_private(file, "chmod 600")
    try:
        with file.open("rb") as opened:
            octets = opened.read(LARGEST + 1)
        if len(octets) > LARGEST:
            raise LogUnreadable(f"{file}: longer than {LARGEST} bytes")
        return octets.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise LogUnreadable(f"{file}: the list of trusted logs cannot be read ({error})") from None


def begin_list(folder: Path) -> Path:
    """The list in this folder, made empty with mode 0600 where there is none."""
    file = folder / LOGS
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
    return file
