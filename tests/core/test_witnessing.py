"""What is not witnessed in time is an alarm: the log's own limits in Entries and in time."""

from __future__ import annotations

import pytest

from controller.core import witnessing
from controller.core.events import DeviceBack, DeviceLost, Level, Stopped, Witnessed
from controller.core.fold import CounterJumpError, replay
from tests.core.plans import example, witnessed
from tests.core.room import Room


def cosign(room: Room, size: int | None = None, by: str = "bank") -> None:
    room.step(Witnessed(room.now, by, room.state.size if size is None else size))


def unwitnessed(room: Room) -> int:
    return witnessing.unwitnessed(room.plan, room.site.moment, room.state.size)


def busy(room: Room, entries: int) -> None:
    """Let so many Entries be written: the mains come and go."""
    end = room.state.size + entries
    while room.state.size < end:
        back = room.state.level("mains") is Level.ACTIVE
        room.input("mains", Level.NORMAL if back else Level.ACTIVE)


def short(**log: int) -> Room:
    room = Room(witnessed("bank", "branch", room={"witnessed": 0}, log=log))
    cosign(room)
    cosign(room, by="branch")
    return room


def told(room: Room) -> int:
    return len([e for e in room.of("alarm_raised") if e["alarm"] == "log_unwitnessed"])


def due(room: Room) -> int | None:
    return room.site.deadline


def acknowledge(room: Room) -> None:
    room.ask("acknowledge", "zhao", alarm="log_unwitnessed", reason="the line is mended")
    assert room.reason is None


def test_the_state_counts_the_entries_live_and_on_replay() -> None:
    room = Room()
    assert room.state.size == len(room.entries)
    assert replay({"n": n, **entry} for n, entry in enumerate(room.entries)).size == len(room.entries)


@pytest.mark.parametrize("jump", [-1, 1, 1000])
def test_b59_an_entry_whose_counter_jumps_is_not_folded(jump: int) -> None:
    room = Room()
    entries = [{"n": n, **entry} for n, entry in enumerate(room.entries)]
    entries[5]["n"] = 5 + jump
    with pytest.raises(CounterJumpError, match="where entry 5 must be"):
        replay(entries)


def test_being_stopped_is_an_entry_that_is_folded_like_every_other() -> None:
    room = Room()
    room.step(Stopped(room.now))
    assert room.kinds == ["stopped"]
    assert room.state.size == len(room.entries)


def test_what_is_written_is_not_witnessed_until_a_log_witness_says_so() -> None:
    room = Room(witnessed())
    assert unwitnessed(room) == room.state.size
    cosign(room, 5)
    assert unwitnessed(room) == room.state.size - 5
    cosign(room)
    assert unwitnessed(room) == 0
    room.tap("main.in", "nobody")
    assert unwitnessed(room) == 1


def test_a_cosignature_is_no_entry() -> None:
    room = Room(witnessed())
    cosign(room)
    assert not room.outcome.entries
    assert not room.outcome.effects


def test_old_news_of_a_log_witness_takes_nothing_back() -> None:
    room = Room(witnessed())
    cosign(room)
    cosign(room, 3)
    assert unwitnessed(room) == 0


def test_as_many_log_witnesses_as_are_needed_count() -> None:
    room = Room(witnessed("bank", "branch", "audit", log={"needed": 2}))
    cosign(room)
    cosign(room, 4, by="audit")
    assert unwitnessed(room) == room.state.size - 4
    cosign(room, 7, by="branch")
    assert unwitnessed(room) == room.state.size - 7


def test_too_many_entries_without_a_cosignature_are_an_alarm_once() -> None:
    room = short(most=60)
    busy(room, 60)
    before = told(room)
    busy(room, 1)
    assert (before, told(room)) == (0, 1)
    busy(room, 50)
    assert told(room) == 1


def test_an_entry_that_is_too_old_without_a_cosignature_is_an_alarm_at_that_very_moment() -> None:
    room = short(late_ms=60_000)
    room.wait(30)
    assert due(room) is None, "nothing waits for a cosignature"
    written = room.now
    room.tap("main.in", "nobody")
    room.wait(1)
    assert due(room) == written + 60_000
    room.wait(58.999)
    assert not told(room)
    room.wait_ms(1)
    assert told(room) == 1
    assert room.of("alarm_raised")[-1]["at"] == written + 60_000


def test_what_is_cosigned_in_time_is_no_alarm() -> None:
    room = short(late_ms=60_000)
    for _ in range(10):
        room.tap("main.in", "nobody")
        room.wait(50)
        cosign(room)
    room.wait(600)
    assert not told(room)


def test_an_entry_written_while_an_older_one_is_cosigned_keeps_its_own_age() -> None:
    room = short(late_ms=60_000)
    room.tap("main.in", "nobody")
    first = room.state.size
    room.wait(20)
    room.tap("main.in", "nobody")
    since = room.now
    room.wait(30)
    cosign(room, first)
    room.wait_ms(since + 59_999 - room.now)
    assert not told(room)
    room.wait_ms(1)
    assert told(room) == 1


def test_the_alarm_comes_again_only_after_it_was_good_in_between() -> None:
    room = short(late_ms=60_000)
    room.tap("main.in", "nobody")
    room.wait(60)
    acknowledge(room)
    room.wait(3_600)
    assert told(room) == 1
    cosign(room)
    room.wait(3_600)
    assert told(room) == 1
    room.tap("main.in", "nobody")
    room.wait(60)
    assert told(room) == 2


def test_the_alarm_latches_until_it_is_acknowledged_though_all_is_witnessed_again() -> None:
    room = short(late_ms=60_000)
    room.tap("main.in", "nobody")
    room.wait(60)
    cosign(room)
    assert "log_unwitnessed" in room.alarms
    acknowledge(room)
    assert "log_unwitnessed" not in room.alarms


def test_the_alarms_own_entries_do_not_raise_it_again() -> None:
    room = short(late_ms=60_000)
    room.tap("main.in", "nobody")
    room.wait(60)
    size = room.state.size
    room.wait(3_600)
    assert told(room) == 1
    later = [e["kind"] for e in room.entries[size:] if e["kind"] != "no_picture"]
    assert later == ["alarm_escalated"]


def test_after_a_start_what_was_there_has_the_whole_time_to_be_cosigned_again() -> None:
    room = short(most=40, late_ms=60_000)
    busy(room, 30)
    cosign(room)
    cosign(room, by="branch")
    busy(room, 30)
    room.restart()
    assert not told(room), "nobody knows yet what is cosigned"
    room.wait(59)
    assert not told(room)
    room.wait(1)
    assert told(room) == 1


def test_what_is_remembered_of_a_line_that_stays_down_does_not_grow() -> None:
    room = short(late_ms=60_000)
    for _ in range(400):
        room.wait(1)
        room.tap("main.in", "nobody")
    assert len(room.site.moment.cosigned.marks) <= witnessing.GRAIN + 2


def test_b31_a_log_witness_that_is_lost_and_comes_back_is_an_entry_and_changes_no_lock() -> None:
    room = Room(witnessed())
    room.tap("main.in", "B1")
    room.step(DeviceLost(room.now, "bank", "it does not answer"))
    assert room.kinds[0] == "device_lost"
    assert "device_lost" in room.alarms
    room.step(DeviceBack(room.now, "bank"))
    assert room.kinds == ["device_back"]
    assert room.state.door("main").pending


def test_a_site_without_log_witnesses_has_nothing_to_wait_for() -> None:
    room = Room(example())
    busy(room, 50)
    room.wait(36_000)
    assert not told(room)
    assert unwitnessed(room) == 0
