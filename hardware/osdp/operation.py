"""Everyday operation of one device: greet, prove, poll, lose, find again. Rule 1: sans-I/O.

Rule 2: only an authentic answer that is no refusal proves that the device is there, and only the device that
says inside the secure channel that it is the right one is announced.
Rule 3: what a device saved up while nobody listened is old: cards and keys count only after it has told
everything and answered a poll with "nothing new".
Rule 4: nothing here sends a key or knows the public default key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.osdp.health import Tally
from hardware.osdp.messages import IDENTITY, POLL, MalformedError, Message, Reply, identity, refusal
from hardware.osdp.patience import GLANCE, REPLY_TIME, Patience
from hardware.osdp.presence import RETRY_AFTER, Presence
from hardware.osdp.questions import Questions
from hardware.osdp.secure import SecureError, WrongKeyError
from hardware.osdp.session import Heard, Session
from hardware.osdp.watch import Watch
from hardware.signals import DeviceBack, Signal

if TYPE_CHECKING:
    from hardware.osdp.codec import Frame
    from hardware.osdp.keyring import KeyRing
    from hardware.osdp.peripheral import Peripheral

POLL_EVERY = 0.010
PROBE_EVERY = 0.4
STRANGER_RETRY = 2.0
"""A device that is not the right one is asked who it is no more often than this."""
BUSY_PAUSE = 0.1
PHASES = 16
"""As many devices as a bus is made for."""
STALE_POLLS = 32
"""So many polls may bring old news before the device counts as back in any case."""


class Operation:
    """The exchange with one device. ``due`` is when to ask next; ``waiting`` while an answer may come.

    ``identity`` is who it said it is in the session that stands, or stood last.
    """

    def __init__(self, peripheral: Peripheral, keys: KeyRing, now: float) -> None:
        self.questions = Questions(
            has_inputs=bool(peripheral.inputs), phase=peripheral.address % PHASES / PHASES
        )
        self.presence = Presence(peripheral.device, now)
        self.tally = Tally()
        self.watch = Watch(peripheral.device, peripheral.inputs, peripheral.scheme)
        self._address = peripheral.address
        self._device = peripheral.device
        self._keys = keys
        self.begin(now)

    def begin(self, now: float) -> None:
        """Starts from nothing known."""
        self.presence.begin(now)
        self.identity = ""
        self._patience = Patience()
        self._stale = 0
        self.resume(now, None)
        self.questions.errands.lost()

    def resume(self, now: float, session: Session | None) -> None:
        """Takes over a session that has just been established, or none; nothing is announced yet."""
        self._session = session
        self.waiting, self.due, self._turn = False, now, now
        if session is not None:
            self._established(now)

    @property
    def pressing(self) -> bool:
        """True while an errand with the device has something to ask, and nothing asked before is open."""
        # A question that was not answered waits its turn: else a board that died would have every second one.
        unanswered = self._session is None or self._session.waiting
        return self.presence.announced and not unanswered and self.questions.errands.pressing

    @property
    def patience(self) -> float:
        """How long an answer to the question just asked may take, in seconds."""
        if self._session is None or not self._session.established:
            greeting = self._session is None or self._session.greeting
            return GLANCE if self.presence.lost and greeting else REPLY_TIME
        return REPLY_TIME if self.questions.errands.speaking else self._patience.wait

    def ask(self, now: float) -> bytes:
        """The frame to send now: the open question again, or the next one."""
        self._turn, self.due = self.due, now + POLL_EVERY
        self.waiting = True
        if self._session is None:
            self._session = Session(self._address, self._keys.now.key)
        if not self._session.waiting:
            self._session.ask(self.questions.next(now, errands=self.presence.announced))
        return self._session.wire

    def hear(self, frame: Frame, now: float, took: float) -> list[Signal]:
        """Takes a reply frame of this address, expected or not, so many seconds after the question."""
        if self._session is None:
            return []
        try:
            heard = self._session.hear(frame)
        except WrongKeyError as error:
            return self._wrong_key(error, now)
        except SecureError as error:
            return self._end(str(error), now, suspect=error.suspect)
        if isinstance(heard, Message):
            self._patience.answered(took)
            return self._answered(heard, now)
        return self._went_on(heard, self._session, now)

    def miss(self, now: float) -> list[Signal]:
        """No answer came in time."""
        if self.presence.lost and self._session is not None and self._session.greeting:
            # The greeting stays open until the next probe: an answer that comes late still brings it back.
            self.waiting, self.due = False, now + PROBE_EVERY
            return self.presence.report("does not answer", now)
        return self._failed("does not answer", now, now + self._patience.silent())

    def lose(self, why: str, now: float, *, suspect: bool = False) -> list[Signal]:
        """Ends the session, if any, and reports the device lost, unless that is known already."""
        interrupted = self.interrupt()
        self.due = now + RETRY_AFTER
        return self.presence.report(why, now, suspect=suspect) + interrupted

    def interrupt(self) -> list[Signal]:
        """Ends the session without a word about the device; gives what the end means to its errand."""
        self._session, self.waiting = None, False
        lost = self.questions.errands.lost() if self.presence.announced else []
        self.presence.announced = False
        return lost

    def _went_on(self, heard: Heard, session: Session, now: float) -> list[Signal]:
        match heard:
            case Heard.NOTHING:
                return []
            case Heard.STEP:
                self._stepped(session, now)
                return []
            case Heard.BUSY:
                return self._failed("is busy and does nothing else", now, now + BUSY_PAUSE)
            case Heard.DOUBT:
                return self._failed("answers in clear text only", now, self.due)

    def _stepped(self, session: Session, now: float) -> None:
        self.waiting, self.due = False, now
        if self.presence.lost:
            self.presence.alive(now)
        if session.established:
            self._keys.right()
            self._established(now)

    def _established(self, now: float) -> None:
        self.tally.sessions += 1
        self._stale = 0
        self.questions.begin(now)

    def _answered(self, answer: Message, now: float) -> list[Signal]:
        """Until the device is announced the watch keeps what a sealed answer says, and nothing is told."""
        refused = answer.code == Reply.NAK
        if self.questions.last == IDENTITY and not refused and (stranger := self._stranger(answer)):
            return self._end(stranger, now, suspect=True, pause=STRANGER_RETRY)
        levels = self.watch.refused(self.questions.last) if refused else self._noted(answer)
        signals = [*levels, *self.questions.heard(answer)] if self.presence.announced else []
        if refused:
            return signals + self._refused(answer, now)
        self.waiting = False
        self.presence.alive(now)
        if self.questions.planned:
            # Lamps and levels do not cost the poll its turn, on a line where all are waiting for theirs.
            self.due = self._turn
        elif self.questions.pressing(errands=self.presence.announced):
            self.due = now
        return signals if self.presence.announced else self._announce(answer, now)

    def _refused(self, answer: Message, now: float) -> list[Signal]:
        self.tally.naks += 1
        if self.questions.last == IDENTITY:
            self.questions.repeat()
        return self._failed(f"refuses what it is asked ({refusal(answer.data)})", now, self.due)

    def _stranger(self, answer: Message) -> str:
        """Why whoever answered is not the device that is meant, as the end of a sentence; empty if it is."""
        try:
            self.identity = identity(answer.data) if answer.code == Reply.PDID else ""
        except MalformedError:
            self.identity = ""
        if not self.identity:
            return "does not say who it is"
        meant = self._keys.now.identity
        return f"says it is {self.identity}, not {meant}" if meant not in {"", self.identity} else ""

    def _noted(self, answer: Message) -> list[Signal]:
        mine = self.presence.announced and self.questions.errands.owns(answer)
        return [] if mine else self.watch.note(answer)

    def _announce(self, answer: Message, now: float) -> list[Signal]:
        polled = self.questions.last == POLL
        self._stale += polled
        if not (polled and answer.code == Reply.ACK) and self._stale <= STALE_POLLS:
            return []
        self.presence.back(now)
        return [DeviceBack(self._device), *self.watch.all()]

    def _wrong_key(self, error: WrongKeyError, now: float) -> list[Signal]:
        """It may still hold the other key: only when it holds none of them is it a stranger."""
        if self._keys.wrong():
            return self._end(str(error), now, suspect=True)
        self._session, self.waiting, self.due = None, False, now
        return []

    def _end(self, why: str, now: float, *, suspect: bool, pause: float = 0.0) -> list[Signal]:
        """A session that lived and broke is a loss at once; a first handshake that failed is tried again."""
        self.presence.broken(now)
        if self.presence.lost or (self._session is not None and self._session.established):
            lost = self.lose(why, now, suspect=suspect)
            self.due = now + max(pause, self.presence.hold_off)
            return lost
        self._session = None
        return self._failed(why, now, now + RETRY_AFTER, suspect=suspect)

    def _failed(self, why: str, now: float, due: float, *, suspect: bool = False) -> list[Signal]:
        self.waiting, self.due = False, due
        return self.lose(why, now, suspect=suspect) if self.presence.failed(now) else []
