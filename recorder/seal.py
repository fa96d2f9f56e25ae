"""A sealed picture: one file that opens only with the keys of all whom it is sealed to.

    {"ironroom":"picture","version":1,"for":2,"key":"YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+…"}
    age-encryption.org/v1
    …

The first line is JSON, all after it a binary file of age-encryption.org/v1, encrypted to an X25519 identity
made for this file alone. "key" is Base64 (RFC 4648 section 4) of the text of that identity
(AGE-SECRET-KEY-1…), age-encrypted to the first recipient, the result to the second, and so on, "for" times:
where one of the keys is erased, the picture is gone. Whoever has the file's own key needs nothing of ours:

    tail -n +2 FILE | age -d -i file.key > picture.jpg

Rule 1: one file has one spelling; whatever differs is refused. Rule 2: no key is ever part of a message.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyrage
from pyrage import x25519

VERSION = 1
MOST_KEYS = 32
LONGEST_HEADING = 65_536
"""Bytes of the first line; a layer of the key takes some 300."""

MOST_BYTES = 8 * 1024 * 1024
"""Of a whole sealed file."""

_LONGEST_STANZAS = 4_096
"""Bytes before the end of an age header for one recipient, which takes some 300."""


class SealError(ValueError):
    """A picture cannot be sealed or opened; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Opened:
    """``picture`` as it was before it was sealed; ``key`` the text of the identity that opens this file."""

    picture: bytes = field(repr=False)
    key: str = field(repr=False)


def seal(plain: bytes, recipients: Sequence[str]) -> bytes:
    """Seal a picture so that the keys of all recipients (age1…) are needed; raises SealError."""
    if not 1 <= len(recipients) <= MOST_KEYS:
        raise SealError(f"a picture is sealed to 1 to {MOST_KEYS} recipients")
    own = x25519.Identity.generate()
    key = str(own).encode()
    for recipient in recipients:
        key = bytes(pyrage.encrypt(key, [_recipient(recipient)]))
    sealed = _heading(len(recipients), key) + bytes(pyrage.encrypt(plain, [own.to_public()]))
    if len(sealed) > MOST_BYTES:
        raise SealError(f"a sealed picture is at most {MOST_BYTES} bytes long")
    return sealed


def check_recipients(recipients: Sequence[str]) -> None:
    """Raises SealError unless every one is an age recipient."""
    for each in recipients:
        _recipient(each)


def opened(sealed: bytes, identities: Sequence[str]) -> Opened:
    """Open a sealed picture with identities (AGE-SECRET-KEY-1…), in any order; raises SealError.

    It fails unless there are identities for all recipients and not a bit of the file was altered.
    """
    layers, key, body = _parts(sealed)
    known = [_identity(each) for each in identities]
    for _ in range(layers):
        key = _decrypted(key, known)
    own = key.decode("ascii", errors="replace")
    return Opened(_decrypted(body, [_identity(own)]), own)


def opened_in_turn(sealed: bytes, identities: Sequence[str]) -> bytes:
    """Open a picture that `seal` sealed for these identities, in this order, and for nobody else.

    What comes out needs every one of them, each layer its own, and none of it opens with any other key.
    Raises SealError.
    """
    layers, key, body = _parts(sealed)
    if layers != len(identities):
        raise SealError("it was not sealed for so many keys")
    for each in reversed(identities):
        key = _opened_alone(key, _identity(each))
    return _opened_alone(body, _identity(key.decode("ascii", errors="replace")))


def _opened_alone(octets: bytes, identity: x25519.Identity) -> bytes:
    """The content of an age file that is sealed for this identity alone; raises SealError.

    Its header names one recipient, and beside it only what age puts there to be passed over
    (age-encryption.org/v1, "Recipient stanza"; its implementations end such a type with "-grease").
    """
    header = octets[: octets.find(b"\n--- ", 0, _LONGEST_STANZAS) + 1].split(b"\n")
    types = [line.split(b" ")[1] for line in header if line.startswith(b"-> ")]
    if [each for each in types if not each.endswith(b"-grease")] != [b"X25519"]:
        raise SealError("it was sealed for other keys as well")
    return _decrypted(octets, [identity])


def _parts(sealed: bytes) -> tuple[int, bytes, bytes]:
    """How many layers its key has, that key, and the age file; raises SealError."""
    end = sealed.find(b"\n", 0, LONGEST_HEADING) + 1
    if not end or len(sealed) > MOST_BYTES:
        raise SealError("this is no sealed picture")
    try:
        said = json.loads(sealed[:end])
        layers, key = said["for"], base64.b64decode(said["key"], validate=True)
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise SealError("this is no sealed picture") from None
    if type(layers) is not int or not 1 <= layers <= MOST_KEYS or _heading(layers, key) != sealed[:end]:
        raise SealError("this is no sealed picture of a version known here")
    return layers, key, sealed[end:]


def _heading(layers: int, key: bytes) -> bytes:
    said = {
        "ironroom": "picture",
        "version": VERSION,
        "for": layers,
        "key": base64.b64encode(key).decode(),
    }
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def _decrypted(octets: bytes, identities: Sequence[x25519.Identity]) -> bytes:
    try:
        return bytes(pyrage.decrypt(octets, identities))
    except pyrage.DecryptError:
        raise SealError("it was sealed for other keys as well, or it was altered") from None


def _identity(text: str) -> x25519.Identity:
    try:
        return x25519.Identity.from_str(text)
    except pyrage.IdentityError:
        raise SealError("that is no age identity") from None


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise SealError("that is no age recipient") from None
