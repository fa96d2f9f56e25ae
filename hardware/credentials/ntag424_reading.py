"""Reading an NTAG 424 DNA badge: its SUN message, then its authentication and its number out of file 3.

Rule 1: both must hold. The SUN message shows a counter that only the card can move; AuthenticateEV2First
shows that the card is here now, with random numbers of both sides. A recording has the first, not the second.
Rule 2: the order is the card's: SUN is mirrored only while nobody is authenticated, so it is read first.
The counter goes up with every reading, by telephones too: it may jump, it may never stand still or go back.
A card whose counter has come to its end (FFFFFF) gives no SUN message any more and must be made again.
Sources: NXP NT4H2421Gx data sheet, sections 8.2, 9.1, 9.3, 10.8 and 10.9; AN12196.
"""

from __future__ import annotations

from collections.abc import Generator

from hardware.credentials.an10922 import diversified
from hardware.credentials.ev2 import authenticate
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError, Proof
from hardware.credentials.iso7816 import DONE, read_binary, said_no, select_application, select_file
from hardware.credentials.native import broken
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.sun import TEMPLATE, UID_BYTES, mirrors
from hardware.signals import CardFault

APPLICATION = bytes.fromhex("D2760000850101")
SYSTEM_ID = b"ironroom"
KEYS = range(5)
MASTER_KEY, META_KEY, MAC_KEY, READ_KEY = KEYS[:4]  # the fifth opens nothing, and is changed with the others
NDEF_FILE, NUMBER_FILE = 2, 3
NUMBER_BYTES = 16
_NDEF_ID = bytes.fromhex("E104")
_READ_DATA = 0xAD
_NO_DATA = 0x0C


def read(uid: bytes, keys: SiteKeys | None) -> Exchange:
    """Prove a badge by its SUN message and its read key, and read its number.

    Raises NotThisCardError for a card without our NDEF file, and CardRefusedError: ``no_key`` without a site
    key, ``wrong_key`` for a card that does not hold the keys of its UID, else ``broken``.
    """
    check_uid(uid)
    found = mirrors((yield from _ndef()))
    sun = found.verified(uid, card_key(keys, uid, META_KEY), card_key(keys, uid, MAC_KEY))
    number = yield from _number(card_key(keys, uid, READ_KEY))
    return Proof(number.hex().upper(), sun.counter)


def check_uid(uid: bytes) -> None:
    """Raise NotThisCardError for a UID no NTAG 424 shows, or the random one of a card that hides its own."""
    if len(uid) != UID_BYTES:
        raise NotThisCardError(f"an NTAG 424 DNA badge shows a UID of {UID_BYTES} bytes")


def chosen() -> Generator[bytes, bytes, bool]:
    """Select the card's application, which ends any authentication; whether it has it."""
    return (yield select_application(APPLICATION, control=_NO_DATA)) == DONE


def card_key(keys: SiteKeys | None, uid: bytes, number: int) -> bytes:
    """Key ``number`` of one card. Raises CardRefusedError (``no_key``) without a site key."""
    if keys is None:
        raise CardRefusedError(CardFault.NO_KEY, "this box has no site key, so no badge can be proved")
    return diversified(keys.master(f"ntag424 key {number}"), uid, APPLICATION, SYSTEM_ID)


def place(file: int, length: int) -> bytes:
    """A file from its beginning, ``length`` bytes: the header of ReadData and WriteData."""
    return bytes((file,)) + bytes(3) + length.to_bytes(3, "little")


def _ndef() -> Generator[bytes, bytes, bytes]:
    if not (yield from chosen()):
        raise NotThisCardError("no NFC Forum Type 4 Tag")
    if (yield select_file(_NDEF_ID)) != DONE:
        raise NotThisCardError("a Type 4 Tag without an NDEF file")
    answer = yield read_binary(len(TEMPLATE))
    if said_no(answer):
        raise NotThisCardError("a Type 4 Tag whose NDEF file cannot be read")
    return answer[:-2]


def _number(key: bytes) -> Generator[bytes, bytes, bytes]:
    session = yield from authenticate(key, READ_KEY)
    number = yield from session.ask(_READ_DATA, place(NUMBER_FILE, NUMBER_BYTES), due=NUMBER_BYTES)
    if not any(number):
        broken("the badge has never been given a number")
    return number
