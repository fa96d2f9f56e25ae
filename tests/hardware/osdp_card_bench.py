"""Panel, transparent reader and a card face to face, with schemes small enough to see through.

Rule 1: no wire and no cryptography: what is tried here is who asks whom, when, and what becomes of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_transparent import Habits, TransparentMachine, VirtualCard
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError, Proof, Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.osdp.transparent import CardErrand
from hardware.osdp.transparent_reading import CardReading
from hardware.signals import CardFault, CardRead, DeviceLost, Signal

KEYS = SiteKeys(os.urandom(32))
NUMBER = bytes.fromhex("04112233445566")
SELECT, CHALLENGE = b"\x00\xa4\x04\x00\x00", b"\x00\x84\x00\x00\x08"


def strong(uid: bytes, _: SiteKeys | None) -> Exchange:
    """Select, then three questions to which this card gives back the question and its own number."""
    if (yield SELECT) != b"\x90\x00":
        raise NotThisCardError("not selected")
    for turn in range(3):
        question = bytes([0, 0x88, turn, 0]) + os.urandom(8)
        if (yield question) != question + uid + b"\x90\x00":
            raise CardRefusedError(CardFault.WRONG_KEY, "another answer")
    return Proof("5A" * 16, counter=7)


def plain(_: bytes, __: SiteKeys | None) -> Exchange:
    """A scheme without keys, told apart by its question."""
    if (yield CHALLENGE) != b"\x01\x90\x00":
        raise NotThisCardError("does not know the question")
    return Proof("0B" * 16)


STRONG = Scheme("strong", "a test", keyed=True, read=strong)
PLAIN = Scheme("plain", "a test", keyed=False, read=plain)
READING = CardReading((STRONG, PLAIN, UID), lambda: KEYS)


@dataclass
class PlainCard:
    """A card that answers STRONG's questions; ``silent_from``: from which command on it is gone."""

    uid: bytes = NUMBER
    knows: tuple[str, ...] = ("strong",)
    wrong: bool = False
    silent_from: int = 99
    heard: list[bytes] = field(default_factory=list)

    def answer(self, apdu: bytes) -> bytes | None:
        """What it answers; None when it is gone."""
        self.heard.append(apdu)
        if len(self.heard) >= self.silent_from:
            return None
        if apdu == SELECT:
            return b"\x90\x00" if "strong" in self.knows else b"\x6a\x82"
        if apdu == CHALLENGE:
            return b"\x01\x90\x00" if "plain" in self.knows else b"\x6d\x00"
        if apdu[1] == 0x88:
            return apdu + (bytes(7) if self.wrong else self.uid) + b"\x90\x00"
        return b"\x6d\x00"


class CardBench:
    """Panel and transparent reader face to face, in transparent mode."""

    def __init__(self, reading: CardReading = READING, habits: Habits | None = None) -> None:
        key = os.urandom(16)
        self.pair = Lockstep(key)
        self.reader = TransparentMachine(1, key, 0, habits)
        self.pair.machine = self.reader
        self.errand = CardErrand("in", reading, lambda: self.pair.now)
        self.pair.engine.entrust(self.errand)
        self.before = self.pair.run(1.0)

    def hold(self, card: VirtualCard, seconds: float = 1.5) -> list[Signal]:
        """Holds a card before the reader for so long; what is said of it."""
        self.reader.put(card)
        return [one for one in self.pair.run(seconds) if isinstance(one, CardRead | DeviceLost)]

    def take(self) -> None:
        """Takes it away, and lets the panel know."""
        self.reader.take()
        self.pair.run(0.5)
