import random
import threading
from collections.abc import Callable

import pytest
from nfc.clf import acr122

from firmware_shims.acr122u import Acr122u
from firmware_shims.cards import iso_dep
from firmware_shims.heard import Heard
from firmware_shims.pi import usb1
from hardware import nfc_port, nfc_reader, nfc_usb
from hardware.credentials.running import Bounds
from hardware.credentials.uid import UID
from hardware.nfc_cards import Cards
from hardware.nfc_chip import Chip
from hardware.nfc_iso_dep import NoiseError, SilentError
from hardware.nfc_reader import NfcReader
from hardware.signals import DeviceLost, Signal
from tests.hardware.echo_cards import CARD, DOOR, PROVED, Echo, Tag, believed, proved_only

MAKE = "usb:072f:2200"
TRANSFERS, FEW = 2_000, 100
Open = Callable[..., NfcReader]


def _mutated(message: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(message))
    match dice.randrange(6):
        case 0:
            # Mostly under the right number: under another it is left alone, which costs a whole wait.
            right = message[6:7] if dice.random() < 0.98 else dice.randbytes(1)
            return dice.randbytes(6) + right + dice.randbytes(dice.randrange(600))
        case 1:
            return message[:at]
        case 2:
            return message[:at] + bytes((message[at] ^ 1 << dice.randrange(8),)) + message[at + 1 :]
        case 3:  # a length that lies
            return message[:1] + dice.randbytes(4) + message[5:]
        case 4:  # proper around nonsense
            said = dice.randbytes(dice.randrange(40))
            return message[:1] + len(said).to_bytes(4, "little") + message[5:10] + said
        case _:  # proper down to the chip's answer
            said = message[10:12] + dice.randbytes(dice.randrange(30)) + b"\x90\x00"
            return message[:1] + len(said).to_bytes(4, "little") + message[5:10] + said


class Straight:
    """A handle to a reader without a bus between: what does not come at once does not come."""

    def __init__(self, usb: Acr122u) -> None:
        self.usb = usb

    def bulkWrite(self, _: int, data: bytes, __: int) -> int:  # noqa: N802
        with self.usb.turn:
            self.usb.received(data)
        return len(data)

    def bulkRead(self, _: int, room: int, __: int) -> bytes:  # noqa: N802
        if not self.usb.to_host:
            raise usb1.USBErrorTimeout
        data = self.usb.to_host.popleft()
        if len(data) > room:
            raise usb1.USBErrorOverflow
        return data


def test_whatever_comes_over_usb_the_driver_raises_only_what_a_reader_expects(usb: Acr122u) -> None:
    dice = random.Random(122)  # noqa: S311
    wire = nfc_usb._Wire(nfc_usb.parse_place(MAKE))
    wire._handle.close()
    wire._handle = Straight(usb)
    device = acr122.Device(acr122.Chipset(wire))
    usb.put(iso_dep.card(Tag()))
    ends = {"proved": 0, "fault": 0, "air": 0, "refused": 0}
    damaged = 0

    def mangle(message: bytes) -> bytes:
        nonlocal damaged
        if dice.random() > 0.1:
            return message
        damaged += 1
        return _mutated(message, dice)

    usb.mangle = mangle
    echo, said = Echo(), list[Signal]()
    cards = Cards(DOOR, (echo.scheme(), UID), lambda: None, Bounds(1e9, 1e9, 1e9))
    while damaged < TRANSFERS:
        chip = Chip(device)
        try:
            for found in chip.cards():
                read = cards.read(chip, found)
                ends["refused" if read.fault else "proved"] += 1
                said.append(read)
        except nfc_port.FAULTS:
            ends["fault"] += 1
        except (SilentError, NoiseError):
            ends["air"] += 1
    assert all(ends.values()), ends
    assert believed(said) == echo.believed
    assert set(echo.believed) == {CARD}


def test_damaged_transfers_at_any_time_do_not_end_the_reading(
    usb: Acr122u, heard: Heard, start_usb: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nfc_reader, "SENSE_PAUSE_S", 0.0)
    monkeypatch.setattr(nfc_reader, "LONGEST_PAUSE_S", 0.01)
    dice = random.Random(532)  # noqa: S311
    enough = threading.Event()
    damaged = 0

    def mangle(message: bytes) -> bytes:
        nonlocal damaged
        if dice.random() > 0.05:
            return message
        damaged += 1
        if damaged >= FEW:
            enough.set()
        return _mutated(message, dice)

    echo = Echo()
    reader = start_usb(MAKE, echo.scheme(), UID)
    usb.call(lambda: setattr(usb, "mangle", mangle))
    usb.put(iso_dep.card(Tag()))
    assert enough.wait(120)
    usb.call(lambda: setattr(usb, "mangle", None))
    assert reader._thread.is_alive()
    usb.take()
    assert usb.wait_scans(5)
    before = heard.all.count(PROVED)
    usb.put(iso_dep.card(Tag()))
    assert heard.wait(PROVED, count=before + 1)
    assert proved_only(heard, echo)
    assert not [s for s in heard.of(DeviceLost) if isinstance(s, DeviceLost) and "ended" in s.why]
