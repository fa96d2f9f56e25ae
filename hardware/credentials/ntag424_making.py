"""Making an NTAG 424 DNA badge out of a blank card, and finishing one whose making was broken off.

Rule 1: the master key is changed last, so that a card torn away at any moment lets the making begin again.
Rule 2: what is not as it left the factory and not as we leave it is refused, never overwritten by guesswork.
Enabling SDM sets the read counter to zero; a badge made again gets another number, so no counter goes back.
A blank card's keys are known to all: whoever listens while a badge is made learns the keys of this one card.
Badges are made where nobody can.
Sources: NXP NT4H2421Gx data sheet, sections 8.2.3, 10.5, 10.6 to 10.8; AN12196, section 5 (tables 14 to 26).
"""

from __future__ import annotations

import secrets
from collections.abc import Generator

from hardware.credentials.ev2 import CommMode, Session, authenticate
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError
from hardware.credentials.native import broken
from hardware.credentials.ntag424_reading import (
    KEYS,
    MAC_KEY,
    MASTER_KEY,
    META_KEY,
    NDEF_FILE,
    NUMBER_BYTES,
    NUMBER_FILE,
    READ_KEY,
    card_key,
    check_uid,
    chosen,
    place,
    read,
)
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.sun import MAC_AT, MAC_INPUT_AT, PICCDATA_AT, TEMPLATE, UID_BYTES
from hardware.signals import CardFault

_FACTORY_KEY, _FACTORY_VERSION = bytes(16), 0
_KEY_VERSION = 1
_CHANGE_FILE_SETTINGS = 0x5F
_GET_CARD_UID = 0x51
_GET_KEY_VERSION = 0x64
_WRITE_DATA = 0x8D
_FREE, _NEVER = 0xE, 0xF
_PLAIN, _FULL, _SDM = 0x00, 0x03, 0x40
_SDM_OPTIONS = 0xC1  # UID and read counter are mirrored, in ASCII; no limit of readings


def make(uid: bytes, keys: SiteKeys | None) -> Exchange:
    """Make a badge with a new random number and prove it by reading it; a badge of ours gets a new number.

    Raises NotThisCardError for a card of another kind, and CardRefusedError: ``no_key`` without a site key,
    ``wrong_key`` for a badge of another site, ``broken`` for a card that somebody else has begun to make.
    """
    check_uid(uid)
    ours = [card_key(keys, uid, number) for number in KEYS]
    if not (yield from chosen()):
        raise NotThisCardError("no NTAG 424 DNA")
    session, blank = yield from _master(ours[MASTER_KEY])
    number = secrets.token_bytes(NUMBER_BYTES)
    yield from _made(session, uid, ours, number)
    if blank:
        yield from session.change_own_key(MASTER_KEY, ours[MASTER_KEY], _KEY_VERSION)
    proof = yield from read(uid, keys)
    if proof.token != number.hex().upper():
        broken("the card does not give back the number it was given")
    return proof


def _made(session: Session, uid: bytes, ours: list[bytes], number: bytes) -> Generator[bytes, bytes, None]:
    if (yield from session.ask(_GET_CARD_UID, due=UID_BYTES)) != uid:
        broken("the card's own number is not the one it showed")
    for key in KEYS[1:]:
        yield from _key_changed(session, key, ours[key])
    yield from _number_written(session, number)
    yield from _template_written(session)


def _master(ours: bytes) -> Generator[bytes, bytes, tuple[Session, bool]]:
    try:
        return (yield from authenticate(_FACTORY_KEY, MASTER_KEY)), True
    except CardRefusedError as refused:
        if refused.fault is not CardFault.WRONG_KEY:
            raise
    return (yield from authenticate(ours, MASTER_KEY)), False


def _key_changed(session: Session, number: int, key: bytes) -> Generator[bytes, bytes, None]:
    # A version that is ours may be a lie: keys 1 to 3 are proved by the reading at the end, 4 opens nothing.
    head = bytes((number,))
    version = (yield from session.ask(_GET_KEY_VERSION, head, mode=CommMode.MAC, due=1))[0]
    if version == _FACTORY_VERSION:
        yield from session.change_key(number, key, _FACTORY_KEY, _KEY_VERSION)
    elif version != _KEY_VERSION:
        broken(f"key {number} of the card was set by somebody else")


def _number_written(session: Session, number: bytes) -> Generator[bytes, bytes, None]:
    rights = _rights(read=READ_KEY, write=MASTER_KEY, both=_NEVER)
    yield from _settings_changed(session, NUMBER_FILE, bytes((_FULL,)) + rights)
    yield from session.ask(_WRITE_DATA, place(NUMBER_FILE, NUMBER_BYTES), number, due=0)


def _template_written(session: Session) -> Generator[bytes, bytes, None]:
    # Without SDM first: the file is then written as it is, and enabling SDM is one whole step.
    rights = _rights(read=_FREE, write=MASTER_KEY, both=MASTER_KEY)
    yield from _settings_changed(session, NDEF_FILE, bytes((_PLAIN,)) + rights)
    where = place(NDEF_FILE, len(TEMPLATE))
    yield from session.ask(_WRITE_DATA, where, TEMPLATE, mode=CommMode.PLAIN, due=0)
    yield from _settings_changed(session, NDEF_FILE, bytes((_PLAIN | _SDM,)) + rights + sdm_settings())


def sdm_settings() -> bytes:
    """What ChangeFileSettings says of SDM: mirrors, keys, and where in the file (NT4H2421Gx, table 69)."""
    keys = bytes((_NEVER << 4 | _NEVER, META_KEY << 4 | MAC_KEY))  # nobody asks for the counter by itself
    places = (PICCDATA_AT, MAC_INPUT_AT, MAC_AT)
    return bytes((_SDM_OPTIONS,)) + keys + b"".join(at.to_bytes(3, "little") for at in places)


def _settings_changed(session: Session, file: int, settings: bytes) -> Generator[bytes, bytes, None]:
    yield from session.ask(_CHANGE_FILE_SETTINGS, bytes((file,)), settings, due=0)


def _rights(*, read: int, write: int, both: int) -> bytes:
    # Two bytes, least significant first: read, write | both, change of the settings (section 8.2.3.3).
    return bytes((both << 4 | MASTER_KEY, read << 4 | write))
