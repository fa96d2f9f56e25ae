"""One peripheral as the panel deals with it: when to ask, what to ask, when it is lost. Rule 1: sans-I/O.

The caller says what time it is (seconds of any steady clock), sends what ``ask`` gives, and brings back
either the frames heard from this address (``hear``) or the fact that none came in time (``miss``).
Rule 2: only an authentic answer that is no refusal proves that the device is there.
Rule 3: what a device saved up while nobody listened is old: cards and keys count only after it has told
everything and answered a poll with "nothing new".
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from hardware.osdp import lamps
from hardware.osdp.messages import INPUT_STATUS, LOCAL_STATUS, POLL, Message, Reply, refusal
from hardware.osdp.secure import SecureError
from hardware.osdp.session import Heard, Session
from hardware.osdp.watch import Watch
from hardware.signals import DeviceBack, DeviceLost, Lamp, Signal

if TYPE_CHECKING:
    from hardware.osdp.codec import Frame
    from hardware.osdp.peripheral import Peripheral

POLL_EVERY = 0.020
REPLY_TIME = 0.200
"""What the standard grants a peripheral for its answer (OSDP v2.2 section 5)."""
GLANCE = 0.050
"""What a peripheral that is lost gets, so that a dead one costs the others next to nothing."""
LOST_AFTER = 1.2
"""Without an authentic answer for so long, and after two fruitless attempts, a peripheral is lost."""
PROBE_EVERY = 0.4
RETRY_AFTER = 0.25
STEADY = 10.0
MOST_HOLD_OFF = 8.0
"""A session that breaks sooner than STEADY after its announcement doubles the pause before the next, up to
this: somebody who breaks sessions as fast as they are built must not fill the log."""
BUSY_PAUSE = 0.1
STATUS_EVERY = 1.0
"""Cover and inputs are asked for as often as this, so that a missed change heals."""
REPORT_AGAIN = 10.0
"""A lost device whose fault looks different now is reported anew, but not more often."""
STALE_POLLS = 32
"""So many polls may bring old news before the device counts as back in any case."""


class Engine:
    """The exchange with one peripheral. ``due`` is when to ask next; ``waiting`` while an answer may come.

    ``announced`` from the report that the device is there to the end of its session.
    """

    def __init__(self, peripheral: Peripheral, now: float) -> None:
        self.address = peripheral.address
        self._peripheral = peripheral
        self._watch = Watch(peripheral.device, peripheral.inputs)
        self._question = POLL
        self._agenda: deque[Message] = deque()
        self._lamps: deque[Lamp] = deque(maxlen=8)
        self._lamp = Lamp.IDLE
        self._stale = 0
        self.begin(now)

    def begin(self, now: float) -> None:
        """Starts from nothing known; the device has as long to come up as it would have to be lost."""
        self.due = now
        self.waiting = False
        self._session: Session | None = None
        self._good = self._status_due = now
        self._failures = 0
        self._hold_off = RETRY_AFTER
        self._announced_at = now
        self.announced = False
        self._reported: tuple[str, float] | None = None

    @property
    def lost(self) -> bool:
        """True from the report of a loss to the report of the return."""
        return self._reported is not None

    @property
    def patience(self) -> float:
        """How long an answer to the question just asked may take, in seconds."""
        greeting = self._session is None or self._session.greeting
        return GLANCE if self.lost and greeting else REPLY_TIME

    def show(self, lamp: Lamp) -> None:
        """Shows the lamp at the next occasion, and again after the device was away; from any thread."""
        self._lamp = lamp
        self._lamps.append(lamp)

    def ask(self, now: float) -> bytes:
        """The frame to send now: the open question again, or the next one."""
        self.due = now + POLL_EVERY
        self.waiting = True
        if self._session is None:
            self._session = Session(self.address, self._peripheral.key)
        if not self._session.waiting:
            self._question = self._next(now)
            self._session.ask(self._question)
        return self._session.wire

    def hear(self, frame: Frame, now: float) -> list[Signal]:
        """Takes a reply frame of this address, expected or not."""
        if self._session is None:
            return []
        try:
            heard = self._session.hear(frame)
        except SecureError as error:
            return self._end(str(error), now)
        if isinstance(heard, Message):
            return self._answered(heard, now)
        return self._went_on(heard, self._session, now)

    def miss(self, now: float) -> list[Signal]:
        """No answer came in time."""
        if self.lost and self._session is not None and self._session.greeting:
            # The greeting stays open until the next probe: an answer that comes late still brings it back.
            self.waiting, self.due = False, now + PROBE_EVERY
            return self._report("does not answer", now)
        # Not before the others had their turn: they have been waiting as long as this one was silent.
        return self._failed("does not answer", now, now + POLL_EVERY)

    def lose(self, why: str, now: float) -> list[Signal]:
        """Ends the session, if any, and reports the device lost, unless that is known already."""
        self._session, self.announced, self.waiting = None, False, False
        self.due = now + RETRY_AFTER
        return self._report(why, now)

    def _report(self, why: str, now: float) -> list[Signal]:
        if self._reported and (self._reported[0] == why or now < self._reported[1] + REPORT_AGAIN):
            return []
        self._reported = why, now
        return [DeviceLost(self._peripheral.device, f"{self._peripheral.device} {why}")]

    def _next(self, now: float) -> Message:
        if not self._agenda and self._lamps:
            self._agenda.extend(lamps.commands(self._lamps.popleft()))
        if not self._agenda and now >= self._status_due:
            self._plan_status(now)
        return self._agenda.popleft() if self._agenda else POLL

    def _plan_status(self, now: float) -> None:
        self._status_due = now + STATUS_EVERY
        self._agenda.append(LOCAL_STATUS)
        if self._peripheral.inputs:
            self._agenda.append(INPUT_STATUS)

    def _went_on(self, heard: Heard, session: Session, now: float) -> list[Signal]:
        match heard:
            case Heard.NOTHING:
                return []
            case Heard.STEP:
                return self._stepped(session, now)
            case Heard.BUSY:
                return self._failed("is busy and does nothing else", now, now + BUSY_PAUSE)
            case Heard.DOUBT:
                return self._failed("answers in clear text only", now, self.due)

    def _stepped(self, session: Session, now: float) -> list[Signal]:
        self.waiting, self.due = False, now
        if self.lost:
            self._good, self._failures = now, 0
        if session.established:
            self._stale = 0
            self._agenda.clear()
            self._plan_status(now)
            self._lamps.clear()
            self._lamps.append(self._lamp)
        return []

    def _answered(self, answer: Message, now: float) -> list[Signal]:
        if answer.code == Reply.NAK:
            signals = self._watch.refused(self._question)
            why = f"refuses what it is asked ({refusal(answer.data)})"
            return self._heeded(signals) + self._failed(why, now, self.due)
        self.waiting, self._good, self._failures = False, now, 0
        if self._agenda or self._lamps:
            self.due = now
        signals = self._heeded(self._watch.note(answer))
        return signals if self.announced else self._announce(answer, now)

    def _heeded(self, signals: list[Signal]) -> list[Signal]:
        """Before the announcement everything is kept by the watch and nothing passed on."""
        return signals if self.announced else []

    def _announce(self, answer: Message, now: float) -> list[Signal]:
        self._stale += self._question == POLL
        nothing_new = self._question == POLL and answer.code == Reply.ACK
        if not nothing_new and self._stale <= STALE_POLLS:
            return []
        self.announced, self._announced_at, self._reported = True, now, None
        return [DeviceBack(self._peripheral.device), *self._watch.all()]

    def _end(self, why: str, now: float) -> list[Signal]:
        """A session that lived and broke is a loss at once; a first handshake that failed is tried again."""
        if self.announced:
            short = now < self._announced_at + STEADY
            self._hold_off = min(2 * self._hold_off, MOST_HOLD_OFF) if short else RETRY_AFTER
        if self.lost or (self._session is not None and self._session.established):
            lost = self.lose(why, now)
            self.due = now + self._hold_off
            return lost
        self._session = None
        return self._failed(why, now, now + RETRY_AFTER)

    def _failed(self, why: str, now: float, due: float) -> list[Signal]:
        self.waiting, self.due = False, due
        self._failures += 1
        if self._failures < 2 or now < self._good + LOST_AFTER:
            return []
        return self.lose(why, now)
