"""The site key on the box: where it lies, and how two people bring it there.

Rule 1: it lies in ``badges.key`` of the data folder, mode 0600, and in no backup: the two halves are the
backup. Rule 2: it is in force only when the log says that two people entered it; the log holds its check
value alone. Rule 3: a crash in the middle leaves the old key or the new one, whichever the log names.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from controller.errors import ConfigError
from controller.key_halves import half_of, joined
from controller.keys import flush, read_secret, unfinished, write_secret
from hardware.credentials.site_keys import SITE_KEY_BYTES, SiteKeys

KEY = "badges.key"
FRESH = "badges.key.entered"

Agree = Callable[[str], bool]
"""Asks the log whether the key of this check value may come into force; True when that is durable.

Raises when nobody answers: then nobody knows."""


class BadgeKeys:
    """The site key in force, for every reader of the box; ``entered`` is called when one comes into force."""

    def __init__(self, data: Path, entered: Callable[[], None] | None = None) -> None:
        self._entered = entered
        self._file, self._fresh = data / KEY, data / FRESH
        self._turn = Lock()
        self._keys: SiteKeys | None = None

    def current(self) -> SiteKeys | None:
        """The keys in force; None before two people have entered a site key. From any thread."""
        return self._keys

    def settle(self, check: str) -> bool:
        """At a start: take the file whose check value the log names, ``check``, and put the other away.

        False when the log names a key that is in neither file: then no badge can be proved.
        """
        for file in (self._fresh, self._file):
            found = _keys_in(file)
            if check and found is not None and found.check_value == check:
                self._keys = found
                if file is self._fresh:
                    file.replace(self._file)
        for rest in (self._fresh, unfinished(self._fresh)):
            rest.unlink(missing_ok=True)
        return self._keys is not None or not check

    def enter(self, halves: tuple[str, str], agree: Agree) -> str:
        """Bring a key into force from its two halves; its check value, or "" when it was not agreed to.

        Raises WrongHalf. The key is on disk before anybody is asked, and in force only after.
        """
        keys = SiteKeys(joined(half_of(halves[0]), half_of(halves[1])))
        with self._turn:
            self._fresh.unlink(missing_ok=True)
            write_secret(self._fresh, keys.secret)
            if not agree(keys.check_value):  # where nobody answers it stays, and the next start decides
                self._fresh.unlink()
                return ""
            self._fresh.replace(self._file)
            flush(self._file.parent)
            self._keys = keys
        if self._entered:
            self._entered()
        return keys.check_value


def check_of(halves: tuple[str, str]) -> str:
    """Check value of the key that two halves make, by which people tell it; raises WrongHalf."""
    return SiteKeys(joined(half_of(halves[0]), half_of(halves[1]))).check_value


def _keys_in(file: Path) -> SiteKeys | None:
    try:
        secret = read_secret(file)
    except FileNotFoundError:
        return None
    if len(secret) != SITE_KEY_BYTES:
        raise ConfigError(f"{file}: {len(secret)} bytes; enter both halves again (ironroom badge key enter)")
    return SiteKeys(secret)
