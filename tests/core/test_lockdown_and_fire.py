"""Lockdown and fire: behaviour 29 and 30."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from controller.core.effects import Release, Secure
from controller.core.events import DeviceLost, Level
from controller.core.state import DoorPhase
from controller.core.words import Reason
from tests.core import phases
from tests.core.plans import passage
from tests.core.room import Room


def _cabinet(room: Room) -> None:
    """A compartment is released."""
    room.enter("B1", "B2")
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    assert room.is_open("c1.a")


@pytest.mark.parametrize("reach", phases.PHASES)
def test_b29_a_lockdown_relocks_everything_at_once_in_every_phase(reach: Callable[[Room], None]) -> None:
    room = Room()
    reach(room)
    room.ask("lockdown", "chen", reason="a fight in the hall")
    assert {e.lock for e in room.outcome.effects if isinstance(e, Secure)} >= set(room.plan.locks)
    assert not any(room.is_open(lock) for lock in room.plan.locks)
    assert room.state.door("main").pending is None
    assert room.state.door("main").phase is not DoorPhase.RELEASED
    assert room.kinds[0] == "lockdown"


def test_b29_a_lockdown_relocks_a_compartment_and_ends_the_pair_at_the_cabinet() -> None:
    room = Room()
    _cabinet(room)
    room.ask("lockdown", "chen")
    assert not room.is_open("c1.a")
    room.tap("c1", "B1")
    assert room.reason is Reason.LOCKDOWN


@pytest.mark.parametrize("badge", ["B1", "B2", "B3", "B4", "V1"])
@pytest.mark.parametrize("reader", ["main.in", "main.in2", "outer.in"])
def test_b29_a_lockdown_beats_every_badge(badge: str, reader: str) -> None:
    room = Room(passage())
    room.ask("lockdown", "chen")
    room.tap(reader, badge)
    assert room.reason is Reason.LOCKDOWN
    assert not room.state.doors.get("main") or room.state.door("main").pending is None


def test_b29_a_lockdown_in_the_middle_of_a_pair_stops_it_and_the_pair_starts_anew_after_it() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.ask("lockdown", "chen")
    room.ask("lift_lockdown", "zhao")
    room.tap("main.in", "B2")
    assert not room.is_open()
    room.tap("main.in", "B1")
    assert room.is_open()


@pytest.mark.parametrize("how", ["badge", "button", "handle"])
def test_b29_a_lockdown_never_takes_a_way_out(how: str) -> None:
    room = Room(passage())
    room.enter("B1", "B2")
    room.wait(60)
    room.ask("lockdown", "chen")
    if how == "badge":
        room.tap("main.out", "B1")
    else:
        room.input("main.rex", Level.ACTIVE)
    assert room.is_open()
    if how == "handle":
        room.wait(5)
        room.open()
        assert "forced" not in room.alarms
    assert room.site.egress_is_free("outer")


def test_b29_lifting_takes_a_different_person_also_after_a_restart() -> None:
    room = Room()
    room.ask("lockdown", "chen")
    room.restart()
    assert _asks(room, "lift_lockdown", "chen") is Reason.SAME_PERSON_LIFTS
    assert _asks(room, "lockdown", "zhao") is Reason.NOTHING_TO_DO  # somebody else becomes not its author
    assert _asks(room, "lift_lockdown", "guest") is Reason.NOT_ALLOWED
    assert room.state.lockdown
    assert _asks(room, "lift_lockdown", "zhao") is None
    assert [e["on"] for e in room.of("lockdown")] == [True, False]
    assert _asks(room, "lift_lockdown", "zhao") is Reason.NOTHING_TO_DO


def _asks(room: Room, what: str, by: str) -> Reason | None:
    room.ask(what, by)
    return room.outcome.answer.reason if room.outcome.answer else None


def test_b30_both_edges_of_a_fire_are_logged_once_and_unlock_nothing() -> None:
    room = Room()
    for level in (Level.ACTIVE, Level.ACTIVE, Level.NORMAL, Level.NORMAL):
        room.input("fire", level)
        assert not any(isinstance(e, Release) for e in room.outcome.effects)
    assert [e["on"] for e in room.of("fire")] == [True, False]


def test_b30_a_fire_survives_a_restart_without_a_second_edge() -> None:
    room = Room()
    room.input("fire", Level.ACTIVE)
    room.restart()
    assert room.state.fire
    assert len(room.of("fire")) == 1
    room.restart(settle=False)
    room.input("fire", Level.NORMAL)
    assert [e["on"] for e in room.of("fire")] == [True, False]


@pytest.mark.parametrize("noise", ["forced", "held"])
def test_b30_a_fire_suppresses_the_noise_of_doors_and_still_writes_it_down(noise: str) -> None:
    room = Room()
    phases.released(room)
    if noise == "held":
        room.open()
        room.input("fire", Level.ACTIVE)
        room.wait(30)
    else:
        room.input("fire", Level.ACTIVE)
        room.wait(5)
        room.open()
    assert room.of(noise)[0]["suppressed"] == "fire"
    assert noise not in room.alarms


@pytest.mark.parametrize("noise", ["forced", "held"])
def test_b30_when_the_fire_is_over_a_door_that_still_stands_open_calls_the_guard(noise: str) -> None:
    test_b30_a_fire_suppresses_the_noise_of_doors_and_still_writes_it_down(noise)
    room = Room()
    room.input("fire", Level.ACTIVE)
    phases.released(room)
    if noise == "forced":
        room.wait(5)
    room.open()
    room.wait(30)
    room.input("fire", Level.NORMAL)
    assert room.raised == [noise]


def test_b30_a_fire_clears_no_alarm_that_stood_before_it() -> None:
    room = Room()
    phases.forced(room)
    room.shut()
    before = room.alarms
    room.input("fire", Level.ACTIVE)
    room.input("fire", Level.NORMAL)
    assert room.alarms == before >= {"forced"}


def _alone(room: Room) -> None:
    room.leave("B1")
    room.wait(30)


def _guest_left_behind(room: Room) -> None:
    room.enter("V1", "B3", "B4")
    room.wait(20)
    room.leave("B1", "B2")


HIDDEN_FROM_NOBODY: dict[str, Callable[[Room], object]] = {
    "tamper": lambda room: room.input("main.in.tamper", Level.ACTIVE),
    "intrusion": lambda room: room.input("north.glass", Level.ACTIVE),
    "window_open": lambda room: room.open("north"),
    "cabinet_forced": lambda room: room.open("c1.a"),
    "occupancy_unknown": lambda room: room.input("main.contact", Level.CUT),
    "lone": _alone,
    "visitor_alone": _guest_left_behind,
    "device_lost": lambda room: room.step(DeviceLost(room.now, "c1")),
}


@pytest.mark.parametrize("alarm", HIDDEN_FROM_NOBODY)
def test_b30_a_fire_never_hides_tamper_or_what_two_people_must_not_do(alarm: str) -> None:
    room = Room()
    room.enter("B1", "B2")
    room.wait(60)
    room.input("fire", Level.ACTIVE)
    HIDDEN_FROM_NOBODY[alarm](room)
    assert alarm in room.alarms


def test_b30_a_fire_lets_nobody_in() -> None:
    room = Room()
    room.input("fire", Level.ACTIVE)
    room.tap("main.in", "B1")
    room.tap("main.in", "B1b")
    assert not room.is_open()
