import random
from collections.abc import Callable

import pytest

from firmware_shims.cards import iso_dep
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from firmware_shims.pn532_frames import answer
from hardware import nfc_reader
from hardware.nfc_reader import NfcReader
from hardware.signals import CardRead, DeviceBack, DeviceLost
from tests.hardware.echo_cards import DOOR, PROVED, TALKS, Echo, Tag, proved_only

FRAMES = 250
LISTED, SAID = 0x4B, 0x43
Open = Callable[..., NfcReader]


@pytest.mark.parametrize("name", ["ttyUSB0", "ttyACM1", "ttyAMA2"])
def test_a_reader_behind_a_serial_adapter_is_a_device_path_like_any_other(
    heard: Heard, open_reader: Open, name: str
) -> None:
    with Pn532(name) as chip:
        reader = open_reader(chip.port, heard, schemes=(TALKS,))
        assert chip.port.endswith(f"/{name}")
        chip.put(iso_dep.card(Tag()))
        assert heard.wait(PROVED)
        reader.stop()


def test_a_reader_needs_a_scheme() -> None:
    with pytest.raises(ValueError, match=r"main\.in: a reader needs a scheme"):
        NfcReader(DOOR, "/dev/ttyUSB0", sink=Heard(), schemes=())


def test_a_line_at_its_real_speed_is_quick_enough_for_a_proof(
    chip: Pn532, heard: Heard, open_reader: Open
) -> None:
    chip.paced = True
    open_reader(chip.port, heard, schemes=(TALKS,))
    assert heard.wait(DeviceBack(DOOR))
    chip.put(iso_dep.card(Tag()))
    assert heard.wait(PROVED)


@pytest.mark.parametrize("fault", [Pn532.stall, Pn532.garbage, Pn532.vanish])
def test_a_reader_that_fails_in_any_way_delays_no_other(
    chip: Pn532, heard: Heard, open_reader: Open, fault: Callable[[Pn532], None]
) -> None:
    open_reader(chip.port, heard, schemes=(TALKS,))
    with Pn532() as inner, Pn532() as slow:
        others = Heard(), Heard()
        for peer, other in zip((inner, slow), others, strict=True):
            open_reader(peer.port, other, schemes=(TALKS,))
            assert other.wait(DeviceBack(DOOR))
        # One holds a card that pleads for time without end, one is dead: the third reads on.
        slow.put(iso_dep.card(Tag(), pleas=10**9))
        fault(inner)
        for _ in range(3):
            before = len(heard.of(CardRead))
            chip.put(iso_dep.card(Tag()))
            assert heard.wait(PROVED, count=before + 1)
            chip.take()
            assert chip.wait_scans(3)
        assert others[0].wait_kind(DeviceLost)
        assert others[1].wait_kind(CardRead)
        assert not heard.of(DeviceLost)


def test_hundreds_of_damaged_and_invented_answers_of_the_chip_prove_nothing_and_end_nothing(
    chip: Pn532, heard: Heard, open_reader: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nfc_reader, "SENSE_PAUSE_S", 0.005)
    dice = random.Random(532)  # noqa: S311
    damaged: list[int] = []
    turn, echo = 0, Echo()

    def mangle(frame: bytes) -> bytes:
        code = frame[6] if len(frame) > 7 else 0
        # Every second card is spared most of it, and some of those prove themselves.
        if dice.random() > {LISTED: 0.05, SAID: 0.5 if turn % 2 else 0.02}.get(code, 0):
            return frame
        damaged.append(code)
        at = dice.randrange(len(frame))
        if dice.random() < 0.02:
            return frame[:at] + bytes((frame[at] ^ 1 << dice.randrange(8),)) + frame[at + 1 :]
        told = frame[7:-2]
        at = dice.randrange(len(told) or 1)
        wrong = [told[:at] + dice.randbytes(1) + told[at + 1 :], told[:at], told + dice.randbytes(2)]
        return answer(code - 1, dice.choice([*wrong, dice.randbytes(dice.randrange(300))]))

    reader = open_reader(chip.port, heard, schemes=(echo.scheme(),))
    assert heard.wait(DeviceBack(DOOR))
    chip.mangle = mangle
    while len(damaged) < FRAMES:
        turn += 1
        chip.swap(iso_dep.card(Tag(bytes((4, 0, 0, 0, 0, 0, turn % 8)))))
        # The card is found, called and talked to before the next look.
        chip.wait_scans(3, timeout=0.5)
    chip.take()
    chip.mangle = None
    assert reader._thread.is_alive()
    assert set(damaged) == {LISTED, SAID}
    assert chip.wait_scans(5)
    assert proved_only(heard, echo)
    before = heard.all.count(PROVED)
    chip.put(iso_dep.card(Tag()))
    assert heard.wait(PROVED, count=before + 1)
    assert not [s for s in heard.of(DeviceLost) if isinstance(s, DeviceLost) and "ended" in s.why]
