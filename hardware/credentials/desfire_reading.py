"""Reading a DESFire badge: its application, its authentication, its number out of an encrypted file.

Rule 1: what the card says before it has proved its key decides only which authentication is tried.
Rule 2: AuthenticateEV2First comes first; AuthenticateAES only to a card that does not know it (911C).
This way down is open to whoever stands between card and reader, and gives him nothing: both prove the same
diversified key with fresh random numbers of both sides, and neither's messages serve in the other. What he
gains is EV1's weaker answer, a CRC under encryption in place of a MAC: he can make the number read come out
as another one that he cannot choose (one attempt in 2**32), which is the number of no badge.
"""

from __future__ import annotations

from collections.abc import Generator

from hardware.credentials.an10922 import diversified
from hardware.credentials.ev1 import Ev1Session, authenticate_aes
from hardware.credentials.ev2 import Session, UnknownCommandError, authenticate
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError, Proof
from hardware.credentials.native import broken, wrapped
from hardware.credentials.site_keys import SiteKeys
from hardware.signals import CardFault

AID = bytes.fromhex("F49A01")
"""Our application, as it goes over the wire (least significant byte first)."""
SYSTEM_ID = b"ironroom"
MASTER_KEY, READ_KEY = 0, 1
FILE = 0
NUMBER_BYTES = 16
SELECT_APPLICATION = 0x5A
READ_DATA = 0xBD
_UID_BYTES = (7, 10)
_SELECTED = b"\x91\x00"


def read(uid: bytes, keys: SiteKeys | None) -> Exchange:
    """Prove a badge by its read key and read its number.

    Raises NotThisCardError for a card without our application, and CardRefusedError: ``no_key`` without a
    site key, ``wrong_key`` for a card that does not hold the key of its UID, else ``broken``.
    """
    check_uid(uid)
    if not (yield from selected(AID)):
        raise NotThisCardError("the card carries no badge application")
    return Proof((yield from _number(uid, keys)).hex().upper())


def _number(uid: bytes, keys: SiteKeys | None) -> Generator[bytes, bytes, bytes]:
    session = yield from opened(card_key(keys, uid, READ_KEY), READ_KEY)
    number = yield from session.ask(READ_DATA, place(NUMBER_BYTES), due=NUMBER_BYTES)
    if not any(number):
        broken("the badge has never been given a number")
    return number


def check_uid(uid: bytes) -> None:
    """Raise NotThisCardError for a UID no DESFire shows, or the random one of a card that hides its own."""
    if len(uid) not in _UID_BYTES:
        raise NotThisCardError("a DESFire badge shows a UID of 7 or 10 bytes")


def selected(aid: bytes) -> Generator[bytes, bytes, bool]:
    """Select an application; whether the card has it and speaks this language at all."""
    return (yield wrapped(SELECT_APPLICATION, aid)) == _SELECTED


def opened(key: bytes, number: int) -> Generator[bytes, bytes, Session | Ev1Session]:
    """Authenticate in the selected application with the best way the card knows."""
    try:
        return (yield from authenticate(key, number))
    except UnknownCommandError:
        return (yield from authenticate_aes(key, number))


def card_key(keys: SiteKeys | None, uid: bytes, number: int) -> bytes:
    """The application key of one card. Raises CardRefusedError (``no_key``) without a site key."""
    if keys is None:
        raise CardRefusedError(CardFault.NO_KEY, "this box has no site key, so no badge can be proved")
    return diversified(keys.master(f"desfire application {number}"), uid, AID, SYSTEM_ID)


def place(length: int) -> bytes:
    """Our file, from its beginning, ``length`` bytes: the header of ReadData and WriteData."""
    return bytes((FILE,)) + bytes(3) + length.to_bytes(3, "little")
