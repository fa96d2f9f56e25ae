"""Cards that echo what they are asked, and a scheme that believes nothing but a whole echo.

Rule: the scheme keeps whom it believed, so that a test can tell proofs from what a driver made of them.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field

from firmware_shims.heard import Heard
from hardware.credentials.exchange import CardRefusedError, Exchange, Proof, Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.signals import CardFault, CardRead, Signal

DOOR = "main.in"
CARD = "04A1B2C3D4E5F6"
QUESTIONS, LONG = 5, 150
PROVED = CardRead(DOOR, "AB", "talks", uid=CARD)


@dataclass
class Tag:
    """A card that says again what it was told."""

    uid: bytes = bytes.fromhex(CARD)

    def answer(self, apdu: bytes) -> bytes:
        return apdu + b"\x90\x00"


@dataclass
class Echo:
    """The scheme ``talks``: a card is believed that echoes each of five random questions."""

    believed: list[str] = field(default_factory=list)

    def scheme(self) -> Scheme:
        return Scheme("talks", "talks", keyed=False, read=self._read, make=self._read)

    def _read(self, uid: bytes, _: SiteKeys | None) -> Exchange:
        for _turn in range(QUESTIONS):
            asked = os.urandom(LONG)
            told = yield asked
            if told != asked + b"\x90\x00":
                raise CardRefusedError(CardFault.WRONG_KEY, "that is no echo")
        self.believed.append(uid.hex().upper())
        return Proof("AB")


TALKS = Echo().scheme()


def believed(signals: list[Signal]) -> list[str]:
    """The UIDs of the cards that a reader said were proved, in order."""
    return [s.uid for s in signals if isinstance(s, CardRead) and s.scheme == "talks" and not s.fault]


def proved_only(heard: Heard, echo: Echo) -> bool:
    """Whether some cards were believed, and none more often than it had proved itself."""
    said = Counter(believed(heard.all))
    return bool(said) and said <= Counter(echo.believed)
