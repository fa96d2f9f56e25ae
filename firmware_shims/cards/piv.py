"""A PIV card in software, as a contactless reader meets it: certificate and signature of slot 9E, no PIN.

Rule 1: it has its own protocol code and shows what a card shows: short APDUs, 61xx for what does not fit.
Rule 2: it may lie: another certificate, a replayed or spoilt signature, none, an object without end.
Sources: NIST SP 800-73-4 part 2; ISO/IEC 7816-4. Not shown: PINs, other slots, secure messaging.
"""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_APPLICATION = bytes.fromhex("A000000308000010000100")
_ALGORITHM_P256, _ALGORITHM_RSA2048 = 0x11, 0x07
_OK, _NO_FILE, _NO_KEY = b"\x90\x00", b"\x6a\x82", b"\x6a\x88"
_WRONG_DATA, _WRONG_CLASS, _UNKNOWN = b"\x6a\x80", b"\x6e\x00", b"\x6d\x00"
_PIECE = 256


class Trick(StrEnum):
    """How the card lies."""

    HONEST = "honest"
    SPOILT_SIGNATURE = "spoilt_signature"
    REPLAYED_SIGNATURE = "replayed_signature"
    NO_SIGNATURE = "no_signature"
    ENDLESS = "endless"


def p256() -> ec.EllipticCurvePrivateKey:
    """A new key of the kind most cards have."""
    return ec.generate_private_key(ec.SECP256R1())


def certificate(key: PrivateKey) -> bytes:
    """A certificate over the key, signed by itself: who signed decides nothing at a door."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a card")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=3650))
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


@dataclass(slots=True)
class PivCard:
    """A card with one key. ``shown`` is the certificate it gives, its own unless it lies about that.

    ``answer`` takes a command APDU and gives the response APDU. ``signatures`` are those it has made, in
    order; ``lies`` may be set at any time.
    """

    uid: bytes = bytes.fromhex("04A1B2C3D4E5F6")
    key: PrivateKey = field(default_factory=p256, repr=False)
    shown: bytes = b""
    packed: bool = False
    lies: Trick = Trick.HONEST
    signatures: list[bytes] = field(default_factory=list)
    _selected: bool = False
    _rest: bytes = b""
    _chain: bytes = b""

    def __post_init__(self) -> None:
        self.shown = self.shown or certificate(self.key)

    def answer(self, apdu: bytes) -> bytes | None:
        """One APDU and its answer."""
        if len(apdu) < 4 or apdu[0] not in {0x00, 0x10}:
            return _WRONG_CLASS
        known = {0xA4: self._select, 0xC0: self._get_response, 0xCB: self._get_data, 0x87: self._authenticate}
        return known.get(apdu[1], _unknown)(apdu)

    def power_on(self) -> None:
        """What the card forgets when it leaves the field."""
        self._selected, self._rest, self._chain = False, b"", b""

    def certificate_object(self) -> bytes:
        """The object 5FC101: certificate, CertInfo, error detection code."""
        body = gzip.compress(self.shown) if self.packed else self.shown
        return _tlv(0x53, _tlv(0x70, body) + _tlv(0x71, bytes((self.packed,))) + _tlv(0xFE, b""))

    def _select(self, apdu: bytes) -> bytes:
        self._selected = _body(apdu) == _APPLICATION
        return _tlv(0x61, _tlv(0x4F, _APPLICATION)) + _OK if self._selected else _NO_FILE

    def _get_data(self, apdu: bytes) -> bytes:
        if not self._selected or apdu[2:4] != b"\x3f\xff" or _body(apdu) != bytes.fromhex("5C035FC101"):
            return _NO_FILE
        return self._give(self.certificate_object())

    def _get_response(self, _: bytes) -> bytes:
        return self._give(self._rest)

    def _give(self, data: bytes) -> bytes:
        if self.lies is Trick.ENDLESS:
            return secrets.token_bytes(_PIECE) + b"\x61\x00"
        piece, self._rest = data[:_PIECE], data[_PIECE:]
        left = len(self._rest)
        return piece + (bytes((0x61, left if left < _PIECE else 0)) if left else _OK)

    def _authenticate(self, apdu: bytes) -> bytes:
        self._chain += _body(apdu)
        if apdu[0] == 0x10:
            return _OK
        template, self._chain = self._chain, b""
        if not self._selected or apdu[3] != 0x9E or self.lies is Trick.NO_SIGNATURE:
            return _NO_KEY
        return self._respond(apdu[2], template)

    def _respond(self, algorithm: int, template: bytes) -> bytes:
        signing = self._signing()
        if algorithm != signing.algorithm or not template.startswith(signing.asks):
            return _WRONG_DATA
        self.signatures.append(signing.sign(template[len(signing.asks) :]))
        return self._give(_tlv(0x7C, _tlv(0x82, self._told())))

    def _told(self) -> bytes:
        if self.lies is Trick.REPLAYED_SIGNATURE:
            return self.signatures[0]
        last = self.signatures[-1]
        return last[:-1] + bytes((last[-1] ^ 1,)) if self.lies is Trick.SPOILT_SIGNATURE else last

    def _signing(self) -> _Signing:
        key = self.key
        if isinstance(key, rsa.RSAPrivateKey):
            numbers = key.private_numbers()
            modulus, exponent = numbers.public_numbers.n, numbers.d
            return _Signing(
                _ALGORITHM_RSA2048,
                bytes.fromhex("7C820106820081820100"),
                lambda block: pow(int.from_bytes(block, "big"), exponent, modulus).to_bytes(256, "big"),
            )
        return _Signing(
            _ALGORITHM_P256,
            bytes.fromhex("7C2482008120"),
            lambda digest: key.sign(digest, ec.ECDSA(Prehashed(SHA256()))),
        )


@dataclass(frozen=True, slots=True)
class _Signing:
    algorithm: int
    asks: bytes
    sign: Callable[[bytes], bytes]


def _unknown(_: bytes) -> bytes:
    return _UNKNOWN


def _body(apdu: bytes) -> bytes:
    return apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""


def _tlv(tag: int, value: bytes) -> bytes:
    size = len(value)
    length = bytes((size,)) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return bytes((tag,)) + length + value
