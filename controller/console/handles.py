"""What a browser was asked and has not answered yet. Rule: each counts once, and not for long.

Whoever nobody knows may ask for as many challenges of a sign-in as they like: those of one purpose make room
for each other alone, so that a flood of them takes no signature from anybody.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from threading import Lock
from typing import Any

LASTS_S = 180.0
MOST = 65_536
"""Of one purpose: about 30 MB at the worst, and more than a minute of what a console can be asked for."""


class Handles:
    """Challenges by handle; ``now`` is a monotonic second."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._lock = now, Lock()
        self._open: defaultdict[str, OrderedDict[str, tuple[float, Any]]] = defaultdict(OrderedDict)

    def give(self, purpose: str, what: Any, handle: str = "") -> str:
        """A handle for something that is asked, a fresh one unless it is named."""
        handle = handle or secrets.token_urlsafe(24)
        with self._lock:
            given, now = self._open[purpose], self._now()
            given[handle] = (now + LASTS_S, what)
            given.move_to_end(handle)
            while len(given) > MOST or next(iter(given.values()))[0] <= now:
                given.popitem(last=False)
        return handle

    def take(self, handle: str, purpose: str) -> Any | None:
        """What was asked for a purpose, once; None when it was answered, or too long ago."""
        with self._lock:
            until, what = self._open[purpose].pop(handle, (0.0, None))
        return what if self._now() < until else None
