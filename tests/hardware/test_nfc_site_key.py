import os
from collections.abc import Callable

import pytest

from firmware_shims.cards import iso_dep
from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.piv import PivCard
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import Scheme
from hardware.credentials.piv import PIV
from hardware.credentials.running import Bounds
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.nfc_reader import NfcReader
from hardware.signals import CardFault, CardRead

DOOR = "main.in"
UID_HEX = "04A1B2C3D4E5F6"
PATIENT = Bounds(quickest_ms=2000, each_ms=5000, whole_ms=20000)
Open = Callable[..., NfcReader]


def desfire() -> Desfire:
    return Desfire(bytes.fromhex(UID_HEX))


@pytest.mark.parametrize("schemes", [(DESFIRE,), (DESFIRE, UID), (PIV, DESFIRE, UID)])
def test_without_a_site_key_a_card_that_talks_is_refused_and_does_not_look_like_a_copy(
    chip: Pn532, heard: Heard, open_reader: Open, schemes: tuple[Scheme, ...]
) -> None:
    open_reader(chip.port, heard, schemes=schemes, bounds=PATIENT)
    chip.put(iso_dep.card(desfire()))
    assert heard.wait(CardRead(DOOR, UID_HEX, "desfire", uid=UID_HEX, fault=CardFault.NO_KEY))
    assert chip.wait_scans(3)
    assert len(heard.of(CardRead)) == 1


def test_without_a_site_key_a_storage_card_is_its_uid(chip: Pn532, heard: Heard, open_reader: Open) -> None:
    open_reader(chip.port, heard, schemes=(DESFIRE, UID), bounds=PATIENT)
    chip.put(UID_HEX)
    assert heard.wait(CardRead(DOOR, UID_HEX, "uid", uid=UID_HEX))


def test_a_card_whose_key_is_its_own_needs_no_site_key(chip: Pn532, heard: Heard, open_reader: Open) -> None:
    open_reader(chip.port, heard, schemes=(DESFIRE, PIV), bounds=PATIENT)
    chip.put(iso_dep.card(PivCard(bytes.fromhex(UID_HEX))))
    assert heard.wait_kind(CardRead)
    (said,) = heard.of(CardRead)
    assert isinstance(said, CardRead)
    assert (said.scheme, said.fault) == ("piv", None)


def test_the_site_key_of_the_moment_counts_without_a_new_start(
    chip: Pn532, heard: Heard, open_reader: Open
) -> None:
    keys: list[SiteKeys | None] = [None]
    open_reader(chip.port, heard, schemes=(DESFIRE,), keys=lambda: keys[-1], bounds=PATIENT)
    chip.put(iso_dep.card(desfire()))
    assert heard.wait(CardRead(DOOR, UID_HEX, "desfire", uid=UID_HEX, fault=CardFault.NO_KEY))
    keys.append(SiteKeys(os.urandom(32)))
    chip.take()
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(desfire()))
    # A blank one is no badge of this site, and is now asked.
    assert heard.wait(CardRead(DOOR, UID_HEX, "uid", uid=UID_HEX))
