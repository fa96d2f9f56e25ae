"""Cameras that are to learn what they see, until each has said what became of it.

Rule: every order comes to one end: what the recorder says, or that it was silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from time import monotonic

LEARN_S = 50.0
"""How long a camera may take; the core waits for a minute, and would then not know why."""


class Learning:
    """Which cameras are learning, with the monotonic second until which each is waited for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until: dict[str, float] = {}

    def begin(self, cameras: Iterable[str]) -> None:
        """These are to learn from now on."""
        until = monotonic() + LEARN_S
        with self._lock:
            self._until |= dict.fromkeys(cameras, until)

    def ended(self, camera: str) -> bool:
        """The recorder has told the end of one; False when nobody had asked for it."""
        with self._lock:
            return self._until.pop(camera, None) is not None

    def overdue(self, *, gone: bool) -> list[str]:
        """Those that are waited for no longer, each told once; all of them when the recorder is ``gone``."""
        now = monotonic()
        with self._lock:
            over = sorted(camera for camera, until in self._until.items() if gone or until <= now)
            for camera in over:
                del self._until[camera]
            return over
