import os
from collections.abc import Callable
from time import monotonic

import pytest

from firmware_shims.cards import iso_dep
from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.iso_dep import Applet
from firmware_shims.cards.ntag424 import Ntag424
from firmware_shims.cards.piv import PivCard
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware.credentials import CREDENTIALS
from hardware.credentials.exchange import Scheme
from hardware.credentials.running import Bounds
from hardware.credentials.site_keys import SiteKeys
from hardware.nfc_reader import NfcReader
from hardware.signals import BadgeMade, BadgeNotMade, CardFault, CardRead, DeviceBack

DOOR = "main.in"
UID = bytes.fromhex("04958CAA5C5E80")
LONG_S = 60.0
LEVELS = {scheme.name: scheme for scheme in CREDENTIALS}
SITE = SiteKeys(os.urandom(32))
PATIENT = Bounds(quickest_ms=2000, each_ms=5000, whole_ms=20000)
"""For a busy machine, where no time is being judged."""
Open = Callable[..., NfcReader]
Cards = Callable[[], Applet]

BLANKS: dict[str, tuple[Cards, Scheme]] = {
    "desfire ev1": (lambda: Desfire(UID, 1), LEVELS["desfire"]),
    "desfire ev2": (lambda: Desfire(UID, 2), LEVELS["desfire"]),
    "ntag424": (lambda: Ntag424(UID), LEVELS["ntag424"]),
}


def opened(
    open_reader: Open, chip: Pn532, heard: Heard, keys: SiteKeys = SITE, bounds: Bounds = PATIENT
) -> NfcReader:
    reader = open_reader(chip.port, heard, schemes=CREDENTIALS, keys=lambda: keys, bounds=bounds)
    assert heard.wait(DeviceBack(DOOR))
    return reader


def made(reader: NfcReader, chip: Pn532, heard: Heard, card: Applet, scheme: Scheme) -> str:
    """The number of the badge that was made of a card, which is taken away again."""
    reader.personalise(scheme, monotonic() + LONG_S)
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(card))
    assert heard.wait_kind(BadgeMade), heard.of(BadgeNotMade)
    (badge,) = heard.of(BadgeMade)
    assert isinstance(badge, BadgeMade)
    assert (badge.scheme, badge.uid) == (scheme.name, UID.hex().upper())
    chip.take()
    assert chip.wait_scans(3)
    return badge.token


def read(heard: Heard) -> CardRead:
    assert heard.wait_kind(CardRead)
    (said,) = heard.of(CardRead)
    assert isinstance(said, CardRead)
    return said


@pytest.mark.parametrize("kind", BLANKS)
def test_a_blank_card_becomes_a_badge_and_is_known_again_on_a_line_at_its_real_speed(
    chip: Pn532, heard: Heard, open_reader: Open, kind: str
) -> None:
    blank, scheme = BLANKS[kind]
    card = blank()
    chip.paced = True
    token = made(opened(open_reader, chip, heard, bounds=Bounds()), chip, heard, card, scheme)
    chip.put(iso_dep.card(card))
    said = read(heard)
    assert (said.token, said.scheme, said.uid, said.fault) == (token, scheme.name, UID.hex().upper(), None)
    assert len(token) == 32


def test_a_piv_card_is_known_by_its_key(chip: Pn532, heard: Heard, open_reader: Open) -> None:
    opened(open_reader, chip, heard)
    chip.put(iso_dep.card(PivCard(UID)))
    said = read(heard)
    assert (said.scheme, said.fault, len(said.token)) == ("piv", None, 32)


@pytest.mark.parametrize("kind", BLANKS)
def test_a_badge_of_another_site_is_never_believed(
    chip: Pn532, heard: Heard, open_reader: Open, kind: str
) -> None:
    blank, scheme = BLANKS[kind]
    card, elsewhere = blank(), Heard()
    with Pn532() as desk:
        token = made(opened(open_reader, desk, elsewhere), desk, elsewhere, card, scheme)
    opened(open_reader, chip, heard, SiteKeys(os.urandom(32)))
    chip.put(iso_dep.card(card))
    said = read(heard)
    assert said.fault is CardFault.WRONG_KEY
    assert said.scheme == scheme.name
    assert said.token == said.uid != token


@pytest.mark.parametrize("kind", BLANKS)
def test_a_copy_of_a_badges_uid_is_a_uid_and_no_badge(
    chip: Pn532, heard: Heard, open_reader: Open, kind: str
) -> None:
    blank, scheme = BLANKS[kind]
    reader = opened(open_reader, chip, heard)
    token = made(reader, chip, heard, blank(), scheme)
    chip.put(UID.hex())
    said = read(heard)
    assert (said.token, said.scheme) == (UID.hex().upper(), "uid")
    assert said.token != token


@pytest.mark.parametrize("kind", BLANKS)
def test_a_genuine_badge_through_a_relay_is_slow(
    chip: Pn532, heard: Heard, open_reader: Open, kind: str
) -> None:
    blank, scheme = BLANKS[kind]
    card = blank()
    made(opened(open_reader, chip, heard, bounds=Bounds()), chip, heard, card, scheme)
    chip.relay(0.06)
    chip.put(iso_dep.card(card))
    said = read(heard)
    assert said.fault is CardFault.SLOW
    assert said.token == said.uid


@pytest.mark.parametrize("kind", BLANKS)
@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_genuine_badge_torn_away_is_read_when_it_comes_back(
    chip: Pn532, heard: Heard, open_reader: Open, kind: str, after: int
) -> None:
    blank, scheme = BLANKS[kind]
    card = blank()
    token = made(opened(open_reader, chip, heard), chip, heard, card, scheme)
    chip.tear(after)
    chip.put(iso_dep.card(card))
    assert chip.wait_gone()
    assert not heard.of(CardRead)
    chip.put(iso_dep.card(card))
    assert read(heard).token == token
