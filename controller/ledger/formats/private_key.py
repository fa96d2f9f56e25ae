"""A private key as one line of text. Rule: what is refused is never repeated, for it may be a secret.

Specification: the encoding of signer keys of golang.org/x/mod/sumdb/note, which the C2SP tools share
(signed-note v1.0.0 leaves private keys to the implementation). Five parts joined by "+":

    PRIVATE+KEY+<name>+<key ID, 8 lowercase hex digits>+<base64(signature type || 32-byte seed)>
    PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg

The seed is that of RFC 8032 section 5.1.5 or of FIPS 204 algorithm 6. Whoever builds a key from it
compares the key ID: `parse_private` returns it with the rest only after that.
"""

import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from controller.errors import FormatRefused
from controller.ledger.formats.spelling import from_base64, to_base64
from controller.ledger.formats.verifier_key import (
    KEY_BYTES,
    ML_DSA_44_COSIGNATURE,
    VerifierKey,
    key_id,
    require_name,
)

SEED_BYTES = 32

_SPELLED = re.compile(r"PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})").fullmatch


def private_text(vkey: VerifierKey, seed: bytes) -> str:
    """Spell a private key; the answer is a secret."""
    typed = to_base64(bytes([vkey.algorithm]) + seed)
    return f"PRIVATE+KEY+{vkey.name}+{vkey.key_id.hex()}+{typed}"


def parse_private(secret: str) -> tuple[str, int, bytes]:
    """Read name, signature type and seed; raises FormatRefused without repeating any of the secret."""
    parts = _SPELLED(secret)
    if parts is None:
        raise FormatRefused("not a private key: PRIVATE+KEY+name+keyid+base64")
    name, identity, material = parts.groups()
    require_name(name)
    algorithm, seed = _seed(material)
    if bytes.fromhex(identity) != key_id(name, algorithm, _public(algorithm, seed)):
        raise FormatRefused(f"{name}: the key ID {identity} is not that of the private key")
    return name, algorithm, seed


def _seed(material: str) -> tuple[int, bytes]:
    try:
        typed = from_base64(material)
    except FormatRefused:
        raise FormatRefused("not a private key: its base64 is not canonical") from None
    if typed[0] not in KEY_BYTES or len(typed) != 1 + SEED_BYTES:
        raise FormatRefused(f"not a private key that is understood here: type {typed[0]:#04x}")
    return typed[0], typed[1:]


def _public(algorithm: int, seed: bytes) -> bytes:
    if algorithm == ML_DSA_44_COSIGNATURE:
        return MLDSA44PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
