"""Says in time that the disk is filling up, and sees to the log's reserve. Behaviour 63.

Rule: each trouble is told once, when it begins and when it has ended; a tenth more than the limit must be
free before it has.
"""

from __future__ import annotations

from controller.core.words import Kind
from controller.disk_reserve import MB, Reserve
from controller.log_news import tell
from controller.loop import Loop


class DiskWatch:
    """Looks after every turn, which takes some microseconds, and allocates when nobody is waiting."""

    def __init__(self, loop: Loop, reserve: Reserve, announce_mb: int) -> None:
        self._loop, self._reserve, self._announce = loop, reserve, announce_mb * MB
        self._enough = self._announce + self._announce // 10

    @property
    def is_low(self) -> bool:
        """Whether the room that is announced as low has been reached."""
        return Kind.DISK_LOW in self._loop.site.state.log_troubles

    @property
    def would_stop(self) -> bool:
        """Whether the log lives on what was its reserve."""
        return not self._reserve.held

    @property
    def wanted(self) -> int:
        """Bytes that would end the trouble; 0 where there is none."""
        if self.would_stop:
            return max(0, self._reserve.enough - self._reserve.free)
        return max(0, self._enough - self._reserve.room) if self.is_low else 0

    def look(self, at: int) -> None:
        """Give the reserve up if need be, and tell what has begun or ended."""
        self._reserve.make_room()
        troubles, room = self._loop.site.state.log_troubles, self._reserve.room
        if room < self._announce and Kind.DISK_LOW not in troubles:
            tell(self._loop, at, Kind.DISK_LOW, {"free_bytes": room})
        if not self._reserve.held and Kind.RESERVE_USED not in troubles:
            tell(self._loop, at, Kind.RESERVE_USED, {"free_bytes": self._reserve.free})
        if self._reserve.held and troubles & {Kind.DISK_LOW, Kind.RESERVE_USED} and room >= self._enough:
            tell(self._loop, at, Kind.DISK_ENOUGH, {"free_bytes": room})

    def idle(self) -> None:
        """Allocate the reserve again when there is room."""
        self._reserve.take()
