"""A card and a reader's exchange with nothing between them but air, whose clock is counted."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from firmware_shims.cards.iso_dep import IsoDep as Card
from hardware.nfc_iso_dep import IsoDep, NoiseError, SilentError, parse_ats, rats

EACH_S = 0.4


@dataclass
class Echo:
    """Answers with what it was sent, and a status."""

    uid: bytes = b"\x04\1\2\3\4\5\6"
    heard: list[bytes] = field(default_factory=list)

    def answer(self, apdu: bytes) -> bytes:
        self.heard.append(apdu)
        return apdu + b"\x90\x00"


class Air:
    """What is between reader and card: it loses what it is told to lose, and a frame takes its time."""

    def __init__(
        self, card: Card, *, garbled: AbstractSet[int] = frozenset(), unheard: AbstractSet[int] = frozenset()
    ) -> None:
        self.card = card
        self.garbled, self.unheard = garbled, unheard
        self.frames: list[bytes] = []
        self.takes_s = 0.001
        self.now = 0.0

    def swap(self, frame: bytes, wait_s: float) -> bytes:
        self.now += min(self.takes_s, wait_s)
        self.frames.append(frame)
        if self.takes_s > wait_s:
            raise SilentError
        number = len(self.frames)
        if number in self.unheard:
            raise NoiseError
        said = self.card(frame)
        if said is None:
            self.now += wait_s
            raise SilentError
        if number in self.garbled:
            raise NoiseError
        return said


def activated(air: Air) -> IsoDep:
    ats = air.card(rats(256))
    assert ats
    return IsoDep(air.swap, parse_ats(ats), EACH_S, lambda: air.now)
