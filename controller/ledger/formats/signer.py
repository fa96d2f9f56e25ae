"""Who signs notes, behind one interface. Rule: a signer never shows its private key unless asked by name.

Specification: C2SP signed-note v1.0.0, section "Ed25519 signatures" (type 0x01, RFC 8032 over the text).
A file, a PKCS#11 token or a TPM can each be a Signer; a log witness's Cosigner is one as well.

    — example.com/log/testdata M9e0lg...      what `signed` writes for the key example.com/log/testdata
"""

from typing import Protocol, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.errors import FormatRefused
from controller.ledger.formats.note import Signature, SignedNote
from controller.ledger.formats.private_key import parse_private, private_text
from controller.ledger.formats.verifier_key import ED25519, VerifierKey


class Signer(Protocol):
    """Signs note texts: `vkey` says as whom, `sign` gives what stands after the key ID in the line."""

    @property
    def vkey(self) -> VerifierKey:
        """The public half, as verifiers must know it."""

    def sign(self, message: bytes) -> bytes:
        """The signature over a note's text, in the form that the key's type demands."""


class Ed25519Signer:
    """A private Ed25519 key held in memory, signing as type 0x01 under `name`."""

    __slots__ = ("_private", "vkey")

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self.vkey = VerifierKey.of(name, ED25519, private.public_key().public_bytes_raw())
        self._private = private

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.vkey.name}+{self.vkey.key_id.hex()})"

    @classmethod
    def generate(cls, name: str) -> Self:
        """A new key from the system's randomness."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, secret: str) -> Self:
        """Read `secret_text()` back; raises FormatRefused without repeating any of the secret."""
        name, algorithm, seed = parse_private(secret)
        if algorithm != ED25519:
            raise FormatRefused(f"{name}: the private key is of type {algorithm:#04x}, not Ed25519")
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    def secret_text(self) -> str:
        """The private key as a line PRIVATE+KEY+name+keyid+base64: a secret, for a protected file only."""
        return private_text(self.vkey, self._private.private_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of RFC 8032 over the message."""
        return self._private.sign(message)


def signed(text: str, *signers: Signer) -> SignedNote:
    """The text as a note, signed by each signer in turn; afterwards `verify` accepts it with their keys."""
    message = text.encode()
    return SignedNote(text, tuple(Signature.by(signer.vkey, signer.sign(message)) for signer in signers))
