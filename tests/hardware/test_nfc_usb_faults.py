import os
import struct
from collections.abc import Callable

import pytest

from firmware_shims.acr122u import Acr122u
from firmware_shims.heard import Heard
from firmware_shims.usb_world import UsbWorld
from hardware import nfc_usb
from hardware.nfc_reader import NfcReader
from hardware.signals import CardRead, DeviceBack, DeviceLost

DOOR = "main.in"
CARD, OTHER = "04A1B2C3D4E5F6", "11223344"
MAKE, AT = "usb:072f:2200", "1-1.2"

Open = Callable[..., NfcReader]


def plain(uid: str) -> CardRead:
    return CardRead(DOOR, uid, "uid", uid=uid)


def why(heard: Heard) -> str:
    assert heard.wait_kind(DeviceLost)
    lost = heard.of(DeviceLost)[-1]
    assert isinstance(lost, DeviceLost)
    return lost.why


FAULTS: dict[str, tuple[Callable[[Acr122u], None], Callable[[Acr122u], None]]] = {
    "stalled": (Acr122u.stall, Acr122u.heal),
    "garbage": (Acr122u.garbage, Acr122u.heal),
    "another number": (lambda usb: setattr(usb, "slip", 1), lambda usb: setattr(usb, "slip", 0)),
    "short transfers": (lambda usb: setattr(usb, "chunk", 7), lambda usb: setattr(usb, "chunk", 0)),
    "endless pleas": (lambda usb: setattr(usb, "pleas", 99), lambda usb: setattr(usb, "pleas", 0)),
    "too long": (
        lambda usb: setattr(usb, "mangle", lambda message: message + bytes(600)),
        lambda usb: setattr(usb, "mangle", None),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_reader_that_fails_is_lost_once_and_comes_back(
    usb: Acr122u, heard: Heard, start_usb: Open, name: str
) -> None:
    start_usb()
    fault, heal = FAULTS[name]
    usb.call(lambda: fault(usb))
    assert heard.wait_kind(DeviceLost)
    usb.call(lambda: heal(usb))
    assert heard.wait(DeviceBack(DOOR), count=2)
    assert len(heard.of(DeviceLost)) == 1
    assert usb.present(CARD)
    assert heard.wait(plain(CARD))


def test_a_halted_endpoint_is_told_to_go_on(usb: Acr122u, heard: Heard, start_usb: Open) -> None:
    start_usb()
    for uid in (CARD, OTHER):
        usb.call(lambda: setattr(usb, "halted", True))
        assert usb.present(uid)
        assert heard.wait(plain(uid))
    assert not heard.of(DeviceLost)


def test_a_reader_that_asks_for_a_little_time_is_given_it(
    usb: Acr122u, heard: Heard, start_usb: Open
) -> None:
    usb.pleas = 2
    start_usb()
    assert usb.present(CARD)
    assert heard.wait(plain(CARD))
    assert usb.opened == 1


def asked(apdu: bytes) -> bytearray:
    return bytearray(struct.pack("<BI5x", 0x6F, len(apdu)) + apdu)


def test_an_answer_that_comes_late_is_never_the_answer_to_another_question(usb: Acr122u) -> None:
    wire = nfc_usb._Wire(nfc_usb.parse_place(MAKE))
    usb.hold_back = 1
    wire.write(asked(bytes.fromhex("ff00000002d402")))
    with pytest.raises(OSError, match="does not answer"):
        wire.read(100)
    wire.write(asked(bytes.fromhex("ff00480000")))
    assert wire.read(100)[10:] == b"ACR122U207"
    wire.close()


def test_a_closed_wire_says_so_and_may_be_closed_again(usb: Acr122u) -> None:
    wire = nfc_usb._Wire(nfc_usb.parse_place(MAKE))
    wire.close()
    wire.close()
    with pytest.raises(OSError, match="closed"):
        wire.write(asked(b""))


@pytest.mark.parametrize("version", [b"ACR122U102", b"", b"ACR38", b"ACR122U", b"\xff\xfe" * 20])
def test_a_reader_that_calls_itself_otherwise_is_not_used(
    usb: Acr122u, heard: Heard, open_reader: Open, version: bytes
) -> None:
    usb.version = version
    open_reader(MAKE, heard, chip="acr122u")
    assert heard.wait_kind(DeviceLost)
    assert not usb.wait_scans(1, timeout=0.1)


@pytest.mark.parametrize("state", ["well", "stalled", "gone"])
def test_stopping_ends_the_thread_and_lets_go_of_the_reader_in_any_state(
    usb_world: UsbWorld, usb: Acr122u, heard: Heard, start_usb: Open, state: str
) -> None:
    reader = start_usb()
    if state == "stalled":
        usb.stall()
    elif state == "gone":
        usb_world.unplug(AT)
    reader.stop()
    assert not reader._thread.is_alive()
    assert not [s for s in heard.of(DeviceLost) if isinstance(s, DeviceLost) and "ended" in s.why]
    if state != "gone":
        usb.heal()
        start_usb()


def test_no_file_stays_open_after_many_losses(
    usb_world: UsbWorld, usb: Acr122u, heard: Heard, start_usb: Open
) -> None:
    def files() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    reader = start_usb()
    reader.stop()
    before = files()
    for _ in range(20):
        with nfc_usb.opened(MAKE):
            pass
    assert usb.present(CARD, timeout=0.1) is False
    assert files() <= before + 4
