"""Cards, keys and talk for the tests of badges. Rule: nothing here decides what is right."""

from __future__ import annotations

from firmware_shims.cards.desfire_lies import Card
from firmware_shims.cards.ntag424 import Ntag424
from hardware.credentials.exchange import Proof, Scheme
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.running import Bounds, converse
from hardware.credentials.site_keys import SiteKeys

OURS, THEIRS = SiteKeys(bytes(range(32))), SiteKeys(bytes(range(100, 132)))
UNHURRIED = Bounds(1e9, 1e9, 1e9)


class CardGoneError(Exception):
    """The card did not answer: what a reader says then is the reader's affair."""


def talk(card: Card, apdu: bytes) -> bytes:
    """One command and its answer, or CardGoneError."""
    answer = card.answer(apdu)
    if answer is None:
        raise CardGoneError
    return answer


def reading(scheme: Scheme, card: Card, keys: SiteKeys | None = OURS, uid: bytes | None = None) -> Proof:
    """What the card proves at a reading."""
    exchange = scheme.read(card.uid if uid is None else uid, keys)
    return converse(exchange, lambda apdu: talk(card, apdu), UNHURRIED)


def making(scheme: Scheme, card: Card, keys: SiteKeys | None = OURS) -> Proof:
    """What the card proves after it has been made."""
    assert scheme.make is not None
    return converse(scheme.make(card.uid, keys), lambda apdu: talk(card, apdu), UNHURRIED)


def badge(uid: str = "04958CAA5C5E80", keys: SiteKeys = OURS) -> Ntag424:
    """An NTAG 424 DNA badge of a site."""
    card = Ntag424(bytes.fromhex(uid))
    making(NTAG424, card, keys)
    return card
