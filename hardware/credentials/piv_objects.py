"""What a PIV card answers, taken apart: BER-TLV objects and the public key of a certificate. No I/O.

Rule 1: every length is checked against what is there and against a limit; nothing is read twice or guessed.
Rule 2: of a certificate the public key is taken and nothing else is believed: what counts is who enrolled it.
Sources: NIST SP 800-73-4 part 1, appendix A (table 42) and part 2, section 3.1.2; ISO/IEC 7816-4, 6.3.
"""

from __future__ import annotations

import re
import warnings
import zlib
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import InvalidVersion, load_der_x509_certificate

from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.signals import CardFault

LONGEST_OBJECT = 4096
"""Bytes of a certificate object, compressed or not; the largest test cards of the GSA have 2160."""
RSA_BITS = 2048
TOKEN_BYTES = 16
_LEAST_EXPONENT = 65537  # NIST SP 800-78-4, section 3.1: with a smaller one a signature may be made up
_OBJECT, _CERTIFICATE, _CERT_INFO = 0x53, 0x70, 0x71
_PLAIN, _GZIP = b"\x00", b"\x01"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_UNREADABLE = (ValueError, InvalidVersion, UnsupportedAlgorithm, CryptographyDeprecationWarning)

# What the library is going to refuse in certificates is refused today, and no card can write a warning.
warnings.filterwarnings("error", category=CryptographyDeprecationWarning, module=re.escape(__name__))

PublicKey = EllipticCurvePublicKey | RSAPublicKey


def broken(why: str) -> CardRefusedError:
    """The refusal of a card whose objects have a wrong form."""
    return CardRefusedError(CardFault.BROKEN, why)


def objects(data: bytes) -> dict[int, bytes]:
    """The BER-TLV objects that ``data`` consists of, by their tags of one byte.

    Raises CardRefusedError (``broken``) for a tag twice, a long tag, and a length that does not fit.
    """
    found: dict[int, bytes] = {}
    while data:
        tag, value, data = _first(data)
        if tag in found:
            raise broken(f"an object {tag:02X} twice")
        found[tag] = value
    return found


def only(data: bytes, tag: int) -> bytes:
    """The value of the one object that ``data`` consists of."""
    found = objects(data)
    if list(found) != [tag]:
        raise broken(f"no object {tag:02X} alone")
    return found[tag]


def public_key(data: bytes) -> PublicKey:
    """The key in the certificate object a card gave.

    Raises NotThisCardError for a key of another kind than P-256 and RSA-2048, CardRefusedError (``broken``)
    for what is no certificate.
    """
    certificate = _certificate(data)
    try:
        key = load_der_x509_certificate(certificate).public_key()
    except _UNREADABLE as error:
        raise broken("the card's certificate cannot be read") from error
    return _known(key)


def token(key: PublicKey) -> str:
    """The badge number of a key: the first 16 bytes of SHA-256 of its SubjectPublicKeyInfo, in hex."""
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(info).digest()[:TOKEN_BYTES].hex().upper()


def _known(key: object) -> PublicKey:
    match key:
        case EllipticCurvePublicKey() if isinstance(key.curve, SECP256R1):
            return key
        case RSAPublicKey() if key.key_size == RSA_BITS and key.public_numbers().e >= _LEAST_EXPONENT:
            return key
    raise NotThisCardError("a PIV card with a key that is neither P-256 nor RSA-2048")


def _certificate(data: bytes) -> bytes:
    parts = objects(only(data, _OBJECT))
    if not parts.get(_CERTIFICATE):
        raise NotThisCardError("a PIV card with an empty certificate object")
    how = parts.get(_CERT_INFO)
    if how not in {_PLAIN, _GZIP}:
        raise broken("a certificate in an unknown form")
    return parts[_CERTIFICATE] if how == _PLAIN else _unpacked(parts[_CERTIFICATE])


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(_GZIP_WINDOW)
    try:
        certificate = unpacking.decompress(packed, LONGEST_OBJECT)
    except zlib.error as error:
        raise broken("a certificate that cannot be unpacked") from error
    if not unpacking.eof or unpacking.unused_data:
        raise broken("a certificate that is not packed in one piece, or is too long")
    return certificate


def _first(data: bytes) -> tuple[int, bytes, bytes]:
    tag = data[0]
    length, start = _length(data[1:4])
    end = 1 + start + length
    if tag & 0x1F == 0x1F or end > len(data):
        raise broken(f"an object {tag:02X} whose length does not fit")
    return tag, data[1 + start : end], data[end:]


def _length(field: bytes) -> tuple[int, int]:
    # The length, and the bytes it took: 1, or 81 and one, or 82 and two (ISO/IEC 7816-4, 6.3). A length
    # that is cut off is noticed by the caller: its value would lie behind the end.
    if field and field[0] < 0x80:
        return field[0], 1
    more = field[0] - 0x80 if field else 0
    if more not in {1, 2}:
        raise broken("an object without a proper length")
    return int.from_bytes(field[1 : 1 + more], "big"), 1 + more
