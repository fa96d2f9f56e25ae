"""What becomes of a drawn bolt when the box itself falters: the supply, the loop, the whole process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from firmware_shims.notify_socket import NotifySocket
from firmware_shims.watchdog_device import WatchdogDevice
from tests.wires.badged import SITE, Badged, blank
from tests.wires.wired import LONG

GUARDED = (
    SITE.replace("unlock_s = 3", "unlock_s = 30")
    + """
[outputs]
siren = "gpio:relay/7"
watchdog = "watchdog:///dev/watchdog?timeout=5"
"""
)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Badged]:
    with Badged(tmp_path, GUARDED) as room:
        room.founded()
        for person in ("li", "wang"):
            room.equip(person, blank())
        yield room


def dog(room: Badged) -> WatchdogDevice:
    assert room.bench.watchdog
    return room.bench.watchdog


def granted(room: Badged) -> None:
    """Two people badge, and the bolt stands drawn for half a minute."""
    room.show("main.in", "li", "pending")
    room.show("main.in", "wang", "granted")
    assert room.bench.field.wait("main", energised=True, timeout=LONG)


def test_the_loop_itself_feeds_the_watchdog_and_an_orderly_end_stops_it(room: Badged) -> None:
    assert dog(room).opened.wait(LONG)
    assert dog(room).timeout == 5
    assert dog(room).wait_feeds(dog(room).feeds + 2, LONG)
    assert room.child.stop() == 0
    assert dog(room).wait_closed(LONG)
    assert dog(room).orderly
    assert not dog(room).bitten.is_set()


def test_a_process_that_stands_still_with_a_drawn_bolt_is_bitten_and_comes_back_bolted(room: Badged) -> None:
    granted(room)
    assert dog(room).wait_feeds(1, LONG)
    room.child.signal(signal.SIGSTOP)
    dog(room).second = 0.1
    assert dog(room).bitten.wait(LONG)
    assert not dog(room).orderly
    room.child.kill()  # what the reset of the box does
    room.bench.field.board.power_cut()
    assert room.bench.field.wait("main", energised=False, timeout=LONG)
    room.child.start()
    room.ready()
    assert not room.bench.lock("main")
    assert room.view["doors"]["main"]["phase"] == "locked"
    room.way_out("main")


def test_a_kill_with_a_drawn_bolt_leaves_a_watchdog_that_bites(room: Badged) -> None:
    granted(room)
    dog(room).second = 0.1
    room.child.kill()
    assert dog(room).bitten.wait(LONG)
    assert not dog(room).orderly


def test_a_brown_out_during_a_release_leaves_a_bolt_that_is_thrown_and_not_drawn_again(room: Badged) -> None:
    granted(room)
    before, drawn = room.newest, Event()
    strike = room.bench.field.relays["main"].bcm
    room.bench.field.board.listeners.append(lambda pin, on: drawn.set() if pin == strike and on else None)
    room.bench.field.board.brown_out()
    room.written("device_back", after=before)
    assert "main" in {e["place"] for e in room.entries("device_lost", after=before)}
    assert not room.bench.lock("main")
    assert not drawn.is_set()
    assert room.view["rooms"]["vault"]["occupancy"] == 0
    room.way_out("main")


def test_two_people_come_in_after_a_brown_out_as_before(room: Badged) -> None:
    room.bench.field.board.brown_out()
    granted(room)
    room.open("main", "opened")
    room.shut("main", "entered")


def test_the_service_manager_hears_that_the_controller_runs_lives_and_ends(tmp_path: Path) -> None:
    with NotifySocket(tmp_path / "notify") as manager, Badged(tmp_path, GUARDED) as room:
        room.child = type(room.child)(
            room.bench.site,
            room.bench.data,
            room.bench.environment() | {"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "4000000"},
        )
        room.child.start()
        assert manager.wait("READY=1")
        assert manager.wait("WATCHDOG=1", count=2, timeout=LONG)
        assert room.child.stop() == 0
        assert manager.wait("STOPPING=1")
