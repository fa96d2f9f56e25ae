"""A key that verifies notes, as text. Rule: knows which bytes are a key, not what is signed with it.

Specification: C2SP signed-note v1.0.0, sections "Signatures" and "Verifier keys"; the types 0x04 and
0x06 from C2SP tlog-cosignature. One line, three parts joined by "+":

    <name>+<key ID, 8 lowercase hex digits>+<base64(signature type || public key)>
    example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx

key ID = SHA-256(name || 0x0A || signature type || public key)[:4]
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from controller.errors import FormatRefused
from controller.ledger.formats.ed25519_point import require_prime_order
from controller.ledger.formats.spelling import from_base64, to_base64

ED25519 = 0x01
ED25519_COSIGNATURE = 0x04
ML_DSA_44_COSIGNATURE = 0x06

NAME_BYTES = 255
"""A key name may not be longer: an ML-DSA-44 cosignature has one byte for its length."""

KEY_BYTES = {ED25519: 32, ED25519_COSIGNATURE: 32, ML_DSA_44_COSIGNATURE: 1312}
"""The signature types that are understood here, and how long their public keys are."""

_SPELLED = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,2048})").fullmatch


def key_id(name: str, algorithm: int, key: bytes) -> bytes:
    """The four bytes that, with the name, say which key made a signature."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + key).digest()[:4]


def require_name(name: str) -> None:
    """Raise FormatRefused unless this may be a key name: not empty, no Unicode space, no plus, no control."""
    if not name or "+" in name or any(letter.isspace() or letter < " " for letter in name):
        raise FormatRefused(
            f"{name[:60]!r} is not a key name: it is empty, or has a space, a plus or a control"
        )
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        raise FormatRefused(f"{name[:60]!r} is not a key name: it cannot be spelled in UTF-8") from None
    if length > NAME_BYTES:
        raise FormatRefused(f"the key name {name[:60]!r} is longer than {NAME_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under: `key_id` 4 bytes, `algorithm` 0x01, 0x04 or 0x06.

    Raises FormatRefused for unlawful names, other algorithms, wrong lengths, Ed25519 keys that are not
    of prime order, and a key ID that is not the one of these values.
    """

    name: str
    key_id: bytes
    algorithm: int
    key: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.key) != KEY_BYTES.get(self.algorithm):
            raise FormatRefused(
                f"{self.name}: {len(self.key)} bytes are no key of type {self.algorithm:#04x}"
            )
        if self.algorithm != ML_DSA_44_COSIGNATURE:
            require_prime_order(self.key)
        if self.key_id != key_id(self.name, self.algorithm, self.key):
            raise FormatRefused(f"{self.name}: the key ID {self.key_id.hex()} is not that of its key")

    @classmethod
    def of(cls, name: str, algorithm: int, key: bytes) -> Self:
        """The verifier key of a name, a signature type and a raw public key; the key ID is computed."""
        require_name(name)
        return cls(name, key_id(name, algorithm, key), algorithm, key)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the one-line spelling in this file's first lines; raises FormatRefused for any other."""
        parts = _SPELLED(text)
        if parts is None:
            raise FormatRefused(f"{text[:60]!r} is not a verifier key: name+keyid+base64")
        name, identity, material = parts.groups()
        typed = from_base64(material)
        return cls(name, bytes.fromhex(identity), typed[0], typed[1:])

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.algorithm]) + self.key)}"
