"""From addresses to drivers and from Signals to events; and the one way in, which is bounded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from controller import config, inbox
from controller.clock import RoomClock
from controller.core.events import (
    BadgeRead,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    Event,
    InputLevel,
    Level,
    PinTyped,
    ReleaseDropped,
)
from controller.errors import ConfigError
from controller.inbox import BATCH, Inbox
from controller.pin_entry import FORGET_MS, PinEntry
from controller.wiring import Wiring
from firmware_shims.bench import Bench
from firmware_shims.pi_host import adopt
from hardware import signals
from tests.wires.wired import LONG, SITE, WALL_MS

ON_A_BOARD = SITE.replace('contact = "gpio:input/1"', 'contact = "board:io1/20"')


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    site = config.loads(ON_A_BOARD, "board.toml")
    with Bench(site.text, site.addresses, tmp_path, wall_ms=WALL_MS) as bench:
        adopt(bench.field.board.path)
        yield bench


@pytest.fixture
def wiring(bench: Bench) -> Iterator[Wiring]:
    site = config.load(bench.site)
    wiring = Wiring(site, bench.data, lambda _: None)
    yield wiring
    wiring.stop()


CASES: list[tuple[signals.Signal, list[Event]]] = [
    (signals.CardRead("main.in", "04AA", "uid"), [BadgeRead(7, "main.in", "04AA", "uid")]),
    (signals.KeysTyped("main.in", "12"), []),
    (signals.KeysTyped("main.in", "4821#"), [PinTyped(7, "main.in", "4821")]),
    (signals.LineLevel("fire", signals.Level.CUT), [InputLevel(7, "fire", Level.CUT)]),
    (signals.TamperLevel("c1", active=True), [InputLevel(7, "c1.tamper", Level.ACTIVE)]),
    (signals.TamperLevel("c1", active=False), [InputLevel(7, "c1.tamper", Level.NORMAL)]),
    (signals.DeviceLost("c1", "gone"), [DeviceLost(7, "c1", "gone")]),
    (signals.DeviceBack("c1"), [DeviceBack(7, "c1")]),
    (signals.DeviceNoisy("fire", quiet=True), [DeviceNoisy(7, "fire", quiet=True)]),
    (signals.LateRelease("main", 30), [ReleaseDropped(7, "main", 30)]),
    (signals.WallClock("clock", WALL_MS, 5), []),
    # A door's contact on a board is gone with its board; the window's says nothing about a door.
    (signals.DeviceLost("io1", "cut"), [DeviceLost(7, "io1", "cut"), DeviceLost(7, "main.contact", "cut")]),
    (signals.DeviceBack("io1"), [DeviceBack(7, "io1"), DeviceBack(7, "main.contact")]),
]


@pytest.mark.parametrize(("signal", "events"), CASES)
def test_every_signal_means_what_the_core_understands(
    signal: signals.Signal, events: list[Event], wiring: Wiring
) -> None:
    assert wiring.events(7, signal) == events


def test_the_outside_clock_is_asked_by_itself(bench: Bench, wiring: Wiring) -> None:
    assert wiring.has_clock
    told = wiring.outside_wall_ms(LONG)
    assert told is not None
    assert 0 <= told - WALL_MS < LONG * 1000


def test_a_silent_outside_clock_is_waited_for_no_longer_than_told(bench: Bench, wiring: Wiring) -> None:
    bench.lost("clock")
    assert wiring.outside_wall_ms(0.2) is None


def test_two_devices_with_one_key_are_a_fault_in_one_sentence(bench: Bench) -> None:
    keys = bench.data / "keys"
    (keys / "c1.key").write_text((keys / "main.in.key").read_text(encoding="ascii"), encoding="ascii")
    site = config.load(bench.site)
    for _ in range(2):  # the first try has let go of the pins
        with pytest.raises(ConfigError, match="two peripherals on one bus have the same key"):
            Wiring(site, bench.data, lambda _: None)


def test_a_pin_ends_with_its_mark_and_what_was_left_lying_is_forgotten() -> None:
    keypad = PinEntry()
    assert keypad.typed("in", "48", 0) == []
    assert keypad.typed("out", "9#", 10) == ["9"]
    assert keypad.typed("in", "21#", 20) == ["4821"]
    assert keypad.typed("in", "#", 30) == []
    assert keypad.typed("in", "99*4821#", 40) == ["4821"]
    assert keypad.typed("in", "1234#5678#", 50) == ["1234", "5678"]
    assert keypad.typed("in", "99", 60) == []
    assert keypad.typed("in", "4821#", 61 + FORGET_MS) == ["4821"]
    assert keypad.typed("in", "A\u0664B1#", 70 + FORGET_MS) == ["1"]


def test_what_comes_in_is_stamped_in_order_and_given_in_batches() -> None:
    box = Inbox(RoomClock())
    for number in range(BATCH + 5):
        box.put(signals.CardRead("in", f"{number:04X}"))
    first, rest = box.take(0), box.take(0)
    assert [len(first), len(rest), len(box.take(0))] == [BATCH, 5, 0]
    assert [i.at for i in first] == sorted(i.at for i in first)
    assert [i.content for i in rest] == [signals.CardRead("in", f"{BATCH + n:04X}") for n in range(5)]


def test_the_loop_never_waits_for_itself_however_full_its_inbox_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "CAPACITY", 3)
    box = Inbox(RoomClock())
    box.put(signals.CardRead("in", "00"))
    assert len(box.take(0)) == 1  # this thread is the loop now
    givers = [Thread(target=box.put, args=(signals.CardRead("in", f"0{n}"),)) for n in range(3)]
    for giver in givers:
        giver.start()
        giver.join(LONG)
    for n in range(5):
        box.put(signals.LateRelease("main", n))
    own, others = box.take(0), box.take(0)
    assert [item.content for item in own] == [signals.LateRelease("main", n) for n in range(5)]
    assert len(others) == 3


def test_a_full_inbox_makes_the_giver_wait_and_lets_go_when_the_loop_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox, "CAPACITY", 3)
    box = Inbox(RoomClock())
    givers = [Thread(target=box.put, args=(signals.CardRead("in", f"0{n}"),)) for n in range(9)]
    for giver in givers:
        giver.start()
    taken = 0
    while taken < 4:
        taken += len(box.take(LONG))
    box.wake()
    box.close()
    for giver in givers:
        giver.join(LONG)
    assert not any(giver.is_alive() for giver in givers)


def test_keys_that_a_pairing_cut_short_left_are_read_at_the_start_and_must_be_keys(bench: Bench) -> None:
    keys = bench.data / "keys"
    for kind in ("pending", "earlier"):
        file = keys / f"c1.{kind}"
        file.write_text(f"{os.urandom(16).hex()}\n\n", encoding="ascii")
        file.chmod(0o600)
    wiring = Wiring(config.load(bench.site), bench.data, lambda _: None)
    try:
        assert wiring.health()["buses"]
    finally:
        wiring.stop()
    (keys / "c1.earlier").write_text("no key", encoding="ascii")
    with pytest.raises(ConfigError, match=r"c1\.earlier"):
        Wiring(config.load(bench.site), bench.data, lambda _: None)
