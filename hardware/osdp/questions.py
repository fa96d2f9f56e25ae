"""What to ask a device next: lamps, status, errands, else a poll. Rule 1: no session, no clock of its own.

Rule 2: whatever else there is to ask, status comes every second and a poll every tenth of one.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from hardware.osdp import lamps
from hardware.osdp.errand import Errands
from hardware.osdp.messages import IDENTITY, INPUT_STATUS, LOCAL_STATUS, POLL, Message
from hardware.signals import Lamp

if TYPE_CHECKING:
    from hardware.signals import Signal

STATUS_EVERY = 1.0
"""Cover, supply and inputs are asked for as often as this, so that a missed change heals."""
POLL_AT_LEAST = 0.1
"""Cards, keys and changes come with polls only, so that no errand may keep us from them."""


class Questions:
    """The questions of one device, in their order; ``last`` is the one now open or answered last.

    ``phase`` 0 to 1: at which part of a second its status is due, so that not all devices are asked at once.
    """

    def __init__(self, *, has_inputs: bool, phase: float = 0.0) -> None:
        self.errands = Errands()
        self.last = POLL
        self._has_inputs = has_inputs
        self._phase = phase
        self._agenda: deque[Message] = deque()
        self._lamps: deque[Lamp] = deque(maxlen=8)
        self._lamp = Lamp.IDLE
        self._status_due = self._poll_due = 0.0
        self._poll_owed = False

    def show(self, lamp: Lamp) -> None:
        """Shows the lamp at the next occasion, and again with every new session; from any thread."""
        self._lamp = lamp
        self._lamps.append(lamp)

    def begin(self, now: float) -> None:
        """A new session: ask everything that must be known before the device is believed, light its lamp."""
        self._agenda.clear()
        self._agenda.append(IDENTITY)
        self._plan_status(now)
        self._status_due -= STATUS_EVERY * self._phase
        self._lamps.clear()
        self._lamps.append(self._lamp)

    def repeat(self) -> None:
        """Asks the last question again before all others."""
        self._agenda.appendleft(self.last)

    @property
    def planned(self) -> bool:
        """True while a poll is owed: lamps or levels have come before it, or are about to."""
        return bool(self._agenda or self._lamps or self._poll_owed)

    def pressing(self, *, errands: bool) -> bool:
        """True while there is something to ask that should not wait for the next poll."""
        return self.planned or (errands and self.errands.pressing)

    def next(self, now: float, *, errands: bool) -> Message:
        """The question to ask now."""
        planned = self._planned(now)
        self.last = planned or self._errand(now, errands=errands) or POLL
        self._poll_owed = planned is not None
        if self.last == POLL:
            self._poll_due = now + POLL_AT_LEAST
        return self.last

    def heard(self, answer: Message) -> list[Signal]:
        """What an answer means to the errand now under way."""
        return self.errands.heard(self.last, answer)

    def _planned(self, now: float) -> Message | None:
        if not self._agenda and self._lamps:
            self._agenda.extend(lamps.commands(self._lamps.popleft()))
        if not self._agenda and now >= self._status_due:
            self._plan_status(now)
        return self._agenda.popleft() if self._agenda else None

    def _errand(self, now: float, *, errands: bool) -> Message | None:
        return self.errands.next() if errands and now < self._poll_due else None

    def _plan_status(self, now: float) -> None:
        self._status_due = now + STATUS_EVERY
        self._agenda.append(LOCAL_STATUS)
        if self._has_inputs:
            self._agenda.append(INPUT_STATUS)
