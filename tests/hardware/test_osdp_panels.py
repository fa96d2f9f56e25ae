"""Displays on real lines: beside readers, lost and back, and one that we did not write."""

import os
from collections.abc import Iterator

import pytest

from firmware_shims.libosdp_peer import LibosdpPeer
from firmware_shims.osdp_bench import Listener, badge
from firmware_shims.osdp_display import DisplayPanel
from firmware_shims.osdp_lies import Lie
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from hardware.osdp import Display, OsdpBus, Peripheral
from hardware.signals import DeviceBack, DeviceLost

READER, PANEL = os.urandom(16), os.urandom(16)
FOR_EVER = 1e12
WAITS = "RELEASE main\n4F2A-91C0 WAITS"


class Room:
    """A reader and a panel on one line."""

    def __init__(self) -> None:
        self.hub = Rs485Hub(3)
        self.reader, self.panel = OsdpPeripheral(1, READER), DisplayPanel(5, PANEL)
        self.reader.start(self.hub.names[1])
        self.panel.start(self.hub.names[2])
        self.heard = Listener()
        there = [Peripheral(1, "in", READER), Peripheral(5, "p1", PANEL, display=Display())]
        self.bus = OsdpBus(self.hub.names[0], peripherals=there, sink=self.heard)
        self.bus.start()
        assert self.heard.wait(DeviceBack("in"))
        assert self.heard.wait(DeviceBack("p1"))

    def close(self) -> None:
        self.bus.stop()
        self.reader.stop()
        self.panel.stop()
        self.hub.close()


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    yield room
    room.close()


def test_badges_are_read_while_a_panel_is_written_to(room: Room) -> None:
    for number in range(8):
        room.bus.write("p1", f"n{number}", f"{number}\n{WAITS}", FOR_EVER)
        badge(room.reader, "in", room.heard, attempts=1)
    assert room.panel.wait_shows("4F2A-91C0 WAITS", 30)
    assert not any(isinstance(one, DeviceLost) for one in room.heard.heard)


def test_a_panel_whose_plug_is_pulled_is_lost_and_shows_again_when_it_is_back(room: Room) -> None:
    room.panel.vanish()
    assert room.heard.wait_for(lambda one: isinstance(one, DeviceLost) and one.device == "p1")
    room.bus.write("p1", "4F2A", WAITS, FOR_EVER)
    badge(room.reader, "in", room.heard)
    room.panel.back()
    assert room.panel.wait_shows("4F2A-91C0 WAITS", 30)


@pytest.mark.parametrize("lie", [Lie.MUTE, Lie.NAK, Lie.BUSY, Lie.WRONG_MAC])
def test_a_panel_that_lies_or_stalls_is_lost_and_the_reader_beside_it_goes_on(room: Room, lie: Lie) -> None:
    room.bus.write("p1", "4F2A", WAITS, FOR_EVER)
    assert room.panel.wait_shows("4F2A-91C0 WAITS", 30)
    room.panel.lie(lie)
    assert room.heard.wait_for(lambda one: isinstance(one, DeviceLost) and one.device == "p1")
    badge(room.reader, "in", room.heard)
    assert not any(isinstance(one, DeviceLost) and one.device == "in" for one in room.heard.heard)


def test_a_device_without_a_display_cannot_be_written_to(room: Room) -> None:
    with pytest.raises(KeyError, match="in has no display"):
        room.bus.write("in", "4F2A", WAITS, FOR_EVER)


def test_a_foreign_display_shows_what_it_is_told() -> None:
    heard = Listener()
    with Rs485Hub(2) as hub, LibosdpPeer(1, PANEL) as peer:
        peer.start(hub.names[1])
        there = [Peripheral(1, "p1", PANEL, display=Display())]
        bus = OsdpBus(hub.names[0], peripherals=there, sink=heard)
        bus.start()
        assert heard.wait(DeviceBack("p1"))
        bus.write("p1", "4F2A", WAITS, FOR_EVER)
        assert peer.wait_text(1, "RELEASE main", 30)
        assert peer.wait_text(2, "4F2A-91C0 WAITS", 30)
        bus.stop()
    assert not any(isinstance(one, DeviceLost) for one in heard.heard)
