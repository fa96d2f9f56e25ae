"""``ironroom run`` after an end or a kill: what the next start knows, does and whose time it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wires.processes import SOUNDING, strike_edges
from tests.wires.wired import LONG, Wired


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, SOUNDING) as room:
        yield room


def test_after_a_kill_the_next_start_drops_the_bolt_before_its_time(room: Wired) -> None:
    room.founded()
    room.granted()
    (until,) = [e["until"] for e in room.entries("granted")]
    room.child.kill()
    assert room.bench.lock("main")
    room.up()
    assert not room.bench.lock("main")
    assert strike_edges(room) == [True, False]
    (started,) = room.entries("started")[1:]
    assert isinstance(until, int)
    assert started["at"] < until


def test_a_restart_knows_who_is_inside_and_sounds_again_for_what_nobody_has_looked_at(room: Wired) -> None:
    room.founded()
    room.granted()
    room.open("main", "opened")
    room.shut("main", "entered")
    room.bench.level("north.contact", "active")
    assert room.bench.field.wait("siren", energised=True, timeout=LONG)
    room.child.kill()
    assert room.bench.lock("siren")
    room.up()
    assert room.view["rooms"]["vault"]["inside"] == ["li", "wang"]
    assert room.bench.lock("siren")
    for alarm in {alarm["alarm"] for alarm in room.view["alarms"]}:
        assert room.bench.lock("siren")
        assert room.child.ask("acknowledge", "zhao", alarm=alarm, reason="seen") == {"accepted": True}
    assert room.bench.field.wait("siren", energised=False, timeout=LONG), room.view["alarms"]


def test_an_orderly_end_does_not_silence_a_siren_that_sounds(room: Wired) -> None:
    room.founded()
    room.bench.level("north.contact", "active")
    assert room.bench.field.wait("siren", energised=True, timeout=LONG)
    assert room.child.stop() == 0
    assert room.bench.lock("siren")


def test_room_time_goes_on_where_a_kill_found_it(room: Wired) -> None:
    room.founded()
    quiet = int(room.view["at"])
    room.until(lambda: int(room.view["at"]) > quiet + 1500)
    last, now = int(room.entries()[-1]["at"]), int(room.view["at"])
    room.child.kill()
    room.up()
    (_, started) = room.entries("started")
    assert last + 1000 < int(started["at"])
    assert abs(int(started["at"]) - now) < 5000


def test_a_forged_hint_takes_room_time_no_further_than_the_wall_clock_has_gone(room: Wired) -> None:
    room.founded()
    room.child.kill()
    (room.bench.data / "room.time").write_text(f"{10**9:020d}", encoding="ascii")
    room.up()
    assert int(room.entries("started")[-1]["at"]) < 10**6


def test_the_time_is_the_outside_clocks_from_the_first_entry_on(room: Wired) -> None:
    room.founded()
    assert str(room.entries()[0]["time"]).startswith("2026-03-02T01:00:")
    assert not room.entries("clock_changed")


def test_a_silent_clock_holds_up_no_later_start(room: Wired) -> None:
    room.founded()
    room.child.kill()
    room.bench.lost("clock")
    room.up()
    assert str(room.entries("started")[-1]["time"]).startswith("2026-03-02T01:")
    room.granted()
