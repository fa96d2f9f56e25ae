"""The card's side of the two AES authentications of DESFire: AuthenticateAES and AuthenticateEV2First.

Rule: as in desfire_channels.py, nothing here is shared with the reader's side. The card answers 91AE, without
a proof of its own, to a reader that has not proved the key.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.cmac import CMAC

from firmware_shims.cards.desfire_channels import Channel, Ev1Channel, Ev2Channel, seal, unseal, xor


class Handshake(Protocol):
    """An authentication that has been begun with key ``number``."""

    def challenge(self) -> bytes:
        """The card's random number, encrypted."""

    def finish(self, proof: bytes) -> tuple[bytes, Channel] | None:
        """The card's own proof and the session, or None if the reader does not hold the key."""


@dataclass(slots=True)
class AesHandshake:
    """AuthenticateAES (AA): the IV runs on through all three passes."""

    key: bytes
    number: int
    mine: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    iv: bytes = b"\x00" * 16

    def challenge(self) -> bytes:
        """As Handshake says."""
        self.iv = seal(self.key, self.mine, self.iv)
        return self.iv

    def finish(self, proof: bytes) -> tuple[bytes, Channel] | None:
        """As Handshake says."""
        if len(proof) != 32:
            return None
        text = unseal(self.key, proof, self.iv)
        theirs, back = text[:16], text[16:]
        if back != self.mine[1:] + self.mine[:1]:
            return None
        key = theirs[:4] + self.mine[:4] + theirs[-4:] + self.mine[-4:]
        return seal(self.key, theirs[1:] + theirs[:1], proof[-16:]), Ev1Channel(key, self.number)


@dataclass(slots=True)
class Ev2Handshake:
    """AuthenticateEV2First (71): every pass begins with an IV of zeros; the card names the transaction."""

    key: bytes
    number: int
    mine: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    ti: bytes = field(default_factory=lambda: secrets.token_bytes(4))

    def challenge(self) -> bytes:
        """As Handshake says."""
        return seal(self.key, self.mine, bytes(16))

    def finish(self, proof: bytes) -> tuple[bytes, Channel] | None:
        """As Handshake says."""
        if len(proof) != 32:
            return None
        text = unseal(self.key, proof, bytes(16))
        theirs, back = text[:16], text[16:]
        if back != self.mine[1:] + self.mine[:1]:
            return None
        answer = seal(self.key, self.ti + theirs[1:] + theirs[:1] + bytes(12), bytes(16))
        enc, mac = (self._session_key(label, theirs) for label in (0xA55A, 0x5AA5))
        return answer, Ev2Channel(enc, mac, self.ti, self.number)

    def _session_key(self, label: int, theirs: bytes) -> bytes:
        # Numbered from the right: RndA[15..14], RndA[13..8] xor RndB[15..10], RndB[9..0], RndA[7..0].
        vector = struct.pack(
            ">HHH2s6s10s8s",
            label,
            1,
            0x0080,
            theirs[0:2],
            xor(theirs[2:8], self.mine[0:6]),
            self.mine[6:16],
            theirs[8:16],
        )
        mac = CMAC(AES128(self.key))
        mac.update(vector)
        return mac.finalize()
