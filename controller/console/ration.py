"""How much of the log one person may fill through the console. Rule: a flood of words fills no disk.

Whatever somebody asks for, looks at or is refused stands in the log, for good. A console that was taken over,
or somebody with a script, could ask a thousand times a second; so each person has a purse that is full at
first and fills again slowly. What a guard needs in danger is paid out of a purse of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType

from controller.console.refusals import NoError
from controller.core.words import Reason

ORDINARY, URGENT, SIGNING_IN = "ordinary", "urgent", "signing in"
MOST_PURSES = 4_096


@dataclass(frozen=True, slots=True)
class Purse:
    """``full``: how many in a row; ``each_s``: seconds until there is one more."""

    full: int
    each_s: float


PURSES: Mapping[str, Purse] = MappingProxyType(
    {ORDINARY: Purse(600, 1.0), URGENT: Purse(120, 1.0), SIGNING_IN: Purse(200, 15.0)}
)
DANGER = frozenset({"lockdown", "take_alarm", "acknowledge"})


def purse_of(asking: str) -> str:
    """Which purse an Asking is paid from."""
    return URGENT if asking in DANGER else ORDINARY


class Ration:
    """Everybody's purses; ``now`` is a monotonic second. Forgotten when the controller is started anew."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._lock = now, Lock()
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def require(self, person: str, purse: str) -> None:
        """Pay one; raises NoError ``too_many`` where nothing is left."""
        size, key, now = PURSES[purse], (person, purse), self._now()
        with self._lock:
            full_at = max(now, self._full_at.get(key, now)) + size.each_s
            if full_at - now > size.full * size.each_s:
                raise NoError(Reason.TOO_MANY)
            self._full_at[key] = full_at
            self._full_at.move_to_end(key)
            while len(self._full_at) > MOST_PURSES:
                self._full_at.popitem(last=False)
