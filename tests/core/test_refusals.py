"""Refused badges, and what somebody outside learns from them: behaviour 7 and 8."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from controller.core.effects import Raise, Release, Secure, Show
from controller.core.events import Level
from tests.core.plans import example
from tests.core.room import Room


def test_b07_a_refused_second_badge_leaves_the_first_waiting_to_its_deadline() -> None:
    room = Room()
    room.tap("main.in", "B1")
    deadline = room.state.door("main").pending
    room.wait(5)
    room.tap("main.in", "nobody")
    assert room.kinds == ["refused"]
    room.wait(5)
    room.tap("main.in", "nobody")
    after = room.state.door("main").pending
    assert deadline
    assert after == replace(deadline, refusals=2)
    room.tap("main.in", "B2")
    assert room.is_open()


def test_b07_after_three_refusals_the_pair_is_cancelled_with_an_alarm() -> None:
    room = Room()
    room.tap("main.in", "B1")
    for _ in range(3):
        room.wait(1)
        room.tap("main.in", "nobody")
    assert "pending_cancelled" in room.kinds
    assert room.raised == ["second_refused"]
    assert room.state.door("main").pending is None
    room.tap("main.in", "B2")
    assert room.kinds == ["pending"]


def test_b07_refusals_of_one_pair_do_not_count_against_the_next() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "nobody")
    room.tap("main.in", "nobody")
    room.wait(15)
    room.tap("main.in", "B1")
    room.tap("main.in", "nobody")
    assert not room.alarms
    room.tap("main.in", "B2")
    assert room.is_open()


def _outside(room: Room, badge: str) -> list[tuple[int, object]]:
    """What somebody outside sees and hears from this badge on, with its time."""
    began = room.now
    seen: list[tuple[int, object]] = []
    outcomes = [room.tap("main.in", badge), *(room.wait(0.1) for _ in range(30))]
    for outcome in outcomes:
        shown = [e for e in outcome.effects if isinstance(e, Show | Release | Secure)]
        audible = [e for e in outcome.effects if isinstance(e, Raise) and not e.silent]
        assert not audible
        seen += [(room.now - began, e) for e in shown]
    return seen


def _refusing(badge: str, **odd: Any) -> Callable[[], tuple[Room, str]]:
    def make() -> tuple[Room, str]:
        return Room(odd={"badges": ["X"]} | odd), badge

    return make


def _bent(**changes: Any) -> Callable[[], tuple[Room, str]]:
    def make() -> tuple[Room, str]:
        return Room(example(**changes)), "B2"

    return make


def _fault() -> tuple[Room, str]:
    room = Room()
    room.input("main.bolt", Level.CUT)
    return room, "B2"


def _lockdown() -> tuple[Room, str]:
    room = Room()
    room.ask("lockdown", "zhao")
    return room, "B2"


def test_b08_the_first_no_looks_the_same_whatever_its_reason() -> None:
    cases = [
        _refusing("nobody"),
        _refusing("X", doors=[]),
        _refusing("X", valid_until=1),
        _refusing("X", trained=False),
        _bent(door={"levels": ("aes",)}),
        _bent(room={"max_occupancy": 0}),
        _lockdown,
        _fault,
    ]
    seen = []
    for make in cases:
        room, badge = make()
        room.wait(60)
        seen.append(_outside(room, badge))
        assert not room.of("granted")
    assert seen[0]
    assert all(one == seen[0] for one in seen)


def test_b08_the_second_no_looks_the_same_whatever_its_reason() -> None:
    cases = [
        _refusing("nobody"),
        _refusing("B1"),
        _refusing("B1b"),
        _refusing("V1"),
        _refusing("X", doors=[]),
        _refusing("X", excluded_with=["li"]),
        _bent(together={"groups": ("custodian", "auditor")}),
        _bent(together={"dual_readers": True}),
        _bent(room={"max_occupancy": 1}),
        _bent(room={"custodian_first": True}),
    ]
    seen = []
    for make in cases:
        room, badge = make()
        if room.plan.rooms["vault"].custodian_first:
            room.tap("main.in", "B3")
        else:
            room.tap("main.in", "B1")
        room.wait(5)
        seen.append(_outside(room, badge))
        assert not room.of("granted"), badge
    assert seen[0]
    assert all(one == seen[0] for one in seen)


def test_b08_a_timeout_is_an_entry_and_tells_nothing_outside() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.wait(15)
    assert room.kinds == ["two_person_timeout"]
    assert room.of("two_person_timeout")[0]["who"] == ["li"]
    assert room.signal() == "idle"
    assert not room.alarms


def test_b08_a_good_badge_right_after_a_bad_one_is_shown_at_once() -> None:
    room = Room()
    room.tap("main.in", "nobody")
    assert room.signal() == "refused"
    room.tap("main.in", "B1")
    assert room.signal() == "pending"
    room.tap("main.in", "nobody")
    room.tap("main.in", "B2")
    assert room.signal() == "granted"
