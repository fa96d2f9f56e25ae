import pytest

from firmware_shims.cards.iso_dep import IsoDep as Card
from hardware.credentials.exchange import CardRefusedError, Exchange, Proof
from hardware.credentials.running import Bounds, converse
from hardware.nfc_iso_dep import SHORTEST_WAIT_S, IsoDep, SilentError, parse_ats
from hardware.signals import CardFault
from tests.hardware.iso_dep_air import EACH_S, Air, Echo, activated


def test_a_card_may_ask_for_time_while_it_may_take_that_long() -> None:
    air = Air(Card(Echo(), pleas=50))
    assert activated(air).transceive(b"\x60") == b"\x60\x90\x00"
    assert air.frames.count(b"\xf2\x01") == 50


def test_a_card_that_asks_for_time_for_ever_is_slow() -> None:
    dep = activated(Air(Card(Echo(), pleas=10**9)))
    with pytest.raises(CardRefusedError) as refused:
        dep.transceive(b"\x60")
    assert refused.value.fault is CardFault.SLOW


def asking(size: int) -> Exchange:
    yield bytes(size)
    return Proof("00")


@pytest.mark.parametrize("size", [1, 60, 120, 180, 240, 300, 500])
@pytest.mark.parametrize("takes_s", [0.05, 0.11, 0.15, 0.19])
def test_frames_that_come_late_through_a_relay_are_late_and_never_a_card_torn_away(
    takes_s: float, size: int
) -> None:
    air = Air(Card(Echo()))
    air.takes_s = takes_s
    with pytest.raises(CardRefusedError) as refused:
        converse(asking(size), activated(air).transceive, Bounds(each_ms=EACH_S * 1000), lambda: air.now)
    assert refused.value.fault is CardFault.SLOW
    assert air.now < EACH_S + SHORTEST_WAIT_S


def test_a_frame_that_takes_longer_than_any_card_needs_is_silence() -> None:
    air = Air(Card(Echo()))
    air.takes_s = SHORTEST_WAIT_S * 2
    with pytest.raises(SilentError):
        activated(air).transceive(b"\x60")


@pytest.mark.parametrize("plea", [b"\xf2", b"\xf2\x00", b"\xf2\x3c", b"\xf2\xff", b"\xf2\x01\x01"])
def test_a_plea_for_time_in_a_wrong_form_is_broken(plea: bytes) -> None:
    with pytest.raises(CardRefusedError, match="wrong form"):
        IsoDep(lambda _, __: plea, parse_ats(b"\x01"), EACH_S).transceive(b"\x60")
