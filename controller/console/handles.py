"""What a browser was asked and has not answered yet. Rule: each counts once, and not for long."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

LASTS_S = 180.0
MOST = 4_096


class Handles:
    """Challenges by handle; ``now`` is a monotonic second."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._lock = now, Lock()
        self._open: OrderedDict[str, tuple[float, str, Any]] = OrderedDict()

    def give(self, purpose: str, what: Any, handle: str = "") -> str:
        """A handle for something that is asked, a fresh one unless it is named."""
        handle = handle or secrets.token_urlsafe(24)
        with self._lock:
            self._open[handle] = (self._now() + LASTS_S, purpose, what)
            while len(self._open) > MOST:
                self._open.popitem(last=False)
        return handle

    def take(self, handle: str, purpose: str) -> Any | None:
        """What was asked, once; None when it was answered, for another purpose, or too long ago."""
        with self._lock:
            until, why, what = self._open.pop(handle, (0.0, "", None))
        return what if why == purpose and self._now() < until else None
