"""Level ``piv``: a card that signs our challenge with the key of its card authentication certificate (9E).

Rule 1: the badge is its key: the token is a digest of the public key, and no name, date, issuer or signature
in the certificate is believed. There is no revocation either: a lost card is revoked here, by its token.
Rule 2: the challenge is ours, random and new for each exchange; nothing counts before the answer verifies.
What this proves: a card that holds the private key answers now. What it does not: who carries it (slot 9E
works without a PIN, as contactless cards must), who issued it, that the issuer still stands by it, or that it
lies on this reader and not on another one further away (only the time limits speak against a relay).
Sources: NIST SP 800-73-4 part 2, sections 3.1 and 3.2.4; SP 800-78-4, tables 3-1 and 6-2.
"""

from __future__ import annotations

from collections.abc import Generator
from os import urandom

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError, Proof, Scheme
from hardware.credentials.iso7816 import said_no, select_application, selected, split
from hardware.credentials.piv_objects import (
    LONGEST_OBJECT,
    RSA_BITS,
    PublicKey,
    broken,
    only,
    public_key,
    token,
)
from hardware.credentials.site_keys import SiteKeys
from hardware.signals import CardFault

APPLICATION = bytes.fromhex("A000000308000010000100")
CERTIFICATE = bytes.fromhex("5FC101")
CHALLENGE_BYTES = 32
P256, RSA2048 = 0x11, 0x07  # SP 800-78-4, table 6-2
_SLOT = 0x9E
_TEMPLATE, _CHALLENGE, _RESPONSE = 0x7C, 0x81, 0x82
_LONGEST_BODY = 255
_MOST_PIECES = 64
_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, 9.2, note 1

_Talk = Generator[bytes, bytes, bytes]


def read(_: bytes, __: SiteKeys | None) -> Exchange:
    """Prove a card by a challenge of ours; without a site key, for the card's key is its own.

    Raises NotThisCardError for a card without the application, the certificate, or a key of a known kind,
    and CardRefusedError: ``wrong_key`` for a card that does not hold the key it shows, else ``broken``.
    """
    return (yield from proved(urandom(CHALLENGE_BYTES)))


def proved(challenge: bytes) -> Exchange:
    """Select the application, read the certificate, let the card sign, verify.

    ``challenge`` (32 bytes) must never have been used; it is given only to repeat a recorded exchange.
    """
    key = public_key((yield from _certificate_object()))
    answer = yield from _asked(key, challenge)
    if said_no(answer):
        raise CardRefusedError(CardFault.WRONG_KEY, "the card does not sign with the key of its certificate")
    verify(key, challenge, only(only(answer[:-2], _TEMPLATE), _RESPONSE))
    return Proof(token(key))


def _certificate_object() -> _Talk:
    if not selected((yield select_application(APPLICATION))):
        raise NotThisCardError("no PIV application")
    found = yield from _whole((yield _get_data(CERTIFICATE)))
    if said_no(found):
        raise NotThisCardError("a PIV card without a card authentication certificate")
    return found[:-2]


def verify(key: PublicKey, challenge: bytes, signature: bytes) -> None:
    """Raise CardRefusedError (``wrong_key``) unless the key's owner has signed the challenge.

    A PIV card does not hash: the 32 bytes of the challenge are what it signs, as if they were a digest.
    """
    digest = Prehashed(SHA256())
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, challenge, PKCS1v15(), digest)
        else:
            key.verify(signature, challenge, ECDSA(digest))
    except InvalidSignature as error:
        raise CardRefusedError(CardFault.WRONG_KEY, "the card's signature does not verify") from error


def general_authenticate(key: PublicKey, challenge: bytes) -> list[bytes]:
    """GENERAL AUTHENTICATE of slot 9E, in as many APDUs as it takes (SP 800-73-4 part 2, 3.2.4 and 2.4.2)."""
    rsa = isinstance(key, RSAPublicKey)
    asked = _object(_CHALLENGE, _encoded(challenge) if rsa else challenge)
    body = _object(_TEMPLATE, _object(_RESPONSE, b"") + asked)
    algorithm = RSA2048 if rsa else P256
    pieces = [body[at : at + _LONGEST_BODY] for at in range(0, len(body), _LONGEST_BODY)]
    return [_authenticate(algorithm, piece, last=piece is pieces[-1]) for piece in pieces]


def _authenticate(algorithm: int, piece: bytes, *, last: bool) -> bytes:
    head = bytes((0x00 if last else 0x10, 0x87, algorithm, _SLOT, len(piece)))
    return head + piece + (b"\x00" if last else b"")


def _asked(key: PublicKey, challenge: bytes) -> _Talk:
    *first, last = general_authenticate(key, challenge)
    for piece in first:
        if said_no((yield piece)):
            raise broken("the card does not take a command in pieces")
    return (yield from _whole((yield last)))


def _whole(response: bytes) -> _Talk:
    # 61xx: there is more, to be fetched by GET RESPONSE (ISO/IEC 7816-4, 5.3.4).
    data, status = split(response)
    for _ in range(_MOST_PIECES):
        if len(data) > LONGEST_OBJECT:
            break
        if status >> 8 != 0x61:
            return data + status.to_bytes(2, "big")
        more, status = split((yield bytes((0x00, 0xC0, 0x00, 0x00, status & 0xFF))))
        data += more
    raise broken("an answer without end")


def _get_data(tag: bytes) -> bytes:
    # SP 800-73-4 part 2, section 3.1.2.
    return bytes((0x00, 0xCB, 0x3F, 0xFF, len(tag) + 2, 0x5C, len(tag))) + tag + b"\x00"


def _object(tag: int, value: bytes) -> bytes:
    if len(value) < 0x80:
        return bytes((tag, len(value))) + value
    return bytes((tag, 0x82)) + len(value).to_bytes(2, "big") + value


def _encoded(challenge: bytes) -> bytes:
    # EMSA-PKCS1-v1_5 (RFC 8017, 9.2); the card does no padding of its own.
    info = _SHA256_INFO + challenge
    return b"\x00\x01" + b"\xff" * (RSA_BITS // 8 - len(info) - 3) + b"\x00" + info


PIV = Scheme(
    "piv",
    "a key that never leaves the card, which signs at every reading; made and issued elsewhere (PIV slot 9E)",
    keyed=False,
    read=read,
    make=read,
)
