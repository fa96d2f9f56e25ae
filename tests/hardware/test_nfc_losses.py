import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware.nfc_reader import NfcReader
from hardware.signals import CardRead, DeviceBack, DeviceLost

DOOR = "main.in"
CARD, OTHER = "04A1B2C3D4E5F6", "11223344"


def read(uid: str) -> CardRead:
    return CardRead(DOOR, uid, "uid", uid=uid)


def losses(heard: Heard) -> int:
    return len(heard.of(DeviceLost))


@pytest.mark.usefixtures("reader")
def test_a_reader_that_answers_is_there_once(chip: Pn532, heard: Heard) -> None:
    assert chip.wait_scans(5)
    assert heard.all == [DeviceBack(DOOR)]


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("fault", [Pn532.stall, Pn532.garbage])
def test_a_reader_that_stalls_or_talks_nonsense_is_lost_once_and_comes_back(
    chip: Pn532, heard: Heard, fault: Callable[[Pn532], None]
) -> None:
    assert heard.wait(DeviceBack(DOOR))
    fault(chip)
    assert heard.wait_kind(DeviceLost)
    # Time for more attempts, which must not be said again.
    threading.Event().wait(0.7)
    chip.heal()
    assert heard.wait(DeviceBack(DOOR), count=2)
    assert losses(heard) == 1
    assert chip.present(CARD)
    assert heard.wait(read(CARD))


@pytest.mark.usefixtures("reader")
def test_a_reader_unplugged_is_lost_once_and_comes_back_on_the_same_path(chip: Pn532, heard: Heard) -> None:
    for times in (1, 2):
        assert heard.wait(DeviceBack(DOOR), count=times)
        chip.vanish()
        assert not Path(chip.port).exists()
        assert heard.wait_kind(DeviceLost, times)
        chip.back()
    assert heard.wait(DeviceBack(DOOR), count=3)
    assert losses(heard) == 2
    assert chip.present(CARD)
    assert heard.wait(read(CARD))


def test_a_reader_that_never_was_is_lost_until_it_comes(
    chip: Pn532, heard: Heard, open_reader: Callable[..., NfcReader]
) -> None:
    chip.vanish()
    open_reader(chip.port, heard)
    assert heard.wait_kind(DeviceLost)
    chip.back()
    assert heard.wait(DeviceBack(DOOR))
    assert [type(signal) for signal in heard.all] == [DeviceLost, DeviceBack]


def test_a_card_left_lying_through_a_loss_is_no_new_presentation(
    chip: Pn532, heard: Heard, reader: NfcReader
) -> None:
    chip.put(CARD)
    assert heard.wait(read(CARD))
    chip.vanish()
    assert heard.wait_kind(DeviceLost)
    chip.back()
    assert heard.wait(DeviceBack(DOOR), count=2)
    assert chip.wait_scans(4)
    assert heard.of(CardRead) == [read(CARD)]


@pytest.mark.usefixtures("reader")
def test_nonsense_in_proper_frames_does_not_end_the_reading(chip: Pn532, heard: Heard) -> None:
    assert heard.wait(DeviceBack(DOOR))
    chip.lie()
    assert chip.wait_scans(6, timeout=30.0)
    chip.heal()
    assert chip.wait_scans(3)
    assert chip.present("0A0B0C0D")
    assert heard.wait(read("0A0B0C0D"))
    assert not [s for s in heard.of(DeviceLost) if isinstance(s, DeviceLost) and "ended" in s.why]


def test_two_readers_do_not_hear_each_other(
    chip: Pn532, heard: Heard, reader: NfcReader, open_reader: Callable[..., NfcReader]
) -> None:
    with Pn532() as inner:
        other = Heard()
        open_reader(inner.port, other)
        assert other.wait(DeviceBack(DOOR))
        inner.stall()
        assert other.wait_kind(DeviceLost)
        assert chip.present(CARD)
        assert heard.wait(read(CARD))
        assert losses(heard) == 0
