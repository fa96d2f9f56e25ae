"""One secure session with one peripheral, from hello to death. Rule 1: sans-I/O; no clock, no device names.

Rule 2: nothing said in clear is believed; the handshake itself carries its own proof.
Rule 3: any wrong proof, MAC or sequence ends the session (SecureError); there is no way back to clear text.
Rule 4: a question stays asked, with the same bytes, until it is answered.
Rule 5: the public default key is used by ``under_default_key`` only, and only a pairing may call that.

The order (OSDP v2.2 annex D), by sequence number::

    0 ID, its answer ignored   1 CHLNG -> CCRYPT   2 SCRYPT -> RMAC_I   3, 1, 2, 3, 1 ... sealed
"""

from __future__ import annotations

import os
from enum import Enum, auto
from typing import TYPE_CHECKING

from hardware.osdp import secure
from hardware.osdp.codec import Frame, encode
from hardware.osdp.messages import IDENTITY, Command, Message, Nak, Reply, message, refusal
from hardware.osdp.secure import Channel, SecureError, SessionKeys, WrongKeyError, verify

if TYPE_CHECKING:
    from collections.abc import Callable

DOUBTS = 3
"""Refusals in clear text, inside a session, that make us believe the peripheral has forgotten it."""

NOT_HEARD_WELL = {bytes([code]) for code in (Nak.CHECK, Nak.LENGTH, Nak.SEQUENCE)}
"""Refusals that noise explains."""


class Heard(Enum):
    """What a frame was, when it was not the answer to a sealed question."""

    NOTHING = auto()
    """A repeat of the last answer, or speech nobody asked for that means nothing."""
    STEP = auto()
    """The handshake went on; the next question is ready."""
    BUSY = auto()
    """The peripheral asks for time; the question stays asked."""
    DOUBT = auto()
    """A refusal in clear text: not believed; the question stays asked."""


class Session:
    """The panel's side of one session. ``wire`` is the question now open; ``hear`` takes what comes back."""

    def __init__(self, address: int, key: bytes) -> None:
        self._address = address
        self._key = key
        self._kind = secure.OWN_KEY
        self._random = os.urandom(8)
        self._sequence = 0
        self._doubts = 0
        self._channel: Channel | None = None
        self._answer: Frame | None = None
        self._step: Callable[[Frame], Heard] = self._greeted
        # An ID is what every peripheral answers in any state.
        body = bytes([IDENTITY.code]) + IDENTITY.data
        self.wire = encode(Frame(address, reply=False, sequence=0, block=b"", body=body))
        self.waiting = True

    @classmethod
    def under_default_key(cls, address: int) -> Session:
        """A session that everybody can read and speak in, to give a key to a device that has none."""
        session = cls(address, secure.DEFAULT_KEY)
        session._kind = secure.PUBLIC_KEY
        return session

    @property
    def greeting(self) -> bool:
        """True until the peripheral has said anything at all."""
        return self._step == self._greeted

    @property
    def established(self) -> bool:
        """True once both sides have proved that they hold the key."""
        return self._channel is not None

    def ask(self, question: Message) -> None:
        """Seals the next question; only when established and the last one is answered."""
        if self._channel is None or self.waiting:
            raise RuntimeError("a question is already open")
        self._put(self._channel.seal(self._next(b"", bytes([question.code]) + question.data)))

    def hear(self, frame: Frame) -> Message | Heard:
        """Takes one reply frame of this peripheral's address. Raises SecureError when the session is over."""
        if frame == self._answer:
            # A late answer to a retransmission; being the same byte for byte it cannot say anything new.
            return Heard.NOTHING
        if not frame.block and frame.body[0] == Reply.BUSY:
            return Heard.BUSY if self.waiting else Heard.NOTHING
        if self._channel is not None:
            return self._open(self._channel, frame)
        if frame.sequence != self._sequence:
            raise SecureError("answers out of sequence", suspect=False)
        heard = self._step(frame)
        self._answer = frame
        return heard

    def _open(self, channel: Channel, frame: Frame) -> Message | Heard:
        if not frame.block:
            return self._in_clear(frame)
        if not self.waiting:
            raise SecureError("speaks without being asked", suspect=False)
        if frame.sequence != self._sequence:
            raise SecureError("answers out of sequence", suspect=False)
        heard = message(channel.open(frame))
        self.waiting, self._answer, self._doubts = False, frame, 0
        return heard

    def _in_clear(self, frame: Frame) -> Heard:
        if frame.body[0] != Reply.NAK:
            raise SecureError("speaks in clear text inside the secure channel")
        self._doubts += 1
        if self._doubts >= DOUBTS:
            why = f"has forgotten the session, as after a power loss ({refusal(frame.body[1:])})"
            raise SecureError(why, suspect=False)
        return Heard.DOUBT

    def _greeted(self, _: Frame) -> Heard:
        """The content is in clear and therefore means nothing, except that somebody is there."""
        self._step = self._challenged
        challenge = bytes([secure.CHALLENGE]) + self._kind
        self._put(self._next(challenge, bytes([Command.CHLNG]) + self._random))
        return Heard.STEP

    def _challenged(self, frame: Frame) -> Heard:
        kind, answer = frame.block, message(frame.body)
        if answer.code == Reply.NAK:
            damaged = answer.data[:1] in NOT_HEARD_WELL
            why = f"refuses the secure channel ({refusal(answer.data)})"
            raise SecureError(why, suspect=not damaged)
        expected = bytes([secure.CRYPTOGRAM]) + self._kind
        if kind != expected and kind == bytes([secure.CRYPTOGRAM]) + secure.PUBLIC_KEY:
            raise SecureError("offers only the public default key")
        if answer.code != Reply.CCRYPT or kind != expected or len(answer.data) != 32:
            raise SecureError("does not answer the challenge of the secure channel")
        self._prove(answer.data[8:16], answer.data[16:])
        return Heard.STEP

    def _prove(self, random: bytes, cryptogram: bytes) -> None:
        keys = SessionKeys.derive(self._key, self._random)
        expected = keys.peripheral_cryptogram(self._random, random)
        verify(cryptogram, expected, "does not hold our key", WrongKeyError)
        proof = keys.panel_cryptogram(self._random, random)
        self._step = lambda frame: self._judged(frame, keys, keys.first_mac(proof))
        block = bytes([secure.PROOF]) + self._kind
        self._put(self._next(block, bytes([Command.SCRYPT]) + proof))

    def _judged(self, frame: Frame, keys: SessionKeys, first_mac: bytes) -> Heard:
        # The status must be 01: 00 and FF mean that the peripheral did not accept our proof.
        if frame.block != bytes([secure.VERDICT, 1]) or frame.body[0] != Reply.RMAC_I:
            raise SecureError("does not accept our proof of the key")
        verify(frame.body[1:], first_mac, "starts the secure channel with a wrong MAC")
        self._channel = Channel(keys, first_mac)
        self.waiting = False
        return Heard.STEP

    def _next(self, block: bytes, body: bytes) -> Frame:
        self._sequence = self._sequence % 3 + 1
        return Frame(self._address, reply=False, sequence=self._sequence, block=block, body=body)

    def _put(self, frame: Frame) -> None:
        self.wire = encode(frame)
        self.waiting = True
