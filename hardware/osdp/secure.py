"""The OSDP Secure Channel, both sides of it. Rule 1: bytes only; no device, no clock, no I/O.

Rule 2: verification raises and never returns a bool that one could ignore; comparisons take constant time.
Rule 3: after SecureError the channel is dead; whoever holds it throws it away.

AES-128 throughout (OSDP v2.2 annex D; the vectors of annex E are in the tests). Three session keys come
from the base key (SCBK) and the panel's random number. Commands and replies form one chain: the MAC of each
message starts from the MAC of the one before it, so a message said twice, late or in another session fails.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hmac import compare_digest

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from hardware.osdp.codec import MAC, Frame, covered
from hardware.osdp.messages import Reply

DEFAULT_KEY = bytes(range(0x30, 0x40))
"""SCBK-D, printed in the standard: known to everybody, so never a key here."""
OWN_KEY, PUBLIC_KEY = b"\x01", b"\x00"
"""Data of blocks 11 to 13: the device's own base key, or SCBK-D."""
CHALLENGE, CRYPTOGRAM, PROOF, VERDICT = 0x11, 0x12, 0x13, 0x14
SEALED = {(False, False): 0x15, (True, False): 0x16, (False, True): 0x17, (True, True): 0x18}
"""Block type by (is a reply, has encrypted data)."""
BLOCK = 16


class SecureError(Exception):
    """What was heard cannot come from the device we share a key with. The text is for people.

    ``suspect`` is False for what noise, a late answer or a power loss explains as well.
    """

    def __init__(self, why: str, *, suspect: bool = True) -> None:
        super().__init__(why)
        self.suspect = suspect


class WrongKeyError(SecureError):
    """Somebody answers the challenge, and with another key."""


def _cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    encryptor = Cipher(AES(key), CBC(start)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def _block(key: bytes, data: bytes) -> bytes:
    return _cbc(key, bytes(BLOCK), data)


def _padded(data: bytes) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def _inverted(data: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in data)


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """The three keys of one session."""

    enc: bytes = field(repr=False)
    mac1: bytes = field(repr=False)
    mac2: bytes = field(repr=False)

    @classmethod
    def derive(cls, base_key: bytes, panel_random: bytes) -> SessionKeys:
        """Session keys from a base key of 16 bytes and the panel's 8 random bytes (of which 6 are used)."""
        enc, mac1, mac2 = (
            _block(base_key, (bytes([0x01, label]) + panel_random[:6]).ljust(BLOCK, b"\0"))
            for label in (0x82, 0x01, 0x02)
        )
        return cls(enc, mac1, mac2)

    def peripheral_cryptogram(self, panel_random: bytes, peripheral_random: bytes) -> bytes:
        """What proves to the panel that the peripheral has the key."""
        return _block(self.enc, panel_random + peripheral_random)

    def panel_cryptogram(self, panel_random: bytes, peripheral_random: bytes) -> bytes:
        """What proves to the peripheral that the panel has the key."""
        return _block(self.enc, peripheral_random + panel_random)

    def first_mac(self, panel_cryptogram: bytes) -> bytes:
        """The R-MAC-I that starts the chain."""
        return _block(self.mac2, _block(self.mac1, panel_cryptogram))

    def mac(self, start: bytes, data: bytes) -> bytes:
        """MAC of a message: CBC under S-MAC1, its last block under S-MAC2."""
        whole = data if len(data) % BLOCK == 0 else _padded(data)
        if len(whole) > BLOCK:
            start = _cbc(self.mac1, start, whole[:-BLOCK])[-BLOCK:]
        return _cbc(self.mac2, start, whole[-BLOCK:])


def verify(found: bytes, expected: bytes, why: str, error: type[SecureError] = SecureError) -> None:
    """Raises the error with ``why`` unless both are equal; takes the same time wherever they differ."""
    if not compare_digest(found, expected):
        raise error(why)


class Channel:
    """The chain of sealed messages of one session, seen from either side."""

    def __init__(self, keys: SessionKeys, first_mac: bytes) -> None:
        self._keys = keys
        self._last = {False: bytes(BLOCK), True: first_mac}
        """Last MAC by direction: False commands, True replies."""

    def seal(self, frame: Frame) -> Frame:
        """The frame with its data encrypted and its MAC behind it; the chain moves on."""
        code, data = frame.body[:1], frame.body[1:]
        if data:
            data = _cbc(self._keys.enc, self._vector(frame), _padded(data))
        block = bytes([SEALED[frame.reply, bool(data)]])
        mute = replace(frame, block=block, body=code + data + bytes(MAC))
        mac = self._keys.mac(self._last[not frame.reply], covered(mute))
        self._last[frame.reply] = mac
        return replace(mute, body=code + data + mac[:MAC])

    def open(self, frame: Frame) -> bytes:
        """Code and data in clear of a sealed frame; the chain moves on. Raises SecureError."""
        encrypted = frame.block == bytes([SEALED[frame.reply, True]])
        if not encrypted and frame.block != bytes([SEALED[frame.reply, False]]):
            raise SecureError("answers outside the secure channel")
        mac = self._keys.mac(self._last[not frame.reply], covered(frame))
        verify(frame.body[-MAC:], mac[:MAC], "sends a message that was forged, changed or said before")
        code, data = frame.body[:1], frame.body[1:-MAC]
        clear = self._decrypted(frame, data) if encrypted else data
        # Some peripherals leave the one byte of a NAK readable; anything else has no business in clear.
        if not encrypted and data and code[0] != Reply.NAK:
            raise SecureError("leaves its data unencrypted")
        self._last[frame.reply] = mac
        return code + clear

    def _vector(self, frame: Frame) -> bytes:
        """Start of the encryption: the other side's last MAC inverted."""
        return _inverted(self._last[not frame.reply])

    def _decrypted(self, frame: Frame, data: bytes) -> bytes:
        if not data or len(data) % BLOCK:
            raise SecureError("sends encrypted data of an impossible length")
        decryptor = Cipher(AES(self._keys.enc), CBC(self._vector(frame))).decryptor()
        clear, mark, zeros = (decryptor.update(data) + decryptor.finalize()).rpartition(b"\x80")
        if not mark or any(zeros) or len(zeros) >= BLOCK:
            raise SecureError("sends encrypted data without its end mark")
        return clear
