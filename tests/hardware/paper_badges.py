"""Badges of paper: a scheme whose cards keep what is written on them, and what a desk says of them."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from firmware_shims.heard import Heard
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError, Proof, Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.nfc_reader import NfcReader
from hardware.signals import BadgeMade, BadgeNotMade, CardFault, Signal

DOOR = "main.in"
UID_HEX = "04A1B2C3D4E5F6"
SOON_S, LONG_S = 0.3, 60.0
OK, NONE = b"\x90\x00", b"\x6a\x82"
Start = Callable[..., NfcReader]


@dataclass
class Blank:
    """Keeps what is written on it; a worn one forgets it at once."""

    uid: bytes = bytes.fromhex(UID_HEX)
    number: bytes = b""
    worn: bool = False

    def answer(self, apdu: bytes) -> bytes:
        if apdu[:1] == b"W":
            self.number = os.urandom(16) if self.worn else apdu[1:17]
        return (self.number + OK) if self.number else NONE


def read(_: bytes, __: SiteKeys | None) -> Exchange:
    told = yield b"R"
    if told == NONE:
        raise NotThisCardError("it is blank")
    return Proof(told[:-2].hex().upper())


def make(_: bytes, __: SiteKeys | None) -> Exchange:
    number = os.urandom(16)
    for step in (b"W" + number, b"-", b"-", b"-"):
        done = yield step
        if done[-2:] != OK:
            raise CardRefusedError(CardFault.BROKEN, "it does not take the number")
    return Proof(number.hex().upper())


PAPER = Scheme("paper", "paper", keyed=False, read=read, make=make)
KEYED = Scheme("paper", "paper", keyed=True, read=read, make=make)


def answers(heard: Heard) -> list[Signal]:
    return heard.of(BadgeMade, BadgeNotMade)


def refusal(heard: Heard) -> str:
    assert heard.wait_kind(BadgeNotMade)
    (said,) = answers(heard)
    assert isinstance(said, BadgeNotMade)
    assert said.device == DOOR
    return said.why
