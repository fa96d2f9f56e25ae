"""An OSDP reader that lets the panel talk to the card: transparent mode from the reader's side.

Rule 1: it believes and knows nothing of cards; it carries bytes and says when a card came or went. In use::

    reader = TransparentReader(1, key)
    reader.start(hub.names[1])
    reader.put(card)        # anything with a ``uid`` and ``answer(apdu) -> bytes | None``
    reader.take()
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import Protocol

from firmware_shims.osdp_machine import ACK, IDENTITY, Machine
from firmware_shims.osdp_peripheral import OsdpPeripheral
from hardware.osdp.messages import Command, Message, Nak, Reply
from hardware.osdp.transparent_messages import ACURXSIZE, SMART_CARDS, XRD, XWR

CONTACTLESS = 2
CARD_GONE = 1
CARD_HERE_NOW = bytes([1, 1, 0, CONTACTLESS])
GONE_NOW = bytes([1, 1, 0, 0])
NO = Message(Reply.NAK, bytes([Nak.RECORD]))


class VirtualCard(Protocol):
    """A card as a reader sees it."""

    @property
    def uid(self) -> bytes:
        """Its number, 4, 7 or 10 bytes."""

    def answer(self, apdu: bytes) -> bytes | None:
        """What it answers to a command; None when it has fallen silent."""


@dataclass(slots=True)
class Habits:
    """How this make of reader behaves. Defaults: as the standard suggests, and all at once.

    ``tells_number``: answers a scan with the card's number; ``knows_pseudo``: answers the pseudo-APDU for it;
    ``later``: accepts a command first and gives the card's answer to a later poll; ``delay_s``: what a relay
    between card and reader adds to each answer; ``offers``: says that it has transparent mode at all;
    ``buffer``: the longest message it takes, 0 if it does not say; ``again``: reports a card that was left
    and lies there still as a new one.
    """

    tells_number: bool = True
    knows_pseudo: bool = True
    later: bool = False
    delay_s: float = 0.0
    offers: bool = True
    buffer: int = 0
    again: bool = False


class TransparentMachine(Machine):
    """A reader behind its framing; its mode outlives a session, but not a power loss."""

    def __init__(
        self,
        address: int,
        key: bytes | None,
        inputs: int = 0,
        habits: Habits | None = None,
        identity: str = IDENTITY,
    ) -> None:
        self.habits = habits or Habits()
        self.card: VirtualCard | None = None
        self.mode = 0
        self.left = 0
        self.apdus: list[bytes] = []
        super().__init__(address, key, inputs, identity)

    def forget(self) -> None:
        """A power loss ends the mode as well."""
        super().forget()
        self.mode = 0

    def put(self, card: VirtualCard) -> None:
        """Holds a card before the reader; ``power_on``, where it has one, is what it feels then."""
        self.card = card
        self._power()
        self._news(CARD_HERE_NOW)

    def take(self) -> None:
        """Takes it away."""
        self.card = None
        self._news(GONE_NOW)

    def execute(self, asked: Message) -> Message:
        """Does what a command says."""
        match asked.code:
            case Command.CAP:
                return self._capabilities(super().execute(asked))
            case code if code == ACURXSIZE and len(asked.data) == 2:
                return ACK
            case code if code == XWR and len(asked.data) >= 2:
                return self._extended(asked.data[:2], asked.data[2:])
        return super().execute(asked)

    def _news(self, data: bytes) -> None:
        if self.mode == 1:
            self.news.append(Message(XRD, data))

    def _capabilities(self, plain: Message) -> Message:
        cards = bytes([SMART_CARDS, self.habits.offers, 0])
        size = bytes([10]) + self.habits.buffer.to_bytes(2, "little") if self.habits.buffer else b""
        return Message(plain.code, plain.data + cards + size)

    def _extended(self, command: bytes, body: bytes) -> Message:
        match command, body:
            case b"\x00\x01", b"":
                return Message(XRD, bytes([0, 1, self.mode, 0]))
            case b"\x00\x02", _ if len(body) == 2 and body[0] <= 1 and self.habits.offers:
                self.mode = body[0]
                return ACK
            case b"\x01\x04", b"\x00" if self.mode:
                return self._number()
            case b"\x01\x02", b"\x00" if self.mode:
                return self._left()
            case b"\x01\x01", _ if self.mode and len(body) > 1 and body[0] == 0:
                return self._carried(body[1:])
        return NO

    def _power(self) -> None:
        if power_on := getattr(self.card, "power_on", None):
            power_on()

    def _left(self) -> Message:
        self.left += 1
        self._power()
        if self.habits.again and self.card:
            self._news(CARD_HERE_NOW)
        return ACK

    def _number(self) -> Message:
        if self.card is None:
            return Message(XRD, GONE_NOW)
        if not self.habits.tells_number:
            return Message(XRD, CARD_HERE_NOW)
        uid = self.card.uid
        return self._told(bytes([0, 2, 0, 1, len(uid), 0]) + uid)

    def _carried(self, apdu: bytes) -> Message:
        self.apdus.append(apdu)
        if self.habits.delay_s:
            Event().wait(self.habits.delay_s)
        answer = self._answer_of(apdu)
        if answer is None:
            self.take()
            return self._told(bytes([1, 0, CARD_GONE]))
        return self._told(bytes([1, 2, 0, 0]) + answer)

    def _answer_of(self, apdu: bytes) -> bytes | None:
        if self.card is None:
            return None
        if self.habits.knows_pseudo and apdu.startswith(b"\xff\xca"):
            return self.card.uid + b"\x90\x00"
        return self.card.answer(apdu)

    def _told(self, data: bytes) -> Message:
        if not self.habits.later:
            return Message(XRD, data)
        self.news.append(Message(XRD, data))
        return ACK


class TransparentReader(OsdpPeripheral):
    """Such a reader on a serial device, with its own thread."""

    def __init__(
        self,
        address: int,
        key: bytes | None,
        *,
        inputs: int = 0,
        habits: Habits | None = None,
        identity: str = IDENTITY,
    ) -> None:
        super().__init__(address, key, inputs=inputs, identity=identity)
        self._transparent = self._machine = TransparentMachine(address, key, inputs, habits, identity)

    @property
    def ready(self) -> bool:
        """True while the panel has it in transparent mode."""
        with self._changed:
            return self._transparent.mode == 1

    def put(self, card: VirtualCard) -> None:
        """Holds a card before the reader."""
        with self._changed:
            self._transparent.put(card)

    def take(self) -> None:
        """Takes it away."""
        with self._changed:
            self._transparent.take()

    @property
    def habits(self) -> Habits:
        """How it behaves; may be changed at any time."""
        return self._transparent.habits

    @property
    def left(self) -> int:
        """How often the panel has done with a card and left it."""
        with self._changed:
            return self._transparent.left

    def wait_left(self, count: int, timeout: float) -> bool:
        """Waits until the panel has left cards so often; False if not within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._transparent.left >= count, timeout)

    def wait_ready(self, timeout: float) -> bool:
        """Waits until the panel has it in transparent mode; False if not within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._transparent.mode == 1, timeout)
