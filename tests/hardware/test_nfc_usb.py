from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest

from firmware_shims.acr122u import Acr122u
from firmware_shims.cards import iso_dep
from firmware_shims.heard import Heard
from firmware_shims.usb_world import UsbWorld
from hardware.nfc_reader import NfcReader
from hardware.signals import BadgeMade, BadgeNotMade, CardFault, CardRead, DeviceBack, DeviceLost
from tests.hardware.echo_cards import CARD, DOOR, PROVED, TALKS, Tag

OTHER = "11223344"
MAKE, AT = "usb:072f:2200", "1-1.2"
Open = Callable[..., NfcReader]


def plain(uid: str) -> CardRead:
    return CardRead(DOOR, uid, "uid", uid=uid)


def why(heard: Heard) -> str:
    assert heard.wait_kind(DeviceLost)
    lost = heard.of(DeviceLost)[-1]
    assert isinstance(lost, DeviceLost)
    return lost.why


@pytest.mark.parametrize("port", [MAKE, f"{MAKE}:{AT}"])
def test_a_usb_reader_reads_cards_like_any_other(
    usb: Acr122u, heard: Heard, start_usb: Open, port: str
) -> None:
    start_usb(port)
    for uid in (CARD, OTHER):
        assert usb.present(uid)
        assert heard.wait(plain(uid))
    assert len(heard.of(CardRead)) == 2


def test_long_conversations_go_in_frames_that_fit_into_its_messages(
    usb: Acr122u, heard: Heard, start_usb: Open
) -> None:
    start_usb(MAKE, TALKS)
    frames: list[int] = []
    # A card that would take and give frames of 256 bytes.
    card = iso_dep.card(Tag(), ats=bytes.fromhex("067877810280"))
    talk = card.talk

    def listening(frame: bytes) -> bytes | None:
        said = talk(frame)
        frames.extend((len(frame) + 2, len(said or b"") + 2))
        return said

    usb.put(replace(card, talk=listening))
    assert heard.wait(PROVED)
    assert max(frames) == 128


def test_two_cards_at_once_are_refused(usb: Acr122u, heard: Heard, start_usb: Open) -> None:
    start_usb()
    usb.put_together(CARD, OTHER)
    assert usb.wait_scans(4)
    (refused,) = heard.of(CardRead)
    assert isinstance(refused, CardRead)
    assert refused.fault is CardFault.TWO_CARDS


def test_a_badge_is_made_on_a_usb_reader(usb: Acr122u, heard: Heard, start_usb: Open) -> None:
    reader = start_usb(MAKE, TALKS)
    reader.personalise(TALKS, monotonic() + 60)
    assert usb.wait_scans(3)
    usb.put(iso_dep.card(Tag()))
    assert heard.wait(BadgeMade(DOOR, "talks", "AB", CARD))
    assert not heard.of(BadgeNotMade)


def test_a_reader_unplugged_is_lost_once_and_comes_back_at_another_address(
    usb_world: UsbWorld, usb: Acr122u, heard: Heard, start_usb: Open
) -> None:
    start_usb(f"{MAKE}:{AT}")
    for times in (1, 2):
        usb_world.unplug(AT)
        assert heard.wait_kind(DeviceLost, times)
        assert why(heard).endswith(("it was unplugged)", "none is plugged in there)"))
        usb_world.plug(usb, AT)
        assert heard.wait(DeviceBack(DOOR), count=times + 1)
    assert len(heard.of(DeviceLost)) == 2
    assert usb.present(CARD)
    assert heard.wait(plain(CARD))


def test_a_reader_in_another_socket_is_another_reader(
    usb_world: UsbWorld, usb: Acr122u, heard: Heard, start_usb: Open
) -> None:
    start_usb(f"{MAKE}:{AT}")
    usb_world.plug(usb_world.unplug(AT), "1-1.3")
    assert heard.wait_kind(DeviceLost)
    assert usb.wait_scans(1, timeout=0.5) is False
    usb_world.plug(usb_world.unplug("1-1.3"), AT)
    assert heard.wait(DeviceBack(DOOR), count=2)


def test_of_several_readers_of_one_make_none_is_guessed(
    usb_world: UsbWorld, usb: Acr122u, heard: Heard, open_reader: Open
) -> None:
    second = Acr122u()
    usb_world.plug(second, "1-1.4")
    open_reader(MAKE, heard, chip="acr122u")
    assert "name one of 1-1.2, 1-1.4" in why(heard)
    assert usb.opened == second.opened == 0
    inner = Heard()
    open_reader(f"{MAKE}:1-1.4", inner, chip="acr122u")
    assert inner.wait(DeviceBack(DOOR))
    assert second.present(OTHER)
    assert inner.wait_kind(CardRead)
    assert usb.opened == 0


@pytest.mark.parametrize(("fault", "said"), [("held", "pcscd"), ("shut", "may not open it")])
def test_a_reader_that_somebody_else_holds_is_left_to_them(
    usb: Acr122u, heard: Heard, open_reader: Open, fault: str, said: str
) -> None:
    setattr(usb, fault, True)
    open_reader(MAKE, heard, chip="acr122u")
    assert said in why(heard)
    assert not usb.wait_scans(1, timeout=0.1)
    setattr(usb, fault, False)
    assert heard.wait(DeviceBack(DOOR))


def test_two_programs_on_one_reader_do_not_disturb_each_other(
    usb: Acr122u, heard: Heard, start_usb: Open, open_reader: Open
) -> None:
    start_usb()
    second = Heard()
    open_reader(MAKE, second, chip="acr122u")
    assert "holds it" in why(second)
    assert usb.present(CARD)
    assert heard.wait(plain(CARD))
    assert not second.of(CardRead, DeviceBack)
    assert not heard.of(DeviceLost)


@pytest.mark.parametrize(
    "port",
    ["", "usb", "usb:072f", "usb:072F:2200", "usb:072f:2200:", "usb:072f:2200:1", "usb:072f:2200:1-",
     "usb:072f:2200:01-1", "usb:072f:2200:1-1.", "usb:072f:2200:1-1.2 ", "usb:072f:2200:1-1.2\n",
     "usb:072f:2200:\u0661-1", "/dev/bus/usb/001/002", "usb:001:002"],
)  # fmt: skip
def test_a_place_that_is_not_spelled_exactly_so_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match=r"main\.in: port .* must be a place such as usb:072f:2200"):
        NfcReader(DOOR, port, sink=Heard(), chip="acr122u")


def test_without_a_reader_the_real_library_says_that_there_is_none(heard: Heard, open_reader: Open) -> None:
    open_reader(f"{MAKE}:255-99.99.99", heard, chip="acr122u")
    assert heard.wait_kind(DeviceLost)
    assert not heard.of(DeviceBack)
