"""How well a bus works, in figures. Rule 1: numbers and names only, no keys, no cards.

Rule 2: counting costs next to nothing and reading may happen on any thread: whole numbers that only grow,
and a list of fixed length.
"""

from __future__ import annotations

from dataclasses import dataclass

ANSWERS = 256


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """One device on a bus, counted since the bus was made; times in milliseconds over the last 256 answers.

    ``identity`` is who it said it is in its newest session, "" before the first. ``pending``: it answers to
    a key that it was given and that is not confirmed. ``malformed``: authentic replies that made no sense.
    """

    device: str
    address: int
    announced: bool
    identity: str
    pending: bool
    pairing: bool
    polls: int
    retries: int
    naks: int
    sessions: int
    malformed: int
    answer_p50_ms: float
    answer_p99_ms: float


@dataclass(frozen=True, slots=True)
class BusHealth:
    """One bus: its serial device and speed, bytes heard that belonged to no frame, and its devices."""

    port: str
    baud: int
    rubbish: int
    devices: tuple[DeviceHealth, ...]


class Tally:
    """What is counted of one device; ``took`` in seconds."""

    def __init__(self) -> None:
        self.polls = self.retries = self.naks = self.sessions = 0
        self._times = [0.0] * ANSWERS
        self._count = 0

    def took(self, seconds: float) -> None:
        """An answer came after so long."""
        self._times[self._count % ANSWERS] = seconds
        self._count += 1

    def answer_ms(self) -> tuple[float, float]:
        """Median and 99th percentile of the last answer times; zeros before the first."""
        times = sorted(self._times[: min(self._count, ANSWERS)])
        if not times:
            return 0.0, 0.0
        return 1000 * times[len(times) // 2], 1000 * times[len(times) * 99 // 100]
