"""A door whose grants log witnesses cosign before the bolt is released (requirement R8.3)."""

from __future__ import annotations

import pytest

from controller.core.effects import Raise, Release
from controller.core.events import DeviceBack, DeviceLost, Level
from controller.core.words import Reason
from tests.core.plans import example, passage, witnessed
from tests.core.room import Room
from tests.core.waiting import cosign, granted, size_of_grant


def test_a_granted_pair_waits_before_a_locked_door_until_a_log_witness_has_cosigned() -> None:
    room = granted()
    assert room.reason is None
    assert not room.is_open()
    assert room.signal() == "wait"
    assert "until" not in room.of("granted")[-1]
    cosign(room)
    assert room.kinds == ["log_witnessed"]
    assert room.is_open()
    assert room.signal() == "granted"
    assert not room.alarms


def test_cosigned_must_be_a_log_that_has_the_grant_in_it() -> None:
    room = granted()
    cosign(room, size_of_grant(room) - 1)
    assert not room.is_open()
    cosign(room, size_of_grant(room))
    assert room.is_open()
    assert room.of("log_witnessed")[-1]["size"] == size_of_grant(room)


def test_a_cosignature_of_a_stranger_or_of_what_is_not_written_counts_for_nothing() -> None:
    room = granted()
    cosign(room, by="somebody")
    cosign(room, room.state.size + 1)
    assert not room.is_open()


def test_k_of_n_log_witnesses_are_needed() -> None:
    room = granted(Room(witnessed("bank", "branch", "audit", room={"witnessed": 2})))
    cosign(room)
    cosign(room)
    assert not room.is_open()
    cosign(room, by="audit")
    assert room.is_open()


def test_a_cosignature_that_came_before_the_grant_does_not_open_the_next_door() -> None:
    room = Room(witnessed())
    cosign(room)
    granted(room)
    assert not room.is_open()


def test_the_time_to_open_begins_with_the_release() -> None:
    room = granted()
    room.wait(2.9)
    cosign(room)
    assert room.of("log_witnessed")[-1]["until"] == room.now + 5_000
    room.wait(3.9)
    assert room.is_open()
    room.through()
    assert room.inside == {"li", "wang"}
    assert room.state.room("vault").session


def test_at_the_limit_the_door_opens_with_an_entry_and_an_alarm() -> None:
    room = granted()
    room.wait_ms(2_999)
    assert not room.is_open()
    room.wait_ms(1)
    assert [k for k in room.kinds if k != "snapshot"] == ["unwitnessed_opening", "alarm_raised"]
    assert room.is_open()
    assert "log_unwitnessed" in room.raised
    room.through()
    assert room.inside == {"li", "wang"}


def test_the_limit_is_a_setting_of_the_room() -> None:
    room = granted(Room(witnessed(room={"witness_ms": 10_000})))
    room.wait(9.9)
    assert not room.is_open()
    room.wait(0.1)
    assert room.is_open()


def test_while_the_line_is_known_to_be_down_nobody_waits_for_it_again() -> None:
    room = granted()
    room.wait(3)
    room.step(DeviceLost(room.now, "bank"))
    room.through()
    room.leave("B1", "B2")
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert {"granted", "unwitnessed_opening"} <= set(room.kinds)
    assert room.is_open()
    assert "log_unwitnessed" in room.raised, "the guard is called at every such opening"


@pytest.mark.parametrize("known", ["lost", "alarm"])
def test_an_alarm_alone_or_a_lost_witness_alone_does_not_shorten_the_waiting(known: str) -> None:
    room = Room(witnessed())
    if known == "lost":
        room.step(DeviceLost(room.now, "bank"))
    else:
        granted(room)
        room.wait(3)
        room.wait(10)
    granted(room)
    assert not room.is_open()


def test_a_line_that_is_back_is_waited_for_again() -> None:
    room = granted()
    room.wait(3)
    room.step(DeviceLost(room.now, "bank"))
    room.step(DeviceBack(room.now, "bank"))
    room.wait(10)
    granted(room)
    assert not room.is_open()


@pytest.mark.parametrize("out", ["badge", "button"])
def test_a_way_out_never_waits_for_a_log_witness(out: str) -> None:
    room = granted()
    cosign(room)
    room.through()
    room.wait(10)
    if out == "badge":
        room.tap("main.out", "B1")
    else:
        room.rex()
    assert room.is_open()


def test_a_way_out_takes_back_the_grant_that_waits_at_the_same_door() -> None:
    room = granted()
    cosign(room)
    room.through()
    room.wait(10)
    granted(room, "B3")
    assert room.site.egress_is_free("main")
    room.tap("main.out", "B1")
    assert room.is_open()
    assert room.of("no_entry")[-1]["who"] == ["chen"]
    cosign(room)
    room.through()
    assert room.inside == {"wang"}, "who was not let in is not counted"


def test_a_door_that_waits_does_not_hold_up_who_leaves_by_the_interlocked_one() -> None:
    plan = passage(room={"witnessed": 1}, log_witnesses=witnessed().log_witnesses)
    room = Room(plan)
    granted(room)
    room.tap("outer.out", "B3")
    assert room.is_open("outer")
    cosign(room)
    assert not room.is_open("main"), "both would be open at once"
    assert room.of("no_entry")[-1]["reason"] == Reason.INTERLOCK


def test_a_door_that_waits_and_opens_is_forced_and_nobody_of_the_grant_is_counted() -> None:
    room = granted()
    room.open()
    assert "forced" in room.alarms
    room.shut()
    assert not room.inside
    assert room.state.room("vault").unknown
    cosign(room)
    assert not room.is_open()


def test_nobody_is_granted_at_a_door_that_waits_or_is_released() -> None:
    room = granted()
    room.tap("main.in", "B3")
    assert room.reason is Reason.NOT_WITNESSED
    cosign(room)
    room.tap("main.in", "B3")
    assert room.reason is Reason.NOT_WITNESSED
    room.wait(10)
    room.tap("main.in", "B3")
    assert room.reason is None


def test_a_crash_while_it_waits_is_locked_again_and_pending_lost() -> None:
    room = granted()
    started = room.restart()
    assert room.of("pending_lost")[-1]["who"] == ["li", "wang"]
    assert not any(isinstance(effect, Release) for effect in started.effects)
    assert not room.state.room("vault").unknown, "behind a bolt that was never released nobody has passed"
    cosign(room)
    room.wait(60)
    assert not room.is_open()
    assert room.signal() == "idle"


def test_motion_in_a_room_before_whose_door_people_wait_is_an_intrusion() -> None:
    room = granted()
    room.input("vault.motion", Level.ACTIVE)
    assert "intrusion" in room.alarms


def test_a_room_without_the_setting_opens_at_once_whatever_is_witnessed() -> None:
    room = Room(example(log_witnesses=witnessed().log_witnesses))
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.is_open()


def test_each_unwitnessed_opening_calls_the_guard_though_the_alarm_stands() -> None:
    room = granted()
    room.wait(3)
    room.wait(10)
    granted(room)
    room.wait(3)
    assert [e for e in room.outcome.effects if isinstance(e, Raise) and e.alarm == "log_unwitnessed"]
    assert len([e for e in room.of("alarm_raised") if e["alarm"] == "log_unwitnessed"]) == 1
