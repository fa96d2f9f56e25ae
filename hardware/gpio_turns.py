"""Which bolts are released until when, and which of them wait for another one to end. No I/O, no clock.

Rule 1: of the lines that must not be released at the same time one is at most, and only they ever wait.
Rule 2: who asked first is next; between two of them lies a rest, in which the coil's current dies down and
whoever secures several lines takes back what waits before it begins.
"""

from collections.abc import Collection

REST_S = 0.05


class Turns:
    """The ends of releases, by line. Times are monotonic seconds."""

    def __init__(self, one_at_a_time: Collection[str] = ()) -> None:
        self._one = frozenset(one_at_a_time)
        self._until: dict[str, float] = {}
        self._waiting: dict[str, float] = {}
        self._free_from = float("-inf")

    def released(self, line: str) -> bool:
        """Whether the line is released, or could not be bolted yet."""
        return line in self._until

    def must_wait(self, line: str, now: float) -> bool:
        """Whether a release of this line may not begin now; one that is released may always go on."""
        if line not in self._one or line in self._until:
            return False
        return self._taken() or now < self._free_from or any(other != line for other in self._waiting)

    def begin(self, line: str, until: float) -> None:
        """The line is released until then; it no longer waits."""
        self._waiting.pop(line, None)
        self._until[line] = until

    def end(self, line: str, now: float) -> None:
        """The line stands bolted; it neither is released nor waits."""
        self._waiting.pop(line, None)
        if self._until.pop(line, None) is not None and line in self._one:
            self._free_from = now + REST_S

    def wait(self, line: str, until: float) -> None:
        """The line waits for its turn, and no longer than ``until``; asked again, it keeps its place."""
        self._waiting[line] = until

    def forget(self) -> list[str]:
        """Nothing waits any more; what did."""
        waiting = list(self._waiting)
        self._waiting.clear()
        return waiting

    def overdue(self, now: float) -> list[str]:
        """What must be bolted now, the longest overdue first."""
        due = (line for line, end in self._until.items() if end <= now)
        return sorted(due, key=self._until.__getitem__)

    def missed(self, now: float) -> list[tuple[str, float]]:
        """What waited until its own end: line and end, and they wait no longer."""
        gone = [(line, end) for line, end in self._waiting.items() if end <= now]
        for line, _ in gone:
            del self._waiting[line]
        return gone

    def ready(self, now: float) -> tuple[str, float] | None:
        """Whose turn it is, and until when."""
        if self._taken() or now < self._free_from:
            return None
        return next(iter(self._waiting.items()), None)

    def wake(self) -> float | None:
        """When something of this is due next; None while nothing is."""
        turn = [self._free_from] if self._waiting and not self._taken() else []
        return min([*self._until.values(), *self._waiting.values(), *turn], default=None)

    def _taken(self) -> bool:
        return any(line in self._one for line in self._until)
