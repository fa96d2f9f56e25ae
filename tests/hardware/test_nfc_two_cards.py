from collections.abc import Callable

import pytest

from firmware_shims.heard import Heard
from firmware_shims.pn532 import Card, Pn532
from hardware.credentials.exchange import Exchange, Proof, Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.nfc_reader import NfcReader
from hardware.signals import CardFault, CardRead, DeviceLost

DOOR = "main.in"
CARD, OTHER = "04A1B2C3D4E5F6", "11223344"


def plain(uid: str) -> CardRead:
    return CardRead(DOOR, uid, "uid", uid=uid)


def refusals(heard: Heard) -> list[CardRead]:
    return [s for s in heard.of(CardRead) if isinstance(s, CardRead) and s.fault is CardFault.TWO_CARDS]


@pytest.mark.usefixtures("reader")
def test_two_cards_at_once_are_refused_once_and_what_stays_is_read(chip: Pn532, heard: Heard) -> None:
    chip.put_together(CARD, OTHER)
    assert chip.wait_scans(5)
    (refused,) = heard.of(CardRead)
    assert isinstance(refused, CardRead)
    assert refused == CardRead(DOOR, refused.uid, "uid", uid=refused.uid, fault=CardFault.TWO_CARDS)
    assert refused.uid in {CARD, OTHER}
    chip.take(OTHER)
    assert heard.wait(plain(CARD))
    assert chip.wait_scans(3)
    assert len(heard.of(CardRead)) == 2
    assert not heard.of(DeviceLost)


@pytest.mark.usefixtures("reader")
def test_a_card_laid_beside_one_that_was_read_is_two_cards(chip: Pn532, heard: Heard) -> None:
    chip.put(CARD)
    assert heard.wait(plain(CARD))
    chip.put(OTHER)
    assert chip.wait_scans(3)
    assert len(refusals(heard)) == 1
    chip.take(CARD)
    assert heard.wait(plain(OTHER))
    assert heard.of(CardRead).count(plain(CARD)) == 1


@pytest.mark.usefixtures("reader")
def test_two_cards_that_come_again_are_refused_again(chip: Pn532, heard: Heard) -> None:
    for times in (1, 2):
        chip.put_together(CARD, OTHER)
        assert chip.wait_scans(3)
        chip.take()
        assert chip.wait_scans(4)
        assert len(refusals(heard)) == times
    assert len(heard.of(CardRead)) == 2


@pytest.mark.usefixtures("reader")
def test_a_third_card_among_two_changes_nothing(chip: Pn532, heard: Heard) -> None:
    chip.put_together(CARD, OTHER, "99887766")
    assert chip.wait_scans(4)
    assert len(refusals(heard)) == len(heard.of(CardRead)) == 1


def test_two_cards_are_refused_under_the_strongest_scheme_and_nobody_talks_to_them(
    chip: Pn532, heard: Heard, open_reader: Callable[..., NfcReader]
) -> None:
    def read(_: bytes, __: SiteKeys | None) -> Exchange:
        yield b"\x60"
        return Proof("00")

    strong = Scheme("strong", "strong", keyed=False, read=read)
    open_reader(chip.port, heard, schemes=(strong, UID))
    talking = Card(bytes.fromhex(CARD), talk=lambda frame: frame)
    chip.put_together(talking, OTHER)
    assert chip.wait_scans(3)
    assert [refused.scheme for refused in refusals(heard)] == ["strong"]
    assert chip.field.spoken == 0
