"""The card's side of DESFire secure messaging: EV1 (one running IV) and EV2 (counter and transaction number).

Rule: written from the card's point of view and from the documents alone; it shares no code with the reader's
side, so that one misreading cannot sit on both ends. Sources: NXP MF3ICDx21_41_81 (EV1), AN12196 (EV2).
"""

from __future__ import annotations

import binascii
import struct
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

PLAIN, MACED, FULL = 0, 1, 3
"""Communication modes as a file's settings write them."""


class ChannelError(Exception):
    """The reader's message does not fit the session; ``status`` is what the card says then."""

    def __init__(self, status: int = 0x1E) -> None:
        super().__init__(f"91{status:02X}")
        self.status = status


class Channel(Protocol):
    """A session with key ``number``; ``received`` and ``sent`` are called once each for every command."""

    number: int

    def received(self, code: int, body: bytes, header: int | None, mode: int) -> tuple[bytes, bytes]:
        """Header (so many bytes; None: all) and data of a command in clear. Raises ChannelError."""

    def sent(self, data: bytes, mode: int) -> bytes:
        """The answer of a command that went well, protected."""

    def new_key(self, code: int, body: bytes, old: bytes | None) -> bytes:
        """The key in a ChangeKey; ``old`` if it is not the key of this session. Raises ChannelError."""


def seal(key: bytes, text: bytes, iv: bytes) -> bytes:
    """AES-128 in CBC, as the card encrypts."""
    return Cipher(algorithms.AES128(key), modes.CBC(iv)).encryptor().update(text)


def unseal(key: bytes, text: bytes, iv: bytes) -> bytes:
    """AES-128 in CBC, as the card decrypts. Raises ChannelError for a part of a block or for nothing."""
    if not text or len(text) % 16:
        raise ChannelError
    return Cipher(algorithms.AES128(key), modes.CBC(iv)).decryptor().update(text)


def crc(text: bytes) -> bytes:
    """CRC-32 as the card writes it: not inverted at the end, low byte first."""
    return struct.pack("<I", ~binascii.crc32(text) & 0xFFFFFFFF)


def xor(one: bytes, two: bytes) -> bytes:
    """Bitwise sum of the common length."""
    return bytes(x ^ y for x, y in zip(one, two, strict=False))


@dataclass(slots=True)
class Ev1Channel:
    """EV1: the IV of every cryptogram and of every CMAC is the last block that crossed before."""

    key: bytes
    number: int
    iv: bytes = b"\x00" * 16

    def received(self, code: int, body: bytes, header: int | None, mode: int) -> tuple[bytes, bytes]:
        """As Channel says."""
        header = len(body) if header is None else header
        head, rest = body[:header], body[header:]
        if mode == FULL and rest:
            text = self._opened(rest)
            length = int.from_bytes(head[4:7], "little")
            data, check = text[:length], text[length : length + 4]
            if check != crc(bytes([code]) + head + data):
                raise ChannelError
            return head, data
        self._mac(bytes([code]) + body)
        return head, rest

    def sent(self, data: bytes, mode: int) -> bytes:
        """As Channel says."""
        if mode == FULL and data:
            text = data + crc(data + b"\x00")
            sealed = seal(self.key, text + b"\x00" * (-len(text) % 16), self.iv)
            self.iv = sealed[-16:]
            return sealed
        return data + self._mac(data + b"\x00")[:8]

    def new_key(self, code: int, body: bytes, old: bytes | None) -> bytes:
        """As Channel says."""
        text = self._opened(body[1:])
        if text[17:21] != crc(bytes([code]) + body[:1] + text[:17]):
            raise ChannelError
        key = text[:16] if old is None else xor(text[:16], old)
        if old is not None and text[21:25] != crc(key):
            raise ChannelError
        return key

    def _opened(self, sealed: bytes) -> bytes:
        text = unseal(self.key, sealed, self.iv)
        self.iv = sealed[-16:]
        return text

    def _mac(self, message: bytes) -> bytes:
        # Block by block, since CMAC as libraries know it always begins with zeros.
        padding = (
            b"" if message and len(message) % 16 == 0 else b"\x80" + b"\x00" * (-(len(message) + 1) % 16)
        )
        number = int.from_bytes(seal(self.key, bytes(16), bytes(16)), "big")
        for _ in range(2 if padding else 1):
            number = number << 1 if number < 1 << 127 else (number << 1) % (1 << 128) ^ 0x87
        text = message + padding
        state = self.iv
        for at in range(0, len(text), 16):
            last = at + 16 == len(text)
            block = xor(text[at : at + 16], number.to_bytes(16, "big")) if last else text[at : at + 16]
            state = seal(self.key, block, state)
        self.iv = state
        return state


@dataclass(slots=True)
class Ev2Channel:
    """EV2: MACs over command, counter and transaction number; fresh IVs from both."""

    enc: bytes
    mac: bytes
    ti: bytes
    number: int
    count: int = 0

    def received(self, code: int, body: bytes, header: int | None, mode: int) -> tuple[bytes, bytes]:
        """As Channel says."""
        if mode == PLAIN:
            return body[:header], body[header or len(body) :]
        text, mac = body[:-8], body[-8:]
        header = len(text) if header is None else header
        if len(text) < header or len(mac) < 8:
            raise ChannelError(0x7E)
        if mac != self._mac(code, text):
            raise ChannelError
        return text[:header], self._opened(text[header:]) if mode == FULL and text[header:] else text[header:]

    def sent(self, data: bytes, mode: int) -> bytes:
        """As Channel says."""
        self.count += 1
        if mode == PLAIN:
            return data
        if mode == FULL and data:
            text = data + b"\x80"
            data = seal(self.enc, text + b"\x00" * (-len(text) % 16), self._iv(0x5AA5))
        return data + self._mac(0, data)

    def new_key(self, code: int, body: bytes, old: bytes | None) -> bytes:
        """As Channel says."""
        _, text = self.received(code, body, 1, FULL)
        if len(text) != (17 if old is None else 21):
            raise ChannelError(0x7E)
        key = text[:16] if old is None else xor(text[:16], old)
        if old is not None and text[17:] != crc(key):
            raise ChannelError
        return key

    def _opened(self, sealed: bytes) -> bytes:
        text = unseal(self.enc, sealed, self._iv(0xA55A)).rstrip(b"\x00")
        if text[-1:] != b"\x80":
            raise ChannelError
        return text[:-1]

    def _mac(self, code: int, text: bytes) -> bytes:
        mac = CMAC(algorithms.AES128(self.mac))
        mac.update(struct.pack("<BH", code, self.count) + self.ti + text)
        return mac.finalize()[1::2]

    def _iv(self, label: int) -> bytes:
        block = struct.pack(">H4s", label, self.ti) + struct.pack("<H8x", self.count)
        return seal(self.enc, block, bytes(16))
