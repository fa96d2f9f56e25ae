"""When a form was first sent: sent again it says the same. Rule: kept as long as the controller keeps keys.

A visit that begins "now" would else begin at another moment each time, and would be another visit.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from flask import current_app

KEPT_MS = 600_000
MOST = 1_024


class Begun:
    """The first moment of each key, in milliseconds of the room's clock."""

    def __init__(self) -> None:
        self._first: OrderedDict[str, int] = OrderedDict()
        self._mine = threading.Lock()

    def first(self, key: str, now: int) -> int:
        """When ``key`` came first, ``now`` for a new one; one that is "" is always new."""
        if not key:
            return now
        with self._mine:
            for old in [k for k, then in self._first.items() if not now - KEPT_MS < then <= now]:
                del self._first[old]
            while len(self._first) >= MOST and key not in self._first:
                self._first.popitem(last=False)
            return self._first.setdefault(key, now)


def begun(key: str, now: int) -> int:
    """When a form with this key was first sent to this console."""
    kept: Begun = current_app.extensions.setdefault("begun", Begun())
    return kept.first(key, now)
