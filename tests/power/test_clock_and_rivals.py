"""Clocks that jump by days, and second controllers: neither opens anything, and the log stays whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.ledger.verify import verify
from tests.wires.wired import LONG, SIREN, SITE, Wired

DAYS_S = 3 * 86_400


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, SITE + SIREN) as room:
        yield room.founded()


def drawn(room: Wired) -> int:
    strike = room.bench.field.relays["main"].bcm
    return sum(level for _, bcm, level in room.bench.field.board.history if bcm == strike)


@pytest.mark.parametrize("seconds", [DAYS_S, -DAYS_S])
def test_a_clock_that_jumps_by_three_days_is_an_entry_and_opens_nothing(seconds: int, room: Wired) -> None:
    before = room.newest
    room.bench.clock_jump(seconds)
    (changed, *_) = room.written("clock_changed", after=before)
    assert abs(int(changed["by_ms"]) - seconds * 1000) < 60_000, changed
    assert drawn(room) == 0
    assert room.child.stop() == 0
    verify(room.log)
    ats = [int(entry["at"]) for entry in room.entries()]
    assert ats == sorted(ats)
    room.up()
    assert drawn(room) == 0


@pytest.mark.parametrize("seconds", [DAYS_S, -DAYS_S])
def test_a_clock_that_jumps_while_the_box_is_off_is_noticed_and_opens_nothing(
    seconds: int, room: Wired
) -> None:
    last = int(room.entries()[-1]["at"])
    assert room.child.stop() == 0
    room.bench.clock_jump(seconds)
    room.up()
    started = room.entries("started")[-1]
    assert last < int(started["at"]) < last + 3_600_000
    # Only an outside clock can tell three days switched off from a clock set forward (docs/why.md).
    noted = room.entries("clock_changed" if seconds < 0 else "clock_trimmed", after=int(started["n"]))
    assert abs(int(noted[0]["by_ms"]) - seconds * 1000) < 60_000
    assert drawn(room) == 0
    assert room.child.stop() == 0
    verify(room.log)
    ats = [int(entry["at"]) for entry in room.entries()]
    assert ats == sorted(ats)


def rival(room: Wired) -> subprocess.CompletedProcess[str]:
    """Another controller on the same folder, to its end."""
    command = ["-m", "controller", "run", "--site", str(room.bench.site), "--data", str(room.bench.data)]
    return subprocess.run(
        [sys.executable, *command],
        env=room.bench.environment(),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )


def test_rivals_are_turned_away_as_often_as_they_come_until_the_first_is_dead(room: Wired) -> None:
    pid = room.child.pid
    for _ in range(3):
        turned_away = rival(room)
        assert turned_away.returncode == 75, turned_away.stderr
        assert f"another controller (process {pid})" in turned_away.stderr
        assert "stop that one first" in turned_away.stderr
        assert "Traceback" not in turned_away.stderr
        told = room.child.ask("forgive_passback", "zhao", person="li", reason="undisturbed")
        assert told == {"accepted": True}
    room.child.kill()
    room.up()  # nothing of the dead one's hold is left
    assert len(room.entries("passback_forgiven")) == 3
    assert len(room.entries("started")) == 2
    assert rival(room).returncode == 75
    verify(room.log)
