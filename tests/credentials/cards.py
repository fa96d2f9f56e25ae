"""Readings and makings of any scheme, beside what tapping.py has for one. Rule: nothing here judges."""

from __future__ import annotations

from firmware_shims.cards.desfire_lies import Card
from firmware_shims.cards.ntag424 import Ntag424
from hardware.credentials.exchange import Proof, Scheme
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.running import converse
from hardware.credentials.site_keys import SiteKeys
from tests.credentials.tapping import PATIENT, SITE, Wire


def reading(scheme: Scheme, card: Card, keys: SiteKeys | None = SITE) -> Proof:
    """What the card proves at a reading."""
    return converse(scheme.read(card.uid, keys), Wire(card), PATIENT)


def making(scheme: Scheme, card: Card, keys: SiteKeys | None = SITE) -> Proof:
    """What the card proves after it has been made."""
    assert scheme.make is not None
    return converse(scheme.make(card.uid, keys), Wire(card), PATIENT)


def badge(uid: str = "04958CAA5C5E80", keys: SiteKeys = SITE) -> Ntag424:
    """An NTAG 424 DNA badge of a site."""
    card = Ntag424(bytes.fromhex(uid))
    making(NTAG424, card, keys)
    return card
