import pytest

from firmware_shims.heard import Heard
from firmware_shims.pn532 import Card, Pn532
from hardware.signals import CardRead, DeviceBack, DeviceLost

DOOR = "main.in"
CARD, OTHER = "04A1B2C3D4E5F6", "11223344"


def read(uid: str) -> CardRead:
    return CardRead(DOOR, uid, "uid", uid=uid)


def losses(heard: Heard) -> int:
    return len(heard.of(DeviceLost))


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("uid", [OTHER, CARD, "04A1B2C3D4E5F6071829"])
def test_a_card_of_any_size_is_read_in_upper_case_hex(chip: Pn532, heard: Heard, uid: str) -> None:
    assert chip.present(uid.lower())
    assert heard.wait(read(uid))


@pytest.mark.usefixtures("reader")
def test_a_storage_card_is_read_too(chip: Pn532, heard: Heard) -> None:
    chip.put(Card(bytes.fromhex(CARD), sak=0x00))
    assert heard.wait(read(CARD))
    assert chip.wait_scans(3)
    assert heard.all == [DeviceBack(DOOR), read(CARD)]


@pytest.mark.usefixtures("reader")
def test_a_card_is_one_read_per_presentation(chip: Pn532, heard: Heard) -> None:
    chip.put(CARD)
    assert chip.wait_scans(6)
    chip.take()
    assert chip.present(CARD)
    assert heard.wait(read(CARD), count=2)
    assert chip.wait_scans(3)
    assert len(heard.of(CardRead)) == 2


@pytest.mark.usefixtures("reader")
def test_a_second_card_counts_at_once(chip: Pn532, heard: Heard) -> None:
    chip.put(CARD)
    assert heard.wait(read(CARD))
    chip.swap(OTHER)
    assert heard.wait(read(OTHER))
    chip.swap(CARD)
    chip.swap(OTHER)
    assert chip.wait_scans(3)
    assert heard.of(CardRead)[:2] == [read(CARD), read(OTHER)]


@pytest.mark.usefixtures("reader")
def test_a_telephone_with_random_uids_is_one_presentation(chip: Pn532, heard: Heard) -> None:
    for n in range(6):
        chip.swap(f"08A1B2{n:02X}")
        assert chip.wait_scans(2)
    assert len(heard.of(CardRead)) == 1


@pytest.mark.usefixtures("reader")
def test_a_card_at_the_edge_of_the_field_is_no_card(chip: Pn532, heard: Heard) -> None:
    chip.put(Card(bytes.fromhex(CARD), torn=True))
    assert chip.wait_scans(5)
    assert heard.all == [DeviceBack(DOOR)]
    chip.swap(CARD)
    assert heard.wait(read(CARD))
    assert losses(heard) == 0


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("after", [0, 5, 13])
def test_one_answer_torn_off_is_no_card_and_no_loss(chip: Pn532, heard: Heard, after: int) -> None:
    assert chip.wait_scans(1)
    chip.cut_next_scan(after)
    chip.put(CARD)
    assert heard.wait(read(CARD))
    assert chip.wait_scans(3)
    assert heard.all == [DeviceBack(DOOR), read(CARD)]


@pytest.mark.usefixtures("reader")
def test_bytes_that_come_one_by_one_make_the_same_card(chip: Pn532, heard: Heard) -> None:
    chip.chunk = 1
    assert chip.present(CARD)
    assert heard.wait(read(CARD))
    assert losses(heard) == 0
