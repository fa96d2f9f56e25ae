"""What a log witness says about a checkpoint, and when it said it. Rule: the time is given, never asked for.

Specification: C2SP tlog-cosignature, "Format", "Ed25519 signed message", "ML-DSA-44 signed message".
A cosignature is the signature of a note (a checkpoint), after the key ID: the time as 8 bytes, big
endian, POSIX seconds, then the signature. What is signed, for Ed25519 (type 0x04) and for ML-DSA-44 (0x06):

    cosignature/v1                          "subtree/v1" 0A 00
    time 1679315147                         1 byte length, cosigner name
    example.com/behind-the-sofa             8 bytes time
    20852163                                1 byte length, log origin
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2...     8 bytes start (0), 8 bytes end (size), 32 bytes root

"log witness" is always such a machine; a witness alone is a person in this project. Every cosignature
here is of a whole tree, with a time: a log witness MUST NOT omit it (tlog-witness, add-checkpoint).
"""

from collections.abc import Callable
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.private_key import parse_private, private_text
from controller.ledger.formats.spelling import NUMBER_LIMIT
from controller.ledger.formats.verifier_key import ED25519_COSIGNATURE, ML_DSA_44_COSIGNATURE, VerifierKey

SIGNATURE_BYTES = {ED25519_COSIGNATURE: 64, ML_DSA_44_COSIGNATURE: 2420}
_TIME_BYTES = 8


class Cosigner:
    """A log witness's key: signs checkpoints with the time that `now` tells (POSIX seconds).

    Which of the two types it makes follows from the private key's class.
    """

    __slots__ = ("_now", "_private", "vkey")

    def __init__(
        self, name: str, private: Ed25519PrivateKey | MLDSA44PrivateKey, now: Callable[[], int]
    ) -> None:
        is_ed25519 = isinstance(private, Ed25519PrivateKey)
        algorithm = ED25519_COSIGNATURE if is_ed25519 else ML_DSA_44_COSIGNATURE
        self.vkey = VerifierKey.of(name, algorithm, private.public_key().public_bytes_raw())
        self._private, self._now = private, now

    def __repr__(self) -> str:
        return f"Cosigner({self.vkey.name}+{self.vkey.key_id.hex()})"

    @classmethod
    def parse(cls, secret: str, now: Callable[[], int]) -> Self:
        """Read `secret_text()` back; raises FormatRefused without repeating any of the secret."""
        name, algorithm, seed = parse_private(secret)
        if algorithm == ED25519_COSIGNATURE:
            return cls(name, Ed25519PrivateKey.from_private_bytes(seed), now)
        if algorithm == ML_DSA_44_COSIGNATURE:
            return cls(name, MLDSA44PrivateKey.from_seed_bytes(seed), now)
        raise FormatRefused(f"{name}: the private key is of type {algorithm:#04x}, not a cosigner's")

    def secret_text(self) -> str:
        """The private key as a line PRIVATE+KEY+name+keyid+base64: a secret, for a protected file only."""
        return private_text(self.vkey, self._private.private_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Cosign a checkpoint's text now: 8 bytes of time and the signature.

        Raises FormatRefused when the message is not a checkpoint or the clock stands before 1970.
        """
        return self.sign_at(message, self._now())

    def sign_at(self, message: bytes, timestamp: int) -> bytes:
        """Cosign as `sign` does, with a given time in POSIX seconds from 1 to 2^63 - 1."""
        signature = self._private.sign(_signed_message(self.vkey, message, timestamp))
        return timestamp.to_bytes(_TIME_BYTES, "big") + signature


def timestamp_of(signature: bytes) -> int:
    """The time in a cosignature's bytes (after the key ID), POSIX seconds; true only once it verified."""
    timestamp = int.from_bytes(signature[:_TIME_BYTES], "big")
    if len(signature) <= _TIME_BYTES or not 0 < timestamp <= NUMBER_LIMIT:
        raise FormatRefused("a cosignature has no time from 1 to 2^63 - 1")
    return timestamp


def check_cosignature(vkey: VerifierKey, message: bytes, signature: bytes) -> None:
    """Check a cosignature over a checkpoint's text; raises FormatRefused unless it holds."""
    timestamp, proper = timestamp_of(signature), signature[_TIME_BYTES:]
    if len(proper) != SIGNATURE_BYTES.get(vkey.algorithm):
        raise FormatRefused(f"{vkey.name}: {len(proper)} bytes are no cosignature of this type")
    signed = _signed_message(vkey, message, timestamp)
    try:
        if vkey.algorithm == ED25519_COSIGNATURE:
            Ed25519PublicKey.from_public_bytes(vkey.key).verify(proper, signed)
        else:
            MLDSA44PublicKey.from_public_bytes(vkey.key).verify(proper, signed)
    except InvalidSignature:
        raise FormatRefused(f"{vkey.name}: the cosignature is not by this key over this checkpoint") from None


def _signed_message(vkey: VerifierKey, message: bytes, timestamp: int) -> bytes:
    if not 0 < timestamp <= NUMBER_LIMIT:
        raise FormatRefused(f"{vkey.name}: a cosignature's time is from 1 to 2^63 - 1, not {timestamp}")
    checkpoint = _checkpoint(vkey, message)
    if vkey.algorithm == ED25519_COSIGNATURE:
        return f"cosignature/v1\ntime {timestamp}\n".encode() + message
    return (
        b"subtree/v1\n\x00"
        + _short(vkey.name)
        + timestamp.to_bytes(8, "big")
        + _short(checkpoint.origin)
        + (0).to_bytes(8, "big")
        + checkpoint.size.to_bytes(8, "big")
        + checkpoint.root
    )


def _checkpoint(vkey: VerifierKey, message: bytes) -> Checkpoint:
    try:
        return Checkpoint.parse(message.decode())
    except UnicodeDecodeError:
        raise FormatRefused(f"{vkey.name}: what was cosigned is not UTF-8") from None


def _short(text: str) -> bytes:
    """opaque<1..2^8-1> of RFC 8446 section 3.4; names and origins are never longer."""
    octets = text.encode()
    return bytes([len(octets)]) + octets
