"""EV1 secure messaging: AuthenticateAES (AA) and what follows it, for MIFARE DESFire EV1.

Sources: NXP MF3ICDx21_41_81 short data sheet; published captures of real cards (named in the tests).
Rule 1: one initialisation vector runs through the whole session, commands and answers alike; nothing may be
skipped, so an answer out of its place is found out by the next MAC or CRC.
Rule 2: as in ev2.py, ``wrong_key`` is a card without the key, anything else that is wrong is ``broken``.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from os import urandom

from hardware.credentials.aes import BLOCK, ZERO_IV, chained_cmac, decrypted, encrypted, mixed, rotated, same
from hardware.credentials.ev2 import ADDITIONAL_FRAME, CHANGE_KEY, CommMode
from hardware.credentials.exchange import CardRefusedError
from hardware.credentials.native import Status, broken, crc32, expect, refuse_wrong_key, wrapped
from hardware.signals import CardFault

AUTHENTICATE_AES = 0xAA
_MAC_BYTES = 8
_CRC_BYTES = 4


@dataclass(slots=True)
class Ev1Session:
    """One authenticated session: the session key of AES-128 and the running initialisation vector."""

    key: bytes = field(repr=False)
    iv: bytes = ZERO_IV

    def ask(
        self,
        code: int,
        header: bytes = b"",
        data: bytes = b"",
        mode: CommMode = CommMode.FULL,
        due: int | None = None,
    ) -> Generator[bytes, bytes, bytes]:
        """Command and answer: ``due`` bytes encrypted in CommMode FULL, else as many as ``due`` with a MAC.

        Commands that carry a MAC of their own (writing to a file of CommMode MAC) are not spoken here.
        Raises CardRefusedError (``broken``) for an error status, a wrong MAC, CRC, length or padding.
        """
        response = yield wrapped(code, self._protected(code, header, data, mode))
        if mode is CommMode.FULL and due:
            return self._decrypted(response, due)
        return self._checked(response, due)

    def change_key(self, number: int, new: bytes, old: bytes, version: int) -> Generator[bytes, bytes, None]:
        """Change another key than the session's own; ``old`` is what it was until now."""
        data = mixed(new, old) + bytes((version,))
        head = bytes((number,))
        text = data + crc32(bytes((CHANGE_KEY,)) + head + data) + crc32(new)
        self._checked((yield wrapped(CHANGE_KEY, head + self._encrypted(text))), 0)

    def change_own_key(self, number: int, new: bytes, version: int) -> Generator[bytes, bytes, None]:
        """Change the key of this session, which ends with it; only the next authentication proves it."""
        head = bytes((number,))
        command = self._protected(CHANGE_KEY, head, new + bytes((version,)), CommMode.FULL)
        expect((yield wrapped(CHANGE_KEY, command)), length=0)

    def _protected(self, code: int, header: bytes, data: bytes, mode: CommMode) -> bytes:
        plain = bytes((code,)) + header + data
        if mode is CommMode.FULL and data:
            return header + self._encrypted(data + crc32(plain))
        self.iv = chained_cmac(self.key, plain, self.iv)
        return header + data

    def _encrypted(self, text: bytes) -> bytes:
        cipher = encrypted(self.key, text + bytes(-len(text) % BLOCK), self.iv)
        self.iv = cipher[-BLOCK:]
        return cipher

    def _checked(self, response: bytes, due: int | None) -> bytes:
        body = expect(response, length=None if due is None else due + _MAC_BYTES)
        data, mac = body[:-_MAC_BYTES], body[-_MAC_BYTES:]
        self.iv = chained_cmac(self.key, data + bytes((Status.OK,)), self.iv)
        if not same(mac, self.iv[:_MAC_BYTES]):
            broken("an answer with a wrong MAC")
        return data

    def _decrypted(self, response: bytes, due: int) -> bytes:
        body = expect(response, length=-(-(due + _CRC_BYTES) // BLOCK) * BLOCK)
        text = decrypted(self.key, body, self.iv)
        self.iv = body[-BLOCK:]
        data = text[:due]
        crc = crc32(data + bytes((Status.OK,)))
        if not same(text[due:], crc.ljust(len(text) - due, b"\x00")):
            broken("an answer with a wrong CRC")
        return data


@dataclass(slots=True)
class AuthenticateAes:
    """The three-pass authentication with one AES-128 key of the card, step by step.

    ``rnd_a`` is our random number; it is given only to repeat a published example.
    """

    key: bytes = field(repr=False)
    number: int
    rnd_a: bytes = field(default_factory=lambda: urandom(BLOCK), repr=False)
    _rnd_b: bytes = field(default=b"", init=False, repr=False)
    _iv: bytes = field(default=ZERO_IV, init=False, repr=False)

    def begin(self) -> bytes:
        """The first command."""
        return wrapped(AUTHENTICATE_AES, bytes((self.number,)))

    def prove(self, response: bytes) -> bytes:
        """Take the card's challenge, give the second command.

        Raises CardRefusedError (``wrong_key`` for 91AE, else ``broken``).
        """
        refuse_wrong_key(response)
        challenge = expect(response, Status.MORE, BLOCK)
        self._rnd_b = decrypted(self.key, challenge)
        proof = encrypted(self.key, self.rnd_a + rotated(self._rnd_b), challenge)
        self._iv = proof[-BLOCK:]
        return wrapped(ADDITIONAL_FRAME, proof)

    def session(self, response: bytes) -> Ev1Session:
        """Take the card's proof; the session it has opened.

        Raises CardRefusedError (``wrong_key`` if the proof does not hold, else ``broken``).
        """
        refuse_wrong_key(response)
        if not same(decrypted(self.key, expect(response, length=BLOCK), self._iv), rotated(self.rnd_a)):
            raise CardRefusedError(CardFault.WRONG_KEY, "the card does not prove that it holds the key")
        return Ev1Session(self.rnd_a[:4] + self._rnd_b[:4] + self.rnd_a[12:] + self._rnd_b[12:])


def authenticate_aes(key: bytes, number: int) -> Generator[bytes, bytes, Ev1Session]:
    """Authenticate with key ``number`` of the selected application, both ways, and open a session."""
    handshake = AuthenticateAes(key, number)
    challenge = yield handshake.begin()
    proof = yield handshake.prove(challenge)
    return handshake.session(proof)
