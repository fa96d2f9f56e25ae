"""Room time and wall clock of the running box.

Rule: room time comes from the monotonic clock and continues the log; the wall clock is only observed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from controller.core.events import ClockJumped

NOTICED_MS = 500  # smaller differences are the measuring's own


@dataclass(slots=True)
class RoomClock:
    """Room time in milliseconds since the log began; it stands still while the box is off."""

    base_ms: int = 0
    begun: float = field(default_factory=time.monotonic)

    def begin(self, base_ms: int) -> None:
        """Continue at a room time, from now on."""
        self.base_ms, self.begun = base_ms, time.monotonic()

    def now(self) -> int:
        """Room time now."""
        return self.base_ms + int((time.monotonic() - self.begun) * 1000)

    def monotonic(self, at: int) -> float:
        """Monotonic second of a room time."""
        return self.begun + (at - self.base_ms) / 1000


@dataclass(slots=True)
class ClockWatch:
    """Compares the wall clock with room time and says when it jumps."""

    offset_ms: int = 0

    def observe(self, at: int, wall_ms: int, error_ms: int = 0) -> ClockJumped | None:
        """Report a jump of the wall clock, once; the new offset counts from then on."""
        moved = wall_ms - at - self.offset_ms
        if abs(moved) < max(NOTICED_MS, error_ms):
            return None
        self.offset_ms += moved
        return ClockJumped(at, moved)


def system_wall_ms() -> int:
    """UTC milliseconds of the system clock."""
    return time.time_ns() // 1_000_000
