"""A passkey in software: what a browser and its authenticator answer, honest unless told otherwise.

It makes P-256 keys, spells COSE, CBOR and client data by the letter of WebAuthn level 2 (sections 5.8.1, 6.1
and 6.5), and keeps its own counter. Tests and whoever must sign without a browser use it.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

UP, UV, AT = 0x01, 0x04, 0x40


def letters(octets: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def octets(text: str) -> bytes:
    """Bytes of base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(slots=True)
class SoftKey:
    """One passkey; what it says of itself can be changed to attack with."""

    origin: str
    rp_id: str
    counts: bool = True
    count: int = 0
    verified: bool = True
    cross: bool = False
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def id(self) -> str:
        """Credential id in base64url."""
        return letters(self.credential)

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer of navigator.credentials.create()."""
        self.user = octets(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cose
        data = self._data(AT) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = {
            "clientDataJSON": letters(self._client("webauthn.create", options)),
            "attestationObject": letters(statement),
        }
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": said}

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer of navigator.credentials.get()."""
        client, data = self._client("webauthn.get", options), self._data(0)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {
            "clientDataJSON": letters(client),
            "authenticatorData": letters(data),
            "signature": letters(signature),
            "userHandle": letters(self.user),
        }
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": said}

    def _data(self, more: int) -> bytes:
        self.count += self.counts
        flags = UP | (UV if self.verified else 0) | more
        return sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.cross,
        }
        return json.dumps(said, separators=(",", ":")).encode()
