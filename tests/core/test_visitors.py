"""Visitors: they never count, and a pass lives as long as its host: behaviour 23 and 56."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

VISITORS: dict[str, dict[str, Any]] = {
    f"v{n}": {"badges": [f"W{n}"], "visitor": True, "host": "li"} for n in range(1, 8)
}


def _tap_all(room: Room, *badges: str) -> None:
    for badge in badges:
        room.wait(1)
        room.tap("main.in", badge)


def _visiting() -> Room:
    room = Room()
    room.enter("V1", "B1", "B2")
    room.wait(20)
    return room


@pytest.mark.parametrize("badges", list(permutations(("V1", "V2", "B1"))))
def test_b23_visitors_never_count_towards_the_two_at_the_door(badges: tuple[str, ...]) -> None:
    room = Room()
    _tap_all(room, *badges)
    assert not room.of("granted")


def test_b23_a_visitor_and_one_person_are_one_person_inside() -> None:
    room = _visiting()
    room.leave("B2")
    left = room.of("left")[-1]
    assert left["occupancy"] == 1
    room.wait(30)
    assert "lone" in room.alarms


def test_b23_a_visitor_and_one_person_open_no_cabinet() -> None:
    room = _visiting()
    room.tap("c1", "V1")
    assert room.reason == Reason.NOT_ENTITLED
    room.tap("c1", "B1")
    room.tap("c1", "V1")
    assert room.reason == Reason.NOT_ENTITLED
    room.ask("open_compartment", "guest", compartment="c1.a")
    assert room.reason == Reason.NOT_ALLOWED
    room.leave("B2")
    room.tap("c1", "B1")
    assert room.reason == Reason.TOO_FEW_INSIDE
    assert not room.of("cabinet_opened")


def test_b23_a_visitor_inside_lets_nobody_join_alone() -> None:
    room = _visiting()
    room.leave("B2")
    room.wait(1)
    room.tap("main.in", "B3")
    assert not room.is_open()


def test_b23_a_visitor_asks_for_nothing_and_is_nobodys_second() -> None:
    room = _visiting()
    room.ask("lockdown", "guest", reason="fun")
    assert room.reason == Reason.NOT_ALLOWED
    room.ask("recount", "zhao", "guest", inside=[])
    assert room.reason == Reason.NEEDS_SECOND
    room.ask("approve_opening", "guest", room="vault")
    assert room.reason == Reason.NOT_ALLOWED


def test_b56_the_pass_comes_first_then_the_hosts_within_the_window() -> None:
    room = _visiting()
    assert room.inside == {"li", "wang"}
    assert room.state.room("vault").visitors == ("guest",)
    started = room.of("visit_started")[0]
    assert (started["visitors"], started["hosts"]) == (["guest"], ["li", "wang"])


def test_b56_a_pass_after_its_host_is_refused() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "V1")
    assert room.reason is Reason.PASS_FIRST


def test_b56_hosts_after_the_window_are_too_late() -> None:
    room = Room()
    room.tap("main.in", "V1")
    room.wait_ms(14_999)
    room.tap("main.in", "B1")
    room.wait_ms(1)
    assert room.kinds[0] == "two_person_timeout"
    room.tap("main.in", "B2")
    assert not room.is_open()


def test_b56_without_the_visitors_own_host_nobody_goes_in() -> None:
    room = Room()
    _tap_all(room, "V1", "B2", "B3")
    assert room.reason is Reason.HOSTS_MISSING
    _tap_all(room, "B1")
    assert room.is_open()


def test_b56_a_host_who_is_inside_already_needs_no_second_badge() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.wait(20)
    room.tap("main.in", "V1")
    assert not room.is_open()
    room.tap("main.in", "B3")
    assert room.is_open()
    room.through()
    assert room.state.room("vault").visitors == ("guest",)


@pytest.mark.parametrize(("visitors", "hosts"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_b56_one_host_brings_at_most_three_visitors(visitors: int, hosts: int) -> None:
    room = Room(None, **VISITORS)
    room.enter("B3", "B4")
    room.wait(20)
    for n in range(1, visitors + 1):
        room.tap("main.in", f"W{n}")
    for badge in ("B1", "B2", "X")[: hosts - 1]:
        room.tap("main.in", badge)
        assert not room.is_open()
    if hosts == 3:
        room.ask("enrol", "chen", "zhao", person="sun", badges=["X"])
    room.tap("main.in", ("B1", "B2", "X")[hosts - 1])
    assert room.is_open()


def test_b56_the_number_of_visitors_a_host_brings_is_a_setting() -> None:
    room = Room(example(room={"visitors_per_host": 1}))
    _tap_all(room, "V1", "V2", "B1")
    assert not room.is_open()
    _tap_all(room, "B2")
    assert room.is_open()


def test_b56_a_grant_with_a_visitor_that_nobody_used_starts_no_visit() -> None:
    room = Room()
    _tap_all(room, "V1", "B1", "B2")
    room.wait(10)
    assert not room.of("visit_started")
    assert room.state.room("vault").visitors == ()


def test_b56_a_visitor_whose_host_is_no_longer_entitled_stays_outside() -> None:
    room = Room()
    room.tap("main.in", "V1")
    room.tap("main.in", "B1")
    room.ask("end_person", "zhao", person="li")
    room.tap("main.in", "B2")
    assert room.reason is Reason.FIRST_NO_LONGER_VALID
