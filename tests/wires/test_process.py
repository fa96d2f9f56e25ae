"""``ironroom run`` as a process: how it ends, who else it turns away, and what the bolts do then."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from hardware import pins
from tests.wires.processes import SOUNDING, run, strike_edges
from tests.wires.wired import LONG, Wired

PAGE = 4096


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, SOUNDING) as room:
        yield room


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_bolts_writes_that_down_keeps_its_state_and_ends_with_0(
    number: signal.Signals, room: Wired
) -> None:
    room.founded()
    room.granted()
    room.child.signal(number)
    assert room.bench.field.wait("main", energised=False, timeout=LONG)
    assert room.child.wait(LONG) == 0
    assert room.entries()[-1]["kind"] == "stopped"
    with LogReader(room.log) as reader:
        assert reader.fetch("SELECT count(*) FROM saved_state", ()) == [(1,)]
    assert not (room.bench.data / "gate.sock").exists()
    verify(room.log)
    room.up()
    assert room.entries("interrupted")
    assert room.view["rooms"]["vault"]["occupancy"] == "unknown"


def test_a_second_controller_is_turned_away_with_75_and_touches_no_bolt(room: Wired) -> None:
    room.founded()
    room.granted()
    second = run(room)
    assert second.returncode == 75
    assert "one log has one writer" in second.stderr
    assert "Traceback" not in second.stderr
    assert strike_edges(room)[0] is True
    assert room.child.look()["doors"]["main"]["phase"]
    assert room.bench.field.wait("main", energised=False, timeout=LONG)  # at its own time


def test_when_the_log_cannot_be_written_bolts_drop_the_siren_sounds_and_it_ends_with_70(room: Wired) -> None:
    room.founded()
    room.granted()
    # From now on the kernel refuses every page, wherever in the WAL it would stand: a WAL may begin anew.
    resource.prlimit(room.child.pid, resource.RLIMIT_FSIZE, (PAGE, PAGE))
    written = room.newest
    room.bench.level("north.contact", "active")
    assert room.child.wait(LONG) == 70
    assert not room.bench.lock("main")
    assert room.bench.lock("siren")
    assert "nothing may open" in room.child.words
    assert "Traceback" not in room.child.words
    # That no camera has a picture of the grant may have been on its way.
    assert {entry["kind"] for entry in room.entries(after=written)} <= {"no_picture"}
    verify(room.log)
    inside = pins.zone("input/3").alarm.bcm  # the button inside: read by us, wired to the strike's supply
    assert inside not in {bcm for _, bcm, _ in room.bench.field.board.history}
