"""Whether one device counts as there, and what is said when it does not. Rule 1: no session, no wire.

Rule 2: only an authentic answer that is no refusal is a sign of life (``alive``).
Rule 3: a loss is said once; what somebody keeps breaking is taken up more and more slowly.
"""

from __future__ import annotations

from hardware.signals import DeviceLost, Signal

LOST_AFTER = 1.2
"""Without a sign of life for so long, and after two fruitless attempts, a device is lost."""
RETRY_AFTER = 0.25
STEADY = 10.0
MOST_HOLD_OFF = 8.0
"""A session that breaks sooner than STEADY after its announcement doubles the pause before the next, up to
this: somebody who breaks sessions as fast as they are built must not fill the log."""
REPORT_AGAIN = 10.0
"""A lost device whose fault looks different now is reported anew, but not more often."""


class Presence:
    """The standing of one device. ``announced`` from the report that it is there to the end of its session.

    ``lost`` from the report of a loss to the report of the return. ``hold_off``: seconds to the next attempt.
    """

    def __init__(self, device: str, now: float) -> None:
        self._device = device
        self.begin(now)

    def begin(self, now: float) -> None:
        """Nothing known: the device has as long to come up as it would have to be lost."""
        self.announced = False
        self.hold_off = RETRY_AFTER
        self._good = self._announced_at = now
        self._failures = 0
        self._reported: DeviceLost | None = None
        self._reported_at = now

    @property
    def lost(self) -> bool:
        """True from the report of a loss to the report of the return."""
        return self._reported is not None

    def alive(self, now: float) -> None:
        """Something came that only a device which is there can say."""
        self._good, self._failures = now, 0

    def failed(self, now: float) -> bool:
        """One attempt was fruitless; True when that was one too many."""
        self._failures += 1
        return self._failures >= 2 and now >= self._good + LOST_AFTER

    def back(self, now: float) -> None:
        """The device is announced from now on."""
        self.announced, self._announced_at, self._reported = True, now, None

    def broken(self, now: float) -> None:
        """The session broke: the sooner after the announcement, the longer the pause."""
        if self.announced:
            short = now < self._announced_at + STEADY
            self.hold_off = min(2 * self.hold_off, MOST_HOLD_OFF) if short else RETRY_AFTER

    def report(self, why: str, now: float, *, suspect: bool = False) -> list[Signal]:
        """The report of a loss, unless known; a suspicion is said at once and stands until the return."""
        self.announced = False
        said = DeviceLost(self._device, f"{self._device} {why}", suspect)
        if self._reported is not None and not self._worth_saying(said, self._reported, now):
            return []
        self._reported, self._reported_at = said, now
        return [said]

    def _worth_saying(self, said: DeviceLost, before: DeviceLost, now: float) -> bool:
        if said.suspect != before.suspect:
            return said.suspect
        return said.why != before.why and now >= self._reported_at + REPORT_AGAIN
