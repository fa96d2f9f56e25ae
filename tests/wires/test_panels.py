"""A panel of the site file on its wire: written on by the controller, lost as any device, in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller import config
from controller.board import Board
from controller.clock import RoomClock
from controller.core.effects import Display
from controller.core.state import State
from controller.wiring import Wiring
from firmware_shims.bench import Bench
from firmware_shims.osdp_display import DisplayPanel
from firmware_shims.pi_host import adopt
from tests.wires.wired import LONG, SITE, WALL_MS, Wired

PANELS = """
[panel.p1]
address = "osdp:///dev/ttyAMA1?address=50"
room = "vault"

[panel.p2]
address = "osdp:///dev/ttyAMA1?address=51"
rows = 4
columns = 20
"""
HOUR_MS = 3_600_000
WAITS = "RELEASE DOOR main 20 s\n4F2A-91C0 WAITS\nby li"


class Written:
    """The hands of a controller at a room with two panels."""

    def __init__(self, folder: Path) -> None:
        site = config.loads(SITE + PANELS, "panels.toml")
        self.bench = Bench(site.text, site.addresses, folder, wall_ms=WALL_MS)
        adopt(self.bench.field.board.path)
        self.clock = RoomClock()
        self.wiring = Wiring(config.load(self.bench.site), self.bench.data, lambda _: None)
        self.board = Board(
            self.clock, self.wiring.gpio, site.plan.locks, {}, lambda _: None, orders=self.wiring
        )
        self.wiring.start()

    def panel(self, name: str) -> DisplayPanel:
        return self.bench.readers.panels[name]

    def show(self, panel: str, text: str, for_ms: int = HOUR_MS) -> None:
        until = self.clock.now() + for_ms
        self.board.release([Display(panel, "4F2A-91C0", text, until)], State())

    def close(self) -> None:
        self.wiring.stop()
        self.bench.stop()


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    written = Written(tmp_path)
    yield written
    written.close()


def test_the_controller_writes_on_each_panel_what_is_meant_for_it_and_takes_it_off(written: Written) -> None:
    written.show("p1", WAITS)
    written.show("p2", "4F2A-91C0 DONE")
    assert written.panel("p1").wait_shows("4F2A-91C0 WAITS", LONG)
    assert written.panel("p2").wait_shows("4F2A-91C0 DONE", LONG)
    assert len(written.panel("p2").shows) == 4
    written.show("p1", "")
    assert written.panel("p1").wait_blank(LONG)
    assert not any(b"DONE" in text for text in written.panel("p1").texts)


def test_no_text_brings_a_panel_anything_but_printable_characters(written: Written) -> None:
    written.show("p1", "\x1b[2J\x00\x07 4F2A-91C0 王\r\nlast")
    assert written.panel("p1").wait_shows("last", LONG)
    assert all(0x20 <= byte <= 0x7E for text in written.panel("p1").texts for byte in text[6:])


def test_nothing_stands_on_a_panel_before_it_is_in_the_log(written: Written) -> None:
    written.board.secure([Display("p1", "4F2A-91C0", WAITS, written.clock.now() + HOUR_MS)])
    written.show("p1", "last")
    assert written.panel("p1").wait_shows("last", LONG)
    assert not any(b"WAITS" in text for text in written.panel("p1").texts)


@pytest.mark.parametrize("panel", ["p3", "main.in", "io1", ""])
def test_what_is_no_panel_of_the_site_is_not_written_on(written: Written, panel: str) -> None:
    written.show(panel, WAITS)
    written.show("p1", "last")
    assert written.panel("p1").wait_shows("last", LONG)


def test_a_panel_whose_plug_is_pulled_is_told_and_changes_no_lock(tmp_path: Path) -> None:
    with Wired(tmp_path, SITE + PANELS).founded() as room:
        before = room.newest
        room.bench.lost("p1")
        lost = room.written("device_lost", after=before)
        assert [entry["place"] for entry in lost] == ["p1"]
        assert not room.bench.lock("main")
        room.granted()
        back = room.newest
        room.bench.back("p1")
        assert room.written("device_back", after=back)[0]["place"] == "p1"
