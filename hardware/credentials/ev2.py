"""EV2 secure messaging: AuthenticateEV2First (71) and what follows it, for DESFire EV2/EV3 and NTAG 424 DNA.

Sources: NXP AN12196 rev. 2.0 (NTAG 424 DNA features and hints), sections 4.3 and 5.6 to 5.16; NT4H2421Gx
data sheet, section 9.1.
Rule 1: no wire. ``authenticate`` is a part of a conversation: ``session = yield from authenticate(key, 0)``.
Rule 2: a card that does not hold the key is ``wrong_key``; any other answer a genuine card does not give is
``broken``. Nothing a card sends is used before its MAC has been compared.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import Enum, auto
from os import urandom

from hardware.credentials.aes import (
    BLOCK,
    cmac,
    decrypted,
    encrypted,
    mixed,
    padded,
    rotated,
    same,
    truncated,
    unpadded,
)
from hardware.credentials.exchange import CardRefusedError
from hardware.credentials.native import (
    Status,
    broken,
    crc32,
    expect,
    refuse_wrong_key,
    split,
    wrapped,
)
from hardware.signals import CardFault

AUTHENTICATE_EV2_FIRST = 0x71
ADDITIONAL_FRAME = 0xAF
CHANGE_KEY = 0xC4
_MAC_BYTES = 8
_TI_BYTES = 4
_CAPABILITIES = 12
_TO_CARD, _FROM_CARD = b"\xa5\x5a", b"\x5a\xa5"


class CommMode(Enum):
    """How much of a command and its answer is protected: nothing, a MAC, or a MAC over encrypted data."""

    PLAIN = auto()
    MAC = auto()
    FULL = auto()


class UnknownCommandError(CardRefusedError):
    """The card does not know this way of authenticating (911C), as a DESFire EV1 does not know EV2First."""


@dataclass(slots=True)
class Session:
    """One authenticated session: the keys of AES-128, the transaction identifier and the command counter.

    It ends for the card with the first error and with the next selection or authentication.
    """

    key_enc: bytes = field(repr=False)
    key_mac: bytes = field(repr=False)
    ti: bytes
    counter: int = 0
    _mode: CommMode = field(default=CommMode.PLAIN, init=False)

    def command(
        self, code: int, header: bytes = b"", data: bytes = b"", mode: CommMode = CommMode.FULL
    ) -> bytes:
        """The APDU of a native command: ``header`` is never encrypted, ``data`` is in CommMode FULL.

        Raises ValueError if it does not fit in one APDU.
        """
        self._mode = mode
        if mode is CommMode.PLAIN:
            return wrapped(code, header + data)
        if mode is CommMode.FULL and data:
            data = encrypted(self.key_enc, padded(data), self._iv(_TO_CARD))
        return wrapped(code, header + data + self._mac(code, header + data))

    def open(self, response: bytes) -> bytes:
        """The data of the answer to the last ``command``, in the same CommMode.

        Raises CardRefusedError (``broken``) for an error status, a wrong MAC or a wrong padding.
        """
        body = expect(response)
        self.counter += 1
        if self._mode is CommMode.PLAIN:
            return body
        if len(body) < _MAC_BYTES:
            broken("an answer without its MAC")
        data, mac = body[:-_MAC_BYTES], body[-_MAC_BYTES:]
        if not same(mac, self._mac(Status.OK, data)):
            broken("an answer with a wrong MAC")
        return self._decrypted(data) if self._mode is CommMode.FULL and data else data

    def ask(
        self,
        code: int,
        header: bytes = b"",
        data: bytes = b"",
        mode: CommMode = CommMode.FULL,
        due: int | None = None,
    ) -> Generator[bytes, bytes, bytes]:
        """Command and answer as a part of a conversation; as ``command`` and ``open``.

        ``due``: exactly this many bytes must come back; else CardRefusedError (``broken``).
        """
        answer = self.open((yield self.command(code, header, data, mode)))
        if due is not None and len(answer) != due:
            broken(f"{len(answer)} bytes where {due} are due")
        return answer

    def change_key(self, number: int, new: bytes, old: bytes, version: int) -> Generator[bytes, bytes, None]:
        """Change another key than the session's own (NT4H2421Gx, 10.6.1); ``old``: what it was until now."""
        data = mixed(new, old) + bytes((version,)) + crc32(new)
        yield from self.ask(CHANGE_KEY, bytes((number,)), data, due=0)

    def change_own_key(self, number: int, new: bytes, version: int) -> Generator[bytes, bytes, None]:
        """Change the key of this session, which ends with it.

        The card answers without a MAC (AN12196, section 5.16.2): only the next authentication proves it.
        """
        expect((yield self.command(CHANGE_KEY, bytes((number,)), new + bytes((version,)))), length=0)

    def _decrypted(self, data: bytes) -> bytes:
        if len(data) % BLOCK:
            broken("an answer with a part of a block")
        try:
            return unpadded(decrypted(self.key_enc, data, self._iv(_FROM_CARD)))
        except ValueError as error:
            raise CardRefusedError(CardFault.BROKEN, str(error)) from error

    def _mac(self, code: int, text: bytes) -> bytes:
        return truncated(cmac(self.key_mac, bytes((code,)) + self._count + self.ti + text))

    def _iv(self, direction: bytes) -> bytes:
        return encrypted(self.key_enc, direction + self.ti + self._count + bytes(8))

    @property
    def _count(self) -> bytes:
        return self.counter.to_bytes(2, "little")


@dataclass(slots=True)
class Ev2First:
    """The three-pass authentication with one AES-128 key of the card, step by step.

    ``rnd_a`` is our random number; it is given only to repeat a published example.
    """

    key: bytes = field(repr=False)
    number: int
    rnd_a: bytes = field(default_factory=lambda: urandom(BLOCK), repr=False)
    _rnd_b: bytes = field(default=b"", init=False, repr=False)

    def begin(self) -> bytes:
        """The first command, without capabilities of the reader (LenCap 0)."""
        return wrapped(AUTHENTICATE_EV2_FIRST, bytes((self.number, 0)))

    def prove(self, response: bytes) -> bytes:
        """Take the card's challenge, give the second command.

        Raises UnknownCommandError, CardRefusedError (``wrong_key`` for 91AE, else ``broken``).
        """
        if split(response)[1] == Status.UNKNOWN_COMMAND:
            raise UnknownCommandError(CardFault.BROKEN, "the card does not know this authentication")
        refuse_wrong_key(response)
        self._rnd_b = decrypted(self.key, expect(response, Status.MORE, BLOCK))
        return wrapped(ADDITIONAL_FRAME, encrypted(self.key, self.rnd_a + rotated(self._rnd_b)))

    def session(self, response: bytes) -> Session:
        """Take the card's proof; the session it has opened.

        The capabilities of both sides, which the card repeats, decide nothing here and are not read.
        Raises CardRefusedError (``wrong_key`` if the proof does not hold, else ``broken``).
        """
        refuse_wrong_key(response)
        text = decrypted(self.key, expect(response, Status.OK, _TI_BYTES + BLOCK + _CAPABILITIES))
        if not same(text[_TI_BYTES : _TI_BYTES + BLOCK], rotated(self.rnd_a)):
            raise CardRefusedError(CardFault.WRONG_KEY, "the card does not prove that it holds the key")
        return Session(*session_keys(self.key, self.rnd_a, self._rnd_b), text[:_TI_BYTES])


def authenticate(key: bytes, number: int) -> Generator[bytes, bytes, Session]:
    """Authenticate with key ``number`` of the selected application, both ways, and open a session."""
    first = Ev2First(key, number)
    challenge = yield first.begin()
    proof = yield first.prove(challenge)
    return first.session(proof)


def session_keys(key: bytes, rnd_a: bytes, rnd_b: bytes) -> tuple[bytes, bytes]:
    """Session keys for encryption and for MAC, from SV1 and SV2 (NT4H2421Gx, section 9.1.7)."""
    context = b"\x00\x01\x00\x80" + rnd_a[:2] + mixed(rnd_a[2:8], rnd_b[:6]) + rnd_b[6:] + rnd_a[8:]
    return cmac(key, _TO_CARD + context), cmac(key, _FROM_CARD + context)
