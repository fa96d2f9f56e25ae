"""Two doors of a passage that never open together: behaviour 28, and exits that wait for it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from controller.core.events import DeviceBack, DeviceLost, DeviceNoisy, Level, TimePassed
from controller.core.state import DoorPhase
from controller.core.words import Reason
from tests.core.plans import passage
from tests.core.room import Room

NOTE = "a stretcher"


def _open(room: Room) -> None:
    room.tap("outer.in", "B3")
    room.open("outer")


def _released(room: Room) -> None:
    room.tap("outer.in", "B3")


def _forced(room: Room) -> None:
    room.open("outer")


def _held(room: Room) -> None:
    _open(room)
    room.wait(30)


def _drawn(room: Room) -> None:
    room.bolt("outer", drawn=True)


def _lost(room: Room) -> None:
    room.step(DeviceLost(room.now, "outer.contact"))


def _noisy(room: Room) -> None:
    room.step(DeviceNoisy(room.now, "outer.bolt"))


def _restarted(room: Room) -> None:
    room.restart(settle=False)
    for point in ("main.contact", "main.bolt", "outer.contact"):
        room.input(point, Level.NORMAL)


NOT_SHUT: list[Callable[[Room], None]] = [_open, _released, _forced, _held, _drawn, _lost, _noisy, _restarted]
SENSES = list(product(("contact", "bolt"), (Level.CUT, Level.SHORT, Level.ACTIVE)))


def _pair(room: Room) -> None:
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")


def _room(*inside: str) -> Room:
    """The passage, with some inside the vault for long."""
    room = Room(passage())
    if inside:
        room.enter(*inside)
        room.wait(60)
    return room


@pytest.mark.parametrize("trouble", NOT_SHUT)
def test_b28_a_pair_stays_outside_while_the_other_door_is_not_closed_and_locked(
    trouble: Callable[[Room], None],
) -> None:
    room = _room()
    trouble(room)
    _pair(room)
    assert room.reason is Reason.INTERLOCK
    assert not room.is_open("main")


@pytest.mark.parametrize(("sense", "level"), SENSES)
def test_b28_a_line_that_is_not_normal_is_no_locked_door(sense: str, level: Level) -> None:
    room = _room()
    room.input(f"outer.{sense}", level)
    _pair(room)
    assert room.reason is Reason.INTERLOCK
    assert not room.is_open("main")


def test_b28_closed_and_locked_again_the_pair_enters() -> None:
    room = _room()
    _open(room)
    room.bolt("outer", drawn=True)
    room.shut("outer")
    _pair(room)
    assert room.reason is Reason.INTERLOCK
    room.bolt("outer", drawn=False)
    room.tap("main.in", "B2")
    assert room.is_open("main")


def test_b28_it_holds_in_both_directions() -> None:
    room = _room()
    _pair(room)
    room.tap("outer.in", "B3")
    assert room.reason is Reason.INTERLOCK
    room.open("main")
    room.tap("outer.in", "B3")
    assert room.reason is Reason.INTERLOCK


def test_b28_a_line_lost_and_back_is_believed_again() -> None:
    room = _room()
    _lost(room)
    room.step(DeviceBack(room.now, "outer.contact"))
    _pair(room)
    assert room.is_open("main")


def test_b28_the_override_takes_two_people_and_a_reason() -> None:
    room = _room()
    _open(room)
    for by, second, note, reason in (
        ("li", "", NOTE, Reason.NEEDS_SECOND),
        ("li", "li", NOTE, Reason.NEEDS_SECOND),
        ("li", "guest", NOTE, Reason.NEEDS_SECOND),
        ("li", "wang", "", Reason.NOT_UNDERSTOOD),
    ):
        room.ask("override_interlock", by, second, door="main", reason=note)
        assert room.reason is reason
    _pair(room)
    assert not room.is_open("main")
    room.ask("override_interlock", "li", "wang", door="main", reason=NOTE)
    assert room.of("interlock_overridden")[0]["who"] == ["li", "wang"]
    assert room.of("interlock_overridden")[0]["note"] == NOTE
    room.tap("main.in", "B2")
    assert room.is_open("main")


def test_b28_an_override_is_for_one_door_only() -> None:
    room = _room()
    _pair(room)
    room.open("main")
    room.ask("override_interlock", "li", "wang", door="main", reason=NOTE)
    room.tap("outer.in", "B3")
    assert room.reason is Reason.INTERLOCK


def test_b28_an_override_does_not_survive_a_restart() -> None:
    room = _room()
    room.ask("override_interlock", "li", "wang", door="main", reason=NOTE)
    room.restart()
    _drawn(room)
    _pair(room)
    assert room.reason is Reason.INTERLOCK


@pytest.mark.parametrize("badge", ["B1", ""])
def test_b28_who_leaves_waits_for_the_other_door_and_goes_as_soon_as_it_is_locked(badge: str) -> None:
    room = _room("B1", "B2")
    _open(room)
    room.tap("main.out", badge) if badge else room.rex()
    assert room.signal("main.out") == "wait"
    assert room.of("exit_waiting")
    assert not room.is_open("main")
    room.wait(5)
    room.shut("outer")
    assert room.is_open("main")
    assert room.signal("main.out") == "granted"
    assert "interlock" not in room.alarms


@pytest.mark.parametrize("trouble", NOT_SHUT)
def test_b28_no_interlock_holds_anybody_longer_than_its_limit(trouble: Callable[[Room], None]) -> None:
    room = _room("B1", "B2")
    trouble(room)
    assert room.site.egress_is_free("main")
    room.tap("main.out", "B1")
    asked = room.now
    for _ in range(3):  # whoever asks again does not wait longer
        room.wait(4)
        if not room.is_open("main"):
            room.tap("main.out", "B2")
    room.site.step(TimePassed(asked + 14_999))
    waiting = room.state.door("main").phase is DoorPhase.LOCKED
    room.step(TimePassed(asked + 15_000))
    assert room.is_open("main") or room.state.door("outer").phase is DoorPhase.LOCKED
    if waiting:
        assert room.is_open("main")
        assert "interlock" in room.alarms
        assert room.of("interlock_overridden")[-1]["reason"] == "timeout"


def test_b28_the_limit_is_a_setting_to_the_millisecond() -> None:
    room = Room(passage(door={"egress_wait_ms": 3_000}))
    room.enter("B1", "B2")
    _open(room)
    room.tap("main.out", "B1")
    room.wait_ms(2_999)
    assert not room.is_open("main")
    room.wait_ms(1)
    assert room.is_open("main")


def test_b28_who_waits_and_uses_the_handle_forces_nothing() -> None:
    room = _room("B1", "B2")
    _open(room)
    room.tap("main.out", "B1")
    room.open("main")
    assert room.state.door("main").phase is DoorPhase.PASSING
    assert "forced" not in room.alarms
    room.shut("main")
    assert room.inside == {"wang"}


def test_b28_both_doors_waiting_for_each_other_both_open_in_the_end() -> None:
    room = _room("B1", "B2")
    room.bolt("main", drawn=True)
    room.bolt("outer", drawn=True)
    room.tap("main.out", "B1")
    room.rex("outer")
    room.step(TimePassed(room.now + 15_000))
    assert room.is_open("main")
    assert room.is_open("outer")


def test_b28_nobody_waits_in_a_fire_not_even_who_waited_before_it() -> None:
    room = _room("B1", "B2")
    _open(room)
    room.tap("main.out", "B1")
    assert not room.is_open("main")
    room.input("fire", Level.ACTIVE)
    assert room.is_open("main")
    room.wait(6)
    room.rex()
    assert room.is_open("main")
    assert len(room.of("exit_waiting")) == 1
    assert not room.of("interlock_overridden")


def test_b28_in_a_fire_a_pair_still_waits_outside() -> None:
    room = _room()
    _open(room)
    room.input("fire", Level.ACTIVE)
    _pair(room)
    assert room.reason is Reason.INTERLOCK
