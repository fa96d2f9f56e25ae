"""Giving a device its own key, once, on purpose and within a time. Rule 1: sans-I/O.

Rule 2: here and nowhere else a key is sent (osdp_KEYSET) and the public default key is spoken (SCBK-D), and
neither after the time is over.
Rule 3: the default key is tried only with a device that was not there when the pairing began and that has
shown that it holds none of our keys: nobody can talk a working reader down to it, nor to a key that was sent
under it.
Rule 4: a key is written down before it is sent and confirmed when it has been proved, so that whatever is
cut short in between, one of the keys that are written down is the one the device holds.
Rule 5: a key that was sent under the default key, readable for everybody, counts for nothing until a pairing
has ended well with it; nor does a key that was sent under such a key. Pairings that fail add up to nothing.

The order: a session under our key or the default key; PDID; ``keep`` the key as pending; KEYSET; a session
under the new key; PDID once more, the same; ``keep`` the key as proved.
"""

from __future__ import annotations

import os
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from hardware.osdp.keyring import Held
from hardware.osdp.messages import IDENTITY, Command, MalformedError, Message, Reply, identity, refusal
from hardware.osdp.patience import GLANCE, REPLY_TIME
from hardware.osdp.secure import SecureError
from hardware.osdp.session import Heard, Session
from hardware.signals import PairingFailed, ReaderPaired, Signal

if TYPE_CHECKING:
    from hardware.osdp.codec import Frame
    from hardware.osdp.keyring import KeyRing

TRY_EVERY = 0.25
BUSY_PAUSE = 0.1
PROOFS = 4
"""So many sessions under the new key may fail before the device counts as not holding it."""
SCBK = 1
"""Key type of osdp_KEYSET (6.23): the secure channel base key."""


class Keep(Protocol):
    """Makes a key durable; raises OSError when it cannot. Runs on the bus thread and holds up the bus."""

    def __call__(self, device: str, key: bytes, identity: str, /, *, proved: bool) -> None:
        """``proved`` True: the device holds this key, and no other is kept. False: it may hold this one.

        Then the key in force is kept too, and of those that are not proved this one and the one last kept
        before it; a key that is kept again is the last one. ``identity`` is "" with a key that others may
        have read: nobody has shown who gets it.
        """


class Stage(Enum):
    """How far a pairing is."""

    REACHING = auto()
    """Somebody must answer, under one of our keys or as a device without a key."""
    GIVING = auto()
    """KEYSET has been sent, or is about to be."""
    PROVING = auto()
    """The device must show that it holds the new key, and that it is the same device."""
    OVER = auto()


class Pairing:
    """One pairing of one device. ``over`` at its end; ``session`` is then what stands, if anything.

    ``was_there``: the device was announced when the pairing began.
    """

    def __init__(self, device: str, until: float, keep: Keep) -> None:
        self._device = device
        self._until = until
        self._keep = keep
        self._key = os.urandom(16)
        self.session: Session | None = None
        self.waiting, self.due = False, 0.0
        self.stage = Stage.REACHING
        self._default = False
        self._told = ""
        self._failures = 0
        self._question = IDENTITY

    def begin(self, address: int, keys: KeyRing, now: float, *, was_there: bool) -> None:
        """Takes over the talk with the device."""
        self.due = now
        keys.choose(pairing=not was_there)
        self._address = address
        self._keys = keys
        self._was_there = was_there

    @property
    def patience(self) -> float:
        """How long an answer to the question just asked may take, in seconds."""
        return GLANCE if self.session is None or self.session.greeting else REPLY_TIME

    @property
    def over(self) -> bool:
        """True when it has ended, well or not."""
        return self.stage == Stage.OVER

    def expire(self, now: float) -> list[Signal]:
        """Ends the pairing if its time is over."""
        return [] if self.over or now < self._until else self.fail("was not paired in the time allowed")

    def ask(self, now: float) -> bytes:
        """The frame to send now; only while the time is not over."""
        if now >= self._until:
            raise RuntimeError("the time for the pairing is over")
        self.waiting, self.due = True, now + TRY_EVERY
        if self.session is None:
            self.session = self._fresh()
        if not self.session.waiting:
            self.session.ask(self._question)
        return self.session.wire

    def hear(self, frame: Frame, now: float) -> list[Signal]:
        """Takes a reply frame of this address."""
        if self.session is None or self.over:
            return []
        try:
            heard = self.session.hear(frame)
        except SecureError as error:
            return self._broken(error, now)
        if isinstance(heard, Message):
            self.waiting, self.due = False, now
            return self._answered(heard, now)
        if heard != Heard.NOTHING:
            self.waiting = False
            self.due = now if heard == Heard.STEP else now + BUSY_PAUSE
        return []

    def miss(self, now: float) -> list[Signal]:
        """No answer came in time. A device that worked a moment ago and is silent now is not kept waiting."""
        self.waiting, self.due = False, now + TRY_EVERY
        self._failures += 1
        gone = self.stage == Stage.REACHING and self._was_there and self._failures >= PROOFS
        return self.fail("does not answer") if gone else []

    def fail(self, why: str) -> list[Signal]:
        """Ends the pairing without success; the key that was given, if any, stays on the ring."""
        if self.over:
            return []
        self.stage, self.session, self.waiting = Stage.OVER, None, False
        return [PairingFailed(self._device, f"{self._device} {why}")]

    def _fresh(self) -> Session:
        if self.stage != Stage.REACHING:
            return Session(self._address, self._key)
        if self._default:
            return Session.under_default_key(self._address)
        return Session(self._address, self._keys.now.key)

    def _broken(self, error: SecureError, now: float) -> list[Signal]:
        """A session that fails before the key was sent is tried another way, after that with the new key."""
        self.session, self.waiting, self.due = None, False, now + TRY_EVERY
        self._question = IDENTITY
        if self.stage == Stage.REACHING:
            return self._not_reached(error)
        if self.stage == Stage.GIVING:
            self.stage, self._failures = Stage.PROVING, 0
        self._failures += 1
        return self.fail(f"does not prove the new key: it {error}") if self._failures >= PROOFS else []

    def _not_reached(self, error: SecureError) -> list[Signal]:
        if not error.suspect:
            return []
        if self._default:
            self._default = False
        elif self._keys.wrong():
            if self._was_there:
                return self.fail(str(error))
            self._default = True
        return []

    def _answered(self, answer: Message, now: float) -> list[Signal]:
        if self._question == IDENTITY:
            return self._identified(answer)
        if answer.code != Reply.ACK:
            why = f" ({refusal(answer.data)})" if answer.code == Reply.NAK else ""
            return self.fail(f"does not take the new key{why}")
        self.stage, self._failures, self._question = Stage.PROVING, 0, IDENTITY
        self.session, self.due = None, now
        return []

    def _identified(self, answer: Message) -> list[Signal]:
        try:
            told = identity(answer.data) if answer.code == Reply.PDID else ""
        except MalformedError:
            told = ""
        if not told:
            return self.fail("does not say who it is")
        try:
            return self._give(told) if self.stage == Stage.REACHING else self._prove(told)
        except OSError as error:
            return self.fail(f"was not paired: its key cannot be written down ({error.strerror or error})")

    def _give(self, told: str) -> list[Signal]:
        if not self._default:
            self._hold_on(told)
        vouched = told if not self._default and self._keys.now.vouches(told) else ""
        self._keys.right()
        self._keep(self._device, self._key, vouched, proved=False)
        self._keys.given(self._key, vouched)
        self._told, self.stage = told, Stage.GIVING
        self._question = Message(Command.KEYSET, bytes([SCBK, len(self._key)]) + self._key)
        return []

    def _hold_on(self, told: str) -> None:
        """The device holds the key we reach it by, so that one stays, whatever becomes of the new one.

        Only a key that nobody else can have read is proved by that.
        """
        held = self._keys.now
        if held.proved:
            return
        proved = held.vouches(told)
        self._keep(self._device, held.key, held.identity, proved=proved)
        if proved:
            self._keys.settle(Held(held.key, held.identity))
        else:
            self._keys.hold_on()

    def _prove(self, told: str) -> list[Signal]:
        if told != self._told:
            return self.fail(f"says it is {told} now, and was {self._told} when it got the key")
        self._keep(self._device, self._key, told, proved=True)
        self._keys.settle(Held(self._key, told))
        self.stage = Stage.OVER
        return [ReaderPaired(self._device, told)]
