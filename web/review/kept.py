"""What the review remembers of the log, so that a million Entries are not read for every page.

Rule: only what a log never takes back: signed sets grow, keys are added. Brought up to date by the counter.
Beside that the newest verification, which says when it was.
"""

from __future__ import annotations

import threading

from flask import current_app

from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_trail import KEY_KINDS
from controller.ledger.reading import LogReader
from controller.ledger.sign_off import Range, signed_before
from controller.ledger.signed_head import log_keys
from web.log import reader
from web.review.verifying import Checked

_NEW_SETS = "SELECT 1 FROM entry WHERE n >= ? AND kind = 'signed_off' LIMIT 1"
_NEW_KEYS = "SELECT 1 FROM entry WHERE n >= ? AND kind IN (?, ?, ?) LIMIT 1"


class Kept:
    """Ranges that were signed off, keys of the log, where each queue begins, the newest verification."""

    def __init__(self) -> None:
        self._signed: tuple[Range, ...] = ()
        self._signed_upto = self._keys_upto = 0
        self._keys: list[VerifierKey] = []
        self._begins: dict[str, int] = {}
        self.checked: Checked | None = None
        self._mine = threading.Lock()

    def signed(self, log: LogReader) -> tuple[Range, ...]:
        """Everything that was signed off, by anybody; raises LogDamaged."""
        with self._mine:
            size = log.count()
            if size < self._signed_upto or log.fetch(_NEW_SETS, (self._signed_upto,)):  # or put back
                self._signed = signed_before(log)
            self._signed_upto = size
            return self._signed

    def keys(self, log: LogReader) -> list[VerifierKey]:
        """The log's keys; raises LogDamaged, and UserMistake where none is known."""
        with self._mine:
            size = log.count()
            if (
                not self._keys
                or size < self._keys_upto
                or log.fetch(_NEW_KEYS, (self._keys_upto, *KEY_KINDS))
            ):
                self._keys = log_keys(log)
            self._keys_upto = size
            return self._keys

    def begin(self, only: str) -> int:
        """A counter before which nothing of that loudness waits."""
        return self._begins.get(only, 0)

    def begins(self, only: str, n: int) -> None:
        """Nothing of that loudness waits before counter ``n``."""
        self._begins[only] = max(n, self.begin(only))


def kept() -> Kept:
    """What this console remembers."""
    found: Kept = current_app.extensions.setdefault("review", Kept())
    return found


def signed_ranges() -> tuple[Range, ...]:
    """Everything that was signed off."""
    return kept().signed(reader())
