"""What any bytes of a PN532, or of a card through it, may do to the driver. Rule: its own faults, silence.

nfcpy's own exchange is under test with ours: whatever it raises on bad bytes must be one of FAULTS.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from nfc.clf import pn532

from firmware_shims.cards.iso_dep import DESFIRE_ATS
from firmware_shims.cards.type_a import Card
from firmware_shims.pn532_field import target
from firmware_shims.pn532_frames import ACK, answer
from hardware.credentials.exchange import CardRefusedError
from hardware.nfc_chip import Chip, parse_list
from hardware.nfc_iso_dep import LONGEST_ANSWER, IsoDep, NoiseError, SilentError, parse_ats
from hardware.nfc_port import FAULTS
from tests.fuzzing.dice import Choices

CARD = Card(bytes.fromhex("04958CAA5C5E80"), 0x20)
LISTED = b"\x01" + target(1, CARD)
GOOD = {0x32: b"", 0x4A: LISTED, 0x06: b"\x80\x80\x40", 0x08: b"", 0x42: b"\x00\x02\x90\x00"}
"""What a chip with one card answers to: settings, list, registers read and written, a frame of the card."""
CODE_AT = 6
EACH_S = 0.4
MOST_FRAMES = 400


class OutOfBoundsError(AssertionError):
    """The driver believed what cannot be, or did not end."""


class Wire:
    """A serial port whose chip answers each command, more or less."""

    TYPE = "TTY"

    def __init__(self, dice: Choices) -> None:
        self._dice = dice
        self._said: list[bytes] = []

    def write(self, frame: bytes) -> None:
        """A command of the host, or its acknowledgement, which has no answer."""
        if len(frame) > CODE_AT:
            code = frame[CODE_AT]
            good = answer(code, GOOD.get(code, b"\x00"))
            heard = self._dice.changed(good) if self._dice.byte() % 3 == 0 else good
            if self._dice.byte() % 5 == 0:
                heard = answer(code, self._dice.take(255))
            self._said = [ACK, heard]

    def read(self, _: int) -> bytearray:
        """The next of what the chip said; nothing more is a timeout."""
        if not self._said:
            raise OSError(110, "timed out")
        return bytearray(self._said.pop(0))


def chip(data: bytes) -> None:
    """A chip past its beginning that answers everything in its own way."""
    logging.getLogger("nfc").setLevel(logging.CRITICAL + 1)
    device = pn532.Device.__new__(pn532.Device)
    device.chipset = pn532.Chipset(Wire(Choices(data)), logger=logging.getLogger("nfc.clf"))
    device.log = device.chipset.log
    driver = Chip(device)
    with suppress(*FAULTS, SilentError, NoiseError):
        cards = driver.cards()
        if len(cards) > 2 or any(len(card.uid) not in {4, 7, 10} for card in cards):
            raise OutOfBoundsError(repr(cards))
        for card in cards:
            driver.select(card.uid)
            driver.first(b"\xe0\x80", EACH_S)
            driver.swap(b"\x02\x60", EACH_S)


def lists(data: bytes) -> None:
    """The list of cards, and the answer to select."""
    with suppress(ValueError):
        parse_list(data)
    with suppress(ValueError):
        parse_list(Choices(data).changed(LISTED))
    with suppress(CardRefusedError):
        parse_ats(data)


def blocks(data: bytes) -> None:
    """A card that speaks ISO-DEP in its own way: an end comes, and no answer is longer than allowed."""
    dice, sent, now = Choices(data), 0, 0.0

    def swap(_: bytes, wait_s: float) -> bytes:
        nonlocal sent, now
        sent, now = sent + 1, now + 0.001
        if sent > MOST_FRAMES:
            raise OutOfBoundsError("it goes on and on")
        match dice.byte() % 8:
            case 0:
                now += wait_s
                raise SilentError
            case 1:
                raise NoiseError
            case 2:
                return b"\xf2" + dice.take(2)
            case 3:
                return bytes([0xA2 | dice.byte() % 2])
            case 4:
                return bytes([0x12 | dice.byte() % 2]) + dice.take(61)
            case 5:
                return dice.take(64)
        return bytes([0x02 | dice.byte() % 2]) + dice.take(60)

    _converse(dice.changed(DESFIRE_ATS), swap, lambda: now)


def _converse(ats: bytes, swap: Callable[[bytes, float], bytes], clock: Callable[[], float]) -> None:
    with suppress(CardRefusedError, SilentError):
        dep = IsoDep(swap, parse_ats(ats), EACH_S, clock)
        for _ in range(3):
            if len(dep.transceive(bytes(range(80)))) > LONGEST_ANSWER:
                raise OutOfBoundsError("an answer that is too long")
