"""Our panel against a reader we did not write: the peripheral of libosdp, in its own process."""

import os
from collections.abc import Iterator
from time import monotonic

import pytest

from firmware_shims.libosdp_peer import IDENTITY, LibosdpPeer
from firmware_shims.osdp_bench import Listener, badge
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from hardware.osdp import OsdpBus, Peripheral
from hardware.osdp.codec import Frame, Parser
from hardware.osdp.messages import Command
from hardware.signals import DeviceBack, DeviceLost, KeysTyped, Lamp, PairingFailed, ReaderPaired, TamperLevel

KEY, OURS = os.urandom(16), os.urandom(16)


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Rs485Hub, LibosdpPeer]]:
    with Rs485Hub(3) as hub:
        peer = LibosdpPeer(1, KEY)
        peer.start(hub.names[1])
        yield hub, peer
        peer.stop()


def test_badge_keypad_and_lamps_work_with_a_foreign_reader(pair: tuple[Rs485Hub, LibosdpPeer]) -> None:
    hub, peer = pair
    heard = Listener()
    bus = OsdpBus(hub.names[0], peripherals=[Peripheral(1, "in", KEY)], sink=heard)
    bus.start()
    assert heard.wait(DeviceBack("in"))
    assert heard.wait(TamperLevel("in", active=False))
    badge(peer, "in", heard)
    peer.type_keys("1234")
    assert heard.wait(KeysTyped("in", "1234"))
    for lamp in (Lamp.PENDING, Lamp.GRANTED, Lamp.REFUSED, Lamp.WAIT, Lamp.IDLE):
        bus.show("in", lamp)
        assert peer.wait_lamp(lamp, 30)
    bus.stop()


def test_two_starts_never_show_a_foreign_reader_the_same_random_number(
    pair: tuple[Rs485Hub, LibosdpPeer],
) -> None:
    hub, _ = pair
    parser, seen = Parser(), set[bytes]()
    frames: list[Frame] = []

    def tap(_: int, data: bytes) -> bytes:
        frames.extend(parser.feed(data))
        return data

    hub.mangle = tap
    for _ in range(3):
        heard = Listener()
        bus = OsdpBus(hub.names[0], peripherals=[Peripheral(1, "in", KEY)], sink=heard)
        bus.start()
        assert heard.wait(DeviceBack("in"))
        bus.stop()
        randoms = {frame.body for frame in frames if not frame.reply and frame.body[0] == Command.CHLNG}
        assert randoms
        assert not randoms & seen
        seen |= randoms
        frames.clear()
    hub.mangle = None


def test_a_foreign_reader_with_another_key_stays_outside(pair: tuple[Rs485Hub, LibosdpPeer]) -> None:
    hub, peer = pair
    heard = Listener()
    bus = OsdpBus(hub.names[0], peripherals=[Peripheral(1, "in", OURS)], sink=heard)
    bus.start()
    assert heard.wait_for(lambda signal: "does not hold our key" in getattr(signal, "why", ""), timeout=30)
    peer.present("DEADBEEF")
    bus.stop()
    assert {type(signal) for signal in heard.heard} == {DeviceLost}


def test_a_foreign_reader_and_ours_share_a_line(pair: tuple[Rs485Hub, LibosdpPeer]) -> None:
    hub, peer = pair
    heard = Listener()
    peripherals = [Peripheral(1, "foreign", KEY), Peripheral(2, "ours", OURS)]
    with OsdpPeripheral(2, OURS) as ours:
        ours.start(hub.names[2])
        bus = OsdpBus(hub.names[0], peripherals=peripherals, sink=heard)
        bus.start()
        assert heard.wait(DeviceBack("foreign"))
        assert heard.wait(DeviceBack("ours"))
        for _ in range(10):
            badge(peer, "foreign", heard)
            badge(ours, "ours", heard)
        bus.stop()


@pytest.mark.parametrize("begin", [None, os.urandom(16)], ids=["from the factory", "with our key"])
def test_a_foreign_reader_takes_our_key_and_comes_back_with_it_after_both_were_restarted(
    begin: bytes | None,
) -> None:
    written: list[tuple[bytes, str, bool]] = []

    def keep(_: str, key: bytes, identity: str, *, proved: bool) -> None:
        written.append((key, identity, proved))

    with Rs485Hub(2) as hub:
        with LibosdpPeer(1, begin) as peer:
            peer.start(hub.names[1])
            heard = Listener()
            bus = OsdpBus(hub.names[0], peripherals=[Peripheral(1, "in", begin or KEY)], sink=heard)
            bus.start()
            assert heard.wait(DeviceBack if begin else DeviceLost)
            bus.pair("in", monotonic() + 60, keep)
            ended = heard.wait_for(lambda one: isinstance(one, ReaderPaired | PairingFailed), timeout=60)
            assert ended == ReaderPaired("in", IDENTITY)
            assert heard.wait(DeviceBack("in"), heard.heard.index(ended))
            badge(peer, "in", heard)
            bus.stop()
        assert [proved for *_, proved in written] == [False, True]
        (key,) = {key for key, *_ in written}
        assert peer.key == key
        with LibosdpPeer(1, peer.key) as peer:
            peer.start(hub.names[1])
            heard = Listener()
            peripheral = Peripheral(1, "in", key, identity=IDENTITY)
            bus = OsdpBus(hub.names[0], peripherals=[peripheral], sink=heard)
            bus.start()
            assert heard.wait(DeviceBack("in"))
            badge(peer, "in", heard)
            bus.stop()
