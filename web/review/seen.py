"""Which Entries were on whose screen. Rule: only what this console showed to this session can have been seen.

Kept in memory for each session, by a digest of its token; a console that starts again has seen nothing, and
says so. The controller checks the set; that eyes were on the screen nobody can check.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256

SESSIONS = 64
MOST = 20_000
SLACK_S = 2.0
"""So far the room's clock and this computer's may differ over a session."""


class Screens:
    """What was shown and seen, session by session."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._shown: OrderedDict[str, tuple[set[int], set[int]]] = OrderedDict()
        self._mine = threading.Lock()

    def is_older(self, session_s: float) -> bool:
        """Whether a session that is so many seconds old may have seen more than is known here."""
        return session_s > time.monotonic() - self._began + SLACK_S

    def show(self, token: str, numbers: Iterable[int]) -> None:
        """Rows of these Entries go to the screen."""
        with self._mine:
            shown, _ = self._of(token)
            if len(shown) < MOST:
                shown.update(numbers)

    def see(self, token: str, numbers: Iterable[int]) -> None:
        """They were on the screen long enough; those that were never shown do not count."""
        with self._mine:
            shown, seen = self._of(token)
            seen.update(shown.intersection(numbers))

    def seen(self, token: str) -> frozenset[int]:
        """Everything seen in this session."""
        with self._mine:
            return frozenset(self._of(token)[1])

    def _of(self, token: str) -> tuple[set[int], set[int]]:
        name = sha256(token.encode()).hexdigest()
        found = self._shown.setdefault(name, (set(), set()))
        self._shown.move_to_end(name)
        while len(self._shown) > SESSIONS:
            self._shown.popitem(last=False)
        return found
