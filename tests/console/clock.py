"""A clock that stands still until it is moved."""

from __future__ import annotations


class Clock:
    """Seconds, or milliseconds, as the test says."""

    def __init__(self, now: int = 1_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now
