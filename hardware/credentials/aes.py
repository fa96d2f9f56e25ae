"""The AES-128 of contactless cards: CBC without ceremony, CMAC, and the padding both sides write.

Rule 1: no protocol here and no state; a key is an argument and is kept nowhere.
Rule 2: what a card sent is compared in constant time, by ``same`` and by nothing else.
"""

from __future__ import annotations

from hmac import compare_digest

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
ZERO_IV = bytes(BLOCK)


def encrypted(key: bytes, text: bytes, iv: bytes = ZERO_IV) -> bytes:
    """AES-CBC of whole blocks (NIST SP 800-38A, 6.2). Raises ValueError for a part of a block."""
    cipher = Cipher(AES(key), CBC(iv)).encryptor()
    return cipher.update(text) + cipher.finalize()


def decrypted(key: bytes, text: bytes, iv: bytes = ZERO_IV) -> bytes:
    """The inverse of ``encrypted``. Raises ValueError for a part of a block."""
    cipher = Cipher(AES(key), CBC(iv)).decryptor()
    return cipher.update(text) + cipher.finalize()


def cmac(key: bytes, message: bytes) -> bytes:
    """AES-CMAC, 16 bytes (NIST SP 800-38B, RFC 4493)."""
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


def chained_cmac(key: bytes, message: bytes, iv: bytes) -> bytes:
    """AES-CMAC begun with ``iv`` instead of zeros, as DESFire EV1 chains it from command to answer."""
    whole = bool(message) and len(message) % BLOCK == 0
    text = message if whole else padded(message)
    last = mixed(text[-BLOCK:], subkeys(key)[0 if whole else 1])
    return encrypted(key, text[:-BLOCK] + last, iv)[-BLOCK:]


def subkeys(key: bytes) -> tuple[bytes, bytes]:
    """K1 and K2 of CMAC (NIST SP 800-38B, section 6.1)."""
    first = _doubled(encrypted(key, ZERO_IV))
    return first, _doubled(first)


def truncated(mac: bytes) -> bytes:
    """MACt: every second byte of a CMAC, beginning with the second (AN12196, section 4.3)."""
    return mac[1::2]


def padded(text: bytes) -> bytes:
    """``text`` to whole blocks: 80, then zeros, at least one byte (ISO/IEC 9797-1, padding method 2)."""
    return text + b"\x80" + bytes(-(len(text) + 1) % BLOCK)


def unpadded(text: bytes) -> bytes:
    """The inverse of ``padded``. Raises ValueError where ``padded`` would not have written that."""
    bare = text.rstrip(b"\x00")
    if not bare.endswith(b"\x80") or padded(bare[:-1]) != text:
        raise ValueError("the padding is not 80 and zeros within the last block")
    return bare[:-1]


def rotated(text: bytes) -> bytes:
    """``text`` rotated left by one byte, as both sides send back the other's random number."""
    return text[1:] + text[:1]


def same(one: bytes, other: bytes) -> bool:
    """Whether two secrets agree, in a time that does not depend on where they differ."""
    return compare_digest(one, other)


def mixed(one: bytes, other: bytes) -> bytes:
    """Exclusive or of two texts of one length. Raises ValueError for two lengths."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _doubled(block: bytes) -> bytes:
    # Doubling in GF(2**128) without a branch on a secret.
    value = int.from_bytes(block, "big")
    return ((value << 1) & (2**128 - 1) ^ 0x87 * (value >> 127)).to_bytes(BLOCK, "big")
