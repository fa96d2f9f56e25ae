"""A crash or power loss at every point of a pair's way (behaviour 12)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.core.effects import Release
from controller.core.events import Level
from controller.core.state import DoorPhase
from controller.core.words import Reason
from tests.core.plans import example, passage
from tests.core.room import Room


def _pending(room: Room) -> None:
    room.tap("main.in", "B1")


def _released(room: Room) -> None:
    _pending(room)
    room.tap("main.in", "B2")


def _passing(room: Room) -> None:
    _released(room)
    room.open()


def _held(room: Room) -> None:
    _passing(room)
    room.wait(30)


def _entered(room: Room) -> None:
    _passing(room)
    room.shut()


def _leaving(room: Room) -> None:
    _entered(room)
    room.wait(5)
    room.tap("main.out", "B1")


def _lone(room: Room) -> None:
    _entered(room)
    room.wait(5)
    room.leave("B1")


def _forced(room: Room) -> None:
    room.open()


PHASES = [_pending, _released, _passing, _held, _entered, _leaving, _lone, _forced]


def test_b12_a_crash_while_waiting_for_the_second_is_idle_and_pending_lost() -> None:
    room = Room()
    _pending(room)
    room.restart()
    lost = room.of("pending_lost")
    assert [e["who"] for e in lost] == [["li"]]
    assert room.state.door("main").pending is None
    assert room.signal() == "idle"
    room.tap("main.in", "B2")
    assert not room.is_open()


def test_b12_a_crash_while_unlocked_is_locked_again_and_interrupted() -> None:
    room = Room()
    _released(room)
    started = room.restart(settle=False)
    assert not any(isinstance(e, Release) for e in started.effects)
    assert not room.is_open()
    assert room.of("interrupted")[0]["place"] == "main"
    assert room.of("interrupted")[0]["who"] == ["li", "wang"]
    assert room.state.door("main").phase is DoorPhase.LOCKED


@pytest.mark.parametrize("reach", [_leaving, _passing])
def test_b12_a_crash_in_an_unlocked_or_open_door_marks_the_session(reach: Callable[[Room], None]) -> None:
    room = Room()
    reach(room)
    assert (session := room.state.room("vault").session)
    assert not session.interrupted
    room.restart()
    assert (session := room.state.room("vault").session)
    assert session.interrupted


def test_b12_a_crash_at_a_cabinet_loses_the_half_pair_and_the_release() -> None:
    room = Room()
    _entered(room)
    room.wait(5)
    room.tap("c1", "B1")
    room.restart()
    assert room.of("pending_lost")[0]["place"] == "c1"
    room.wait(5)
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    room.ask("open_compartment", "li", compartment="c1.a")
    assert room.is_open("c1.a")
    room.restart()
    assert room.of("interrupted")[-1]["place"] == "c1.a"
    assert not room.is_open("c1.a")


@pytest.mark.parametrize("reach", PHASES)
@pytest.mark.parametrize("off", [0, 3_600_000])
def test_b12_after_a_crash_in_any_phase_nothing_is_unlocked_and_nobody_is_forgotten(
    reach: Callable[[Room], None], off: int
) -> None:
    room = Room()
    reach(room)
    before, contact = room.inside, room.state.level("main.contact")
    room.restart(off=off)
    assert not any(room.is_open(lock) for lock in room.plan.locks)
    assert room.inside == before
    assert room.site.egress_is_free("main")
    assert room.state.level("main.contact") is contact
    room.wait(120)
    assert not any(room.is_open(lock) for lock in room.plan.locks)


@pytest.mark.parametrize("reach", [_released, _passing, _held, _leaving])
def test_b12_where_somebody_may_have_passed_unseen_the_count_is_unknown(
    reach: Callable[[Room], None],
) -> None:
    room = Room()
    reach(room)
    room.restart()
    assert room.state.room("vault").unknown
    room.wait(60)
    room.tap("main.in", "B3")
    assert room.reason in {Reason.OCCUPANCY_UNKNOWN, Reason.DOOR_FAULT}


@pytest.mark.parametrize("reach", [_pending, _entered])
def test_b12_where_nobody_can_have_passed_the_count_is_what_it_was(reach: Callable[[Room], None]) -> None:
    room = Room()
    reach(room)
    room.restart()
    assert not room.state.room("vault").unknown


def test_b12_a_restart_is_an_entry_and_inputs_are_unknown_until_they_report() -> None:
    room = Room()
    room.restart(settle=False)
    assert room.kinds == ["started"]
    assert room.state.level("main.contact") is Level.UNKNOWN
    room.tap("main.in", "B1")
    assert room.reason is Reason.DOOR_FAULT


def test_b12_a_lone_timer_goes_on_after_a_crash_and_is_not_shortened() -> None:
    room = Room()
    _lone(room)
    due = room.state.room("vault").lone_at
    room.restart(off=3_600_000)
    assert room.state.room("vault").lone_at == due
    assert due
    room.wait_ms(due - room.now)
    assert "lone" in room.alarms


def test_b12_alarms_and_a_forced_door_survive_a_crash() -> None:
    room = Room()
    _forced(room)
    room.restart()
    assert "forced" in room.alarms
    assert room.state.door("main").phase is DoorPhase.FORCED


def test_b12_two_crashes_in_a_row_are_like_one() -> None:
    room = Room(passage())
    _pending(room)
    room.restart(settle=False)
    room.restart()
    assert len(room.of("pending_lost")) == 1
    assert len(room.of("started")) == 3


def test_b12_a_person_waiting_in_the_passage_gets_out_after_a_crash() -> None:
    room = Room(passage())
    room.enter("B1", "B2")
    room.tap("outer.in", "B3")
    room.tap("main.out", "B1")
    assert room.signal("main.out") == "wait"
    room.restart()
    room.tap("main.out", "B1")
    assert room.is_open("main")


def test_b12_an_unconfirmed_pair_stays_unconfirmed_over_a_crash() -> None:
    room = Room(example(door={"confirm_by_reader": True}))
    room.enter("B1", "B2")
    room.restart()
    assert room.state.room("vault").unconfirmed == ("li", "wang")
    room.wait(30)
    assert "lone" in room.alarms
