"""What a conforming OSDP peripheral answers, without a wire. Rule 1: it shares the codec, not the engine.

It hears one command frame and gives one reply frame, or none. It repeats its last reply when a command is
repeated, starts anew at sequence 0, believes a sealed command only, and takes a new key by osdp_KEYSET.
Without a key (``key`` None, as from the factory) it speaks under the public default key until it gets one.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import replace
from hmac import compare_digest
from typing import TYPE_CHECKING

from hardware.osdp import lamps, secure
from hardware.osdp.codec import Frame
from hardware.osdp.messages import Command, MalformedError, Message, Nak, Reply, message
from hardware.osdp.secure import Channel, SecureError, SessionKeys

if TYPE_CHECKING:
    from hardware.signals import Lamp

IDENTITY = "1A2B3C-01-01-00000000"
FIRMWARE = bytes.fromhex("010203")
CAPABILITIES = bytes([4, 3, 1, 5, 2, 1, 9, 1, 1])
"""Besides inputs: an LED of two colours, a sounder, AES-128 (OSDP v2.2 annex B)."""
ACK = Message(Reply.ACK)


class Machine:
    """A reader with a keypad, one LED, a sounder, ``inputs`` supervised inputs and as many outputs."""

    def __init__(self, address: int, key: bytes | None, inputs: int = 0, identity: str = IDENTITY) -> None:
        self.address = address
        self.key = key
        self.identity = identity
        self.inputs = bytearray(inputs)
        self.outputs = bytearray(inputs)
        self.cover_open = self.power_lost = False
        self.news: deque[Message] = deque(maxlen=64)
        self.lamps: deque[Lamp] = deque(maxlen=256)
        self.tones: deque[bytes] = deque(maxlen=256)
        self.forget()

    def forget(self) -> None:
        """What a power loss leaves: the key and the state of the world, nothing of the talk.

        A reader that loses its key too (``key`` None) is as from the factory.
        """
        self.channel: Channel | None = None
        self.sequence = 0
        self._keys: SessionKeys | None = None
        self._proof = b""
        self._heard: Frame | None = None
        self._said: Frame | None = None
        self.news.clear()

    def hear(self, frame: Frame) -> Frame | None:
        """The reply to a command frame; None for frames that are not for us."""
        if frame.reply or frame.address != self.address:
            return None
        if frame == self._heard and frame.sequence:
            return self._said
        self._heard, self._said = frame, self._answer(frame)
        return self._said

    def reply(self, said: Message) -> Frame:
        """The frame of a reply: sealed inside a session, in clear outside."""
        frame = self.clear(said)
        return self.channel.seal(frame) if self.channel else frame

    def clear(self, said: Message) -> Frame:
        """The frame of a reply in clear text."""
        body = bytes([said.code]) + said.data
        return Frame(self.address, reply=True, sequence=self.sequence, block=b"", body=body)

    def _answer(self, frame: Frame) -> Frame:
        if frame.sequence == 0:
            self.channel = None
        elif frame.sequence != self.sequence % 3 + 1:
            return self._refuse(frame.sequence, Nak.SEQUENCE)
        self.sequence = frame.sequence
        if self.channel is not None:
            return self._sealed(self.channel, frame)
        asked = message(frame.body)
        match asked.code:
            case Command.CHLNG:
                return self._challenged(frame.block, asked.data)
            case Command.SCRYPT:
                return self._proven(frame.block, asked.data)
            case Command.ID | Command.CAP if not frame.block:
                return self.clear(self.execute(asked))
        return self._refuse(frame.sequence, Nak.NOT_IN_CLEAR)

    def _sealed(self, channel: Channel, frame: Frame) -> Frame:
        try:
            asked = message(channel.open(frame))
        except SecureError:
            return self._refuse(frame.sequence, Nak.NOT_IN_CLEAR)
        said = self.execute(asked)
        reply = self.reply(said)
        if asked.code == Command.KEYSET and said == ACK:
            self.channel = None
        return reply

    def _refuse(self, sequence: int, reason: Nak) -> Frame:
        """A refusal in clear text; the session, if there was one, is over."""
        self.channel, self.sequence = None, sequence
        return self.clear(Message(Reply.NAK, bytes([reason])))

    def _challenged(self, block: bytes, panel_random: bytes) -> Frame:
        known = (secure.OWN_KEY, secure.PUBLIC_KEY)[: 1 if self.key else 2]
        if block not in {bytes([secure.CHALLENGE]) + kind for kind in known} or len(panel_random) != 8:
            return self._refuse(self.sequence, Nak.NO_SECURE_CHANNEL)
        random = os.urandom(8)
        self._keys = SessionKeys.derive(self.key or secure.DEFAULT_KEY, panel_random)
        self._proof = self._keys.panel_cryptogram(panel_random, random)
        cryptogram = self._keys.peripheral_cryptogram(panel_random, random)
        # The client's own number in CCRYPT (7.16): the first eight bytes of who it is.
        said = Message(Reply.CCRYPT, self.told_identity()[:8] + random + cryptogram)
        return replace(self.clear(said), block=bytes([secure.CRYPTOGRAM]) + self._kind)

    def _proven(self, block: bytes, proof: bytes) -> Frame:
        if (
            self._keys is None
            or block != bytes([secure.PROOF]) + self._kind
            or not compare_digest(proof, self._proof)
        ):
            return self._refuse(self.sequence, Nak.NOT_IN_CLEAR)
        first_mac = self._keys.first_mac(proof)
        self.channel = Channel(self._keys, first_mac)
        self._keys = None
        return replace(self.clear(Message(Reply.RMAC_I, first_mac)), block=bytes([secure.VERDICT, 1]))

    @property
    def _kind(self) -> bytes:
        """Which base key it speaks under: its own, or, having none, the public one."""
        return secure.OWN_KEY if self.key else secure.PUBLIC_KEY

    def told_identity(self) -> bytes:
        """The data of PDID (7.4): maker, model, version, serial with the low byte first, firmware."""
        who = bytes.fromhex(self.identity.replace("-", ""))
        return who[:5] + who[5:][::-1] + FIRMWARE

    def execute(self, asked: Message) -> Message:
        """Does what a command says, as a real peripheral behind its framing does."""
        match asked.code:
            case Command.POLL:
                return self.news.popleft() if self.news else ACK
            case Command.ID:
                return Message(Reply.PDID, self.told_identity())
            case Command.CAP:
                return Message(Reply.PDCAP, bytes([1, 3, len(self.inputs)]) + CAPABILITIES)
            case Command.LSTAT | Command.ISTAT | Command.OSTAT:
                return self._status(asked.code)
            case _:
                return self._obey(asked)

    def local_status(self) -> Message:
        """The cover and the supply."""
        return Message(Reply.LSTATR, bytes([self.cover_open, self.power_lost]))

    def input_status(self) -> Message:
        """Every input in its present state."""
        return Message(Reply.ISTATR, bytes(self.inputs))

    def output_status(self) -> Message:
        """Every output in its present state."""
        return Message(Reply.OSTATR, bytes(self.outputs))

    def _status(self, code: int) -> Message:
        if code == Command.LSTAT:
            return self.local_status()
        return self.input_status() if code == Command.ISTAT else self.output_status()

    def _obey(self, asked: Message) -> Message:
        try:
            self._set(asked)
        except MalformedError:
            return Message(Reply.NAK, bytes([Nak.RECORD]))
        except NotImplementedError:
            return Message(Reply.NAK, bytes([Nak.UNKNOWN_COMMAND]))
        return self.output_status() if asked.code == Command.OUT else ACK

    def _set(self, asked: Message) -> None:
        match asked.code, asked.data:
            case Command.LED, data:
                self.lamps.append(lamps.lamp_of(data))
            case Command.BUZ, data if len(data) == 5:
                self.tones.append(data)
            case Command.OUT, data if len(data) == 4 and data[0] < len(self.outputs):
                self.outputs[data[0]] = data[1] in {2, 4, 5}
            case Command.KEYSET, data if data[:2] == bytes([1, 16]) and len(data) == 18:
                self.key = data[2:]
            case ((Command.BUZ | Command.OUT | Command.KEYSET), _):
                raise MalformedError("length or number")
            case _:
                raise NotImplementedError
