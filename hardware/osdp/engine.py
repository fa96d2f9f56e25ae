"""One peripheral as the panel deals with it: when to ask and what an answer means. Rule 1: sans-I/O.

The caller says what time it is (seconds of any steady clock), sends what ``ask`` gives, and brings back
either the frames heard from this address (``hear``) or the fact that none came in time (``miss``).
Rule 2: only an authentic answer that is no refusal proves that the device is there.
Rule 3: what a device saved up while nobody listened is old: cards and keys count only after it has told
everything and answered a poll with "nothing new".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.osdp.messages import POLL, Message, Reply, refusal
from hardware.osdp.presence import RETRY_AFTER, Presence
from hardware.osdp.questions import Questions
from hardware.osdp.secure import SecureError
from hardware.osdp.session import Heard, Session
from hardware.osdp.watch import Watch
from hardware.signals import DeviceBack, Lamp, Signal

if TYPE_CHECKING:
    from hardware.osdp.codec import Frame
    from hardware.osdp.errand import Errand
    from hardware.osdp.peripheral import Peripheral

POLL_EVERY = 0.020
REPLY_TIME = 0.200
"""What the standard grants a peripheral for its answer (OSDP v2.2 section 5)."""
GLANCE = 0.050
"""What a peripheral that is lost gets, so that a dead one costs the others next to nothing."""
PROBE_EVERY = 0.4
BUSY_PAUSE = 0.1
STALE_POLLS = 32
"""So many polls may bring old news before the device counts as back in any case."""


class Engine:
    """The exchange with one peripheral. ``due`` is when to ask next; ``waiting`` while an answer may come."""

    def __init__(self, peripheral: Peripheral, now: float) -> None:
        self.address = peripheral.address
        self._peripheral = peripheral
        self._watch = Watch(peripheral.device, peripheral.inputs)
        self._questions = Questions(has_inputs=bool(peripheral.inputs))
        self._presence = Presence(peripheral.device, now)
        self._stale = 0
        self.begin(now)

    def begin(self, now: float) -> None:
        """Starts from nothing known."""
        self.due = now
        self.waiting = False
        self._session: Session | None = None
        self._presence.begin(now)
        self._questions.errands.lost()

    @property
    def announced(self) -> bool:
        """True from the report that the device is there to the end of its session."""
        return self._presence.announced

    @property
    def lost(self) -> bool:
        """True from the report of a loss to the report of the return."""
        return self._presence.lost

    @property
    def patience(self) -> float:
        """How long an answer to the question just asked may take, in seconds."""
        greeting = self._session is None or self._session.greeting
        return GLANCE if self.lost and greeting else REPLY_TIME

    def show(self, lamp: Lamp) -> None:
        """Shows the lamp at the next occasion, and again after the device was away; from any thread."""
        self._questions.show(lamp)

    def entrust(self, errand: Errand) -> None:
        """Works on the errand in free turns, after those before it; from any thread."""
        self._questions.errands.take(errand)

    def ask(self, now: float) -> bytes:
        """The frame to send now: the open question again, or the next one."""
        self.due = now + POLL_EVERY
        self.waiting = True
        if self._session is None:
            self._session = Session(self.address, self._peripheral.key)
        if not self._session.waiting:
            self._session.ask(self._questions.next(now, errands=self.announced))
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
            return self._presence.report("does not answer", now)
        # Not before the others had their turn: they have been waiting as long as this one was silent.
        return self._failed("does not answer", now, now + POLL_EVERY)

    def lose(self, why: str, now: float) -> list[Signal]:
        """Ends the session, if any, and reports the device lost, unless that is known already."""
        self._session, self.waiting = None, False
        self.due = now + RETRY_AFTER
        interrupted = self._questions.errands.lost() if self.announced else []
        return self._presence.report(why, now) + interrupted

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
            self._presence.alive(now)
        if session.established:
            self._stale = 0
            self._questions.begin(now)
        return []

    def _answered(self, answer: Message, now: float) -> list[Signal]:
        """Until the device is announced the watch keeps what a sealed answer says, and nothing is told."""
        refused = answer.code == Reply.NAK
        levels = self._watch.refused(self._questions.last) if refused else self._noted(answer)
        signals = [*levels, *self._questions.heard(answer)] if self.announced else []
        if refused:
            why = f"refuses what it is asked ({refusal(answer.data)})"
            return signals + self._failed(why, now, self.due)
        self.waiting = False
        self._presence.alive(now)
        if self._questions.pressing(errands=self.announced):
            self.due = now
        return signals if self.announced else self._announce(answer, now)

    def _noted(self, answer: Message) -> list[Signal]:
        mine = self.announced and self._questions.errands.owns(answer)
        return [] if mine else self._watch.note(answer)

    def _announce(self, answer: Message, now: float) -> list[Signal]:
        polled = self._questions.last == POLL
        self._stale += polled
        if not (polled and answer.code == Reply.ACK) and self._stale <= STALE_POLLS:
            return []
        self._presence.back(now)
        return [DeviceBack(self._peripheral.device), *self._watch.all()]

    def _end(self, why: str, now: float) -> list[Signal]:
        """A session that lived and broke is a loss at once; a first handshake that failed is tried again."""
        self._presence.broken(now)
        if self.lost or (self._session is not None and self._session.established):
            lost = self.lose(why, now)
            self.due = now + self._presence.hold_off
            return lost
        self._session = None
        return self._failed(why, now, now + RETRY_AFTER)

    def _failed(self, why: str, now: float, due: float) -> list[Signal]:
        self.waiting, self.due = False, due
        return self.lose(why, now) if self._presence.failed(now) else []
