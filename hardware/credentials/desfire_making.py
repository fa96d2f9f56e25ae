"""Making a DESFire badge out of a blank card, and finishing one whose making was broken off.

Rule 1: after every step a repetition can begin again: the keys are changed before the number is written, and
the application's master key last of the keys.
Rule 2: an application that is there already is believed in nothing: it must hold our keys or the factory's,
and its settings and files must be exactly ours.
The card's own master key stays as it left the factory (DES, zeros). So whoever has the card in his hands can
erase our application or add others; he can neither read it, copy it, nor change it. A badge that was erased
is a card without our application, which opens nothing.
And since a blank card's keys are known to all, whoever listens to the air while a badge is made, or hands
over a doctored card to be made, learns the keys of this one UID: badges are made where nobody listens, and
never on a card whose UID is already a badge.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator

from hardware.credentials.desfire_reading import (
    AID,
    FILE,
    MASTER_KEY,
    NUMBER_BYTES,
    READ_KEY,
    card_key,
    check_uid,
    opened,
    place,
    read,
    selected,
)
from hardware.credentials.ev1 import Ev1Session
from hardware.credentials.ev2 import CommMode, Session
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError
from hardware.credentials.native import broken, expect, wrapped
from hardware.credentials.site_keys import SiteKeys
from hardware.signals import CardFault

_PICC = bytes(3)
_FACTORY_KEY = bytes(16)
_KEY_VERSION = 1
_CREATE_APPLICATION = 0xCA
_CREATE_FILE = 0xCD
_GET_KEY_SETTINGS = 0x45
_GET_FILE_IDS = 0x6F
_GET_FILE_SETTINGS = 0xF5
_WRITE_DATA = 0x3D
# Every change needs key 0; these settings never change; files are made and listed with key 0 only; key 0 may
# itself be changed, since it must be once. Then: two keys, AES (MF3ICDx21_41_81, key settings).
_KEY_SETTINGS = b"\x01\x82"
_STANDARD_FILE = b"\x00"
# CommMode FULL; read with key 1, write with key 0, nobody both, nobody changes the rights.
_FILE_SETTINGS = b"\x03\xff\x10" + NUMBER_BYTES.to_bytes(3, "little")


def make(uid: bytes, keys: SiteKeys | None) -> Exchange:
    """Make a badge with a new random number and prove it by reading it; a badge of ours gets a new number.

    Raises NotThisCardError for a card that takes no application, and CardRefusedError: ``no_key`` without a
    site key, ``wrong_key`` for a badge of another site, ``broken`` for one that is not exactly as we make it.
    """
    check_uid(uid)
    ours = {number: card_key(keys, uid, number) for number in (MASTER_KEY, READ_KEY)}
    yield from _application()
    session = yield from _master(ours)
    yield from _file(session)
    number = secrets.token_bytes(NUMBER_BYTES)
    yield from session.ask(_WRITE_DATA, place(NUMBER_BYTES), number, due=0)
    proof = yield from read(uid, keys)
    if proof.token != number.hex().upper():
        broken("the card does not give back the number it was given")
    return proof


def _application() -> Generator[bytes, bytes, None]:
    if (yield from selected(AID)):
        return
    if not (yield from selected(_PICC)):
        raise NotThisCardError("no DESFire card")
    expect((yield wrapped(_CREATE_APPLICATION, AID + _KEY_SETTINGS)), length=0)
    if not (yield from selected(AID)):
        broken("the card has lost the application it made")


def _master(ours: dict[int, bytes]) -> Generator[bytes, bytes, Session | Ev1Session]:
    session = yield from _tried(ours[MASTER_KEY], MASTER_KEY)
    if session is None:
        yield from _keys_changed(ours)
        session = yield from opened(ours[MASTER_KEY], MASTER_KEY)
    return session


def _keys_changed(ours: dict[int, bytes]) -> Generator[bytes, bytes, None]:
    finished = yield from _tried(ours[READ_KEY], READ_KEY)
    session = yield from opened(_FACTORY_KEY, MASTER_KEY)
    if finished is None:
        yield from session.change_key(READ_KEY, ours[READ_KEY], _FACTORY_KEY, _KEY_VERSION)
    yield from session.change_own_key(MASTER_KEY, ours[MASTER_KEY], _KEY_VERSION)


def _tried(key: bytes, number: int) -> Generator[bytes, bytes, Session | Ev1Session | None]:
    try:
        return (yield from opened(key, number))
    except CardRefusedError as refused:
        if refused.fault is not CardFault.WRONG_KEY:
            raise
        return None


def _file(session: Session | Ev1Session) -> Generator[bytes, bytes, None]:
    if (yield from session.ask(_GET_KEY_SETTINGS, mode=CommMode.MAC)) != _KEY_SETTINGS:
        broken("the application on the card was made with other settings")
    files = yield from session.ask(_GET_FILE_IDS, mode=CommMode.MAC)
    head = bytes((FILE,))
    if not files:
        yield from session.ask(_CREATE_FILE, head + _FILE_SETTINGS, mode=CommMode.MAC, due=0)
        return
    if files != head:
        broken("the application on the card has files that are not ours")
    settings = yield from session.ask(_GET_FILE_SETTINGS, head, mode=CommMode.MAC)
    if settings != _STANDARD_FILE + _FILE_SETTINGS:
        broken("the file on the card was made with other settings")
