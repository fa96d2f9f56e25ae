"""From a badge to a bolt, with nothing replaced in between; and what is on disk when the bolt moves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from controller import config
from controller.core.effects import Body
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from hardware import pins
from hardware.signals import Lamp
from tests.wires.wired import LONG, SITE, Wired

NFC, OSDP = '"nfc:tty:AMA2:pn532"', '"osdp:///dev/ttyAMA1?address=1"'
NFC_OUTSIDE = (
    SITE.replace(f"reader_in = {OSDP}", f"reader_in = {NFC}")
    .replace(f"reader_out = {NFC}", f"reader_out = {OSDP}")
    .replace("lamp_out", "lamp_in")
)
STRIKE = pins.pin("relay/1").bcm


class AtTheEdge:
    """Stops the controller at the very moment its strike gets current, and reads what is on disk then."""

    def __init__(self, room: Wired) -> None:
        self.room = room
        self.kinds: list[object] = []
        room.bench.field.board.listeners.append(self)

    def __call__(self, bcm: int, level: bool) -> None:
        if bcm == STRIKE and level and not self.kinds:
            os.kill(self.room.child.pid, signal.SIGSTOP)
            try:
                with LogReader(self.room.log) as reader:
                    self.kinds = [entry["kind"] for entry in reader.entries()]
            finally:
                os.kill(self.room.child.pid, signal.SIGCONT)


@pytest.fixture(params=[SITE, NFC_OUTSIDE], ids=["osdp", "nfc"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, request.param) as room:
        yield room


def test_two_badges_draw_the_bolt_and_the_entry_is_on_disk_before_it_moves(room: Wired) -> None:
    room.founded()
    edge = AtTheEdge(room)
    (pending,) = room.tap("main.in", "B1", "pending")
    assert pending["who"] == ["li"]
    assert not room.bench.lock("main")
    room.until(lambda: room.bench.lamp("main.in") is Lamp.PENDING, "amber")
    (granted,) = room.tap("main.in", "B2", "granted")
    assert granted["who"] == ["li", "wang"]
    assert room.bench.field.wait("main", energised=True, timeout=LONG)
    room.until(lambda: bool(edge.kinds), "the look at the log")
    assert edge.kinds.count("granted") == 1
    assert not {"opened", "no_entry"} & set(edge.kinds)


def test_the_way_of_two_people_in_and_out_again_is_one_whole_log(room: Wired) -> None:
    room.founded()
    room.granted()
    room.open("main", "opened")
    assert room.bench.field.wait("main", energised=False, timeout=LONG)
    (entered,) = room.shut("main", "entered")
    assert entered["who"] == ["li", "wang"]
    assert room.view["rooms"]["vault"]["occupancy"] == 2
    room.walk()
    room.tap("main.out", "B1", "granted")
    room.tap("main.out", "B2", "granted")
    assert room.bench.field.wait("main", energised=True, timeout=LONG)
    room.open("main", "opened")
    (closed,) = room.shut("main", "room_closed")
    assert room.view["rooms"]["vault"]["occupancy"] == 0
    assert room.child.stop() == 0
    assert verify(room.log).entries > _n(closed)


def test_a_strangers_badge_is_read_written_down_and_opens_nothing(room: Wired) -> None:
    room.founded()
    (refused,) = room.tap("main.in", "nobody's", "refused")
    assert refused["badge"] == room.bench.token("nobody's")
    assert refused["reason"] == "unknown_badge"
    assert not room.bench.lock("main")
    assert not [level for _, bcm, level in room.bench.field.board.history if bcm == STRIKE and level]


def test_both_kinds_of_readers_deliver_the_same_token_for_a_badge(room: Wired) -> None:
    room.founded()
    (inside,) = room.tap("main.in", "nobody's", "refused")
    (outside,) = room.tap("c1", "nobody's", "refused")
    assert inside["badge"] == outside["badge"]


def test_the_disk_has_said_yes_before_the_pin_is_asked(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    assert strace, "strace is missing: apt install strace"
    trace = tmp_path / "trace"
    with Wired(tmp_path) as room:
        command = [
            strace,
            "-f",
            "-y",
            "-s",
            "16",
            "-e",
            "trace=pwrite64,fsync,fdatasync,sendto",
            "-o",
            str(trace),
        ]
        run = ["-m", "controller", "run", "--site", str(room.bench.site), "--data", str(room.bench.data)]
        process = subprocess.Popen([*command, sys.executable, *run], env=room.bench.environment())
        try:
            room.until(lambda: bool(room.child.look()), "a traced controller")
            people = {
                "li": {"badges": [room.bench.token("B1")]},
                "wang": {"badges": [room.bench.token("B2")]},
            }
            assert room.child.ask("found", people=people) == {"accepted": True}
            room.ready()
            room.tap("main.in", "B1", "pending")
            keeper = _keeper(room)
            # The plug is pulled while the controller is still told that its strike has current.
            room.bench.field.board.listeners.append(
                lambda bcm, level: os.kill(keeper, signal.SIGKILL) if (bcm, level) == (STRIKE, True) else None
            )
            (granted,) = room.tap("main.in", "B2", "granted")
            process.wait(LONG)
            assert granted["who"] == ["li", "wang"]
        finally:
            with suppress(ProcessLookupError):
                os.kill(_keeper(room), signal.SIGKILL)
            process.wait(LONG)
    calls = _calls(trace)
    edge = calls.index("strike")
    assert calls[:edge][-2:] == ["wal", "synced"]
    assert "wal" not in calls[edge:], "what was granted was written after the strike had moved"


def _keeper(room: Wired) -> int:
    """Process that keeps the log, as its lock file says."""
    return int(room.log.with_suffix(".lock").read_text(encoding="ascii")[5:17])


def _calls(trace: Path) -> list[str]:
    """What the loop did to the log's WAL and to the strike, in the order in which it was finished."""
    strike = re.escape(f'"\\4\\{STRIKE:o}\\1"')
    known = {
        "wal": r"pwrite64\(\d+<[^>]*custody\.db-wal>",
        "synced": r"(fsync|fdatasync)(\(\d+<[^>]*custody\.db-wal>.*= 0$| resumed)",
        "strike": rf"sendto\([^\"]*{strike}",
    }
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    return [word for line in lines for word, call in known.items() if re.search(call, line)]


def _n(entry: Body) -> int:
    n = entry["n"]
    assert isinstance(n, int)
    return n


def test_the_site_of_this_file_is_the_built_in_one_with_its_readers_exchanged() -> None:
    site = config.loads(NFC_OUTSIDE, "nfc.toml")
    assert site.addresses["main.in"] == NFC.strip('"')
    assert site.addresses["main.out"] == OSDP.strip('"')
    assert site.addresses["main.in.lamp"] == "gpio:lamp/1"
