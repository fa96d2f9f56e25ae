"""Who may be a party at a door: composition, groups, witness and dual readers (behaviour 6, 9, 10, 13)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from controller.core.plan import WEEK
from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

ROLES = {"groups": ("custodian", "supervisor")}


def _tap_all(room: Room, *badges: str) -> None:
    for badge in badges:
        room.wait(1)
        room.tap("main.in", badge)


@pytest.mark.parametrize(("second", "opens"), [("B2", True), ("B3", False), ("B4", False)])
def test_b06_role_a_and_role_b_open_and_no_other_roles(second: str, opens: bool) -> None:
    room = Room(example(together=ROLES))
    _tap_all(room, "B1", second)
    assert room.is_open() is opens
    assert (room.reason is None) is opens
    assert opens or room.reason is Reason.SAME_GROUP


@pytest.mark.parametrize("order", [("B1", "B3"), ("B3", "B1")])
def test_b06_two_of_one_department_do_not_open_where_two_are_asked_for(order: tuple[str, str]) -> None:
    room = Room(example(together={"different_departments": True}))
    _tap_all(room, *order)
    assert room.reason is Reason.SAME_DEPARTMENT
    _tap_all(room, "B2")
    assert room.is_open()


def test_b06_two_without_a_department_are_not_of_different_ones() -> None:
    room = Room(example(together={"different_departments": True}), a={"badges": ["A"]}, b={"badges": ["B"]})
    _tap_all(room, "A", "B")
    assert room.reason is Reason.SAME_DEPARTMENT


@pytest.mark.parametrize("order", [("X", "B2"), ("B2", "X")])
def test_b06_an_excluded_pair_is_excluded_in_both_directions(order: tuple[str, str]) -> None:
    room = Room(odd={"badges": ["X"], "excluded_with": ["wang"]})
    _tap_all(room, *order)
    assert room.reason is Reason.EXCLUDED_PAIR
    assert not room.is_open()


def _open_and_leave(room: Room, *badges: str) -> None:
    room.enter(*badges)
    room.leave(*badges)


def test_b06_the_same_pair_opens_at_most_so_often_in_seven_days() -> None:
    room = Room(example(together={"pair_per_week": 2}))
    first = room.now
    _open_and_leave(room, "B1", "B2")
    _open_and_leave(room, "B2", "B1")
    room.wait_ms(first + WEEK - 1 - room.now)
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.reason is Reason.PAIR_TOO_OFTEN
    room.wait_ms(1)
    room.tap("main.in", "B2")
    assert room.is_open()


def test_b06_who_opened_too_often_with_one_may_still_open_with_another() -> None:
    room = Room(example(together={"pair_per_week": 1}))
    _open_and_leave(room, "B1", "B2")
    _tap_all(room, "B1", "B2")
    assert room.reason is Reason.PAIR_TOO_OFTEN
    _tap_all(room, "B3")
    assert room.is_open()


def test_b06_a_third_person_does_not_hide_the_same_pair() -> None:
    room = Room(example(together={"pair_per_week": 1, "people": 3}))
    _tap_all(room, "B1", "B2", "B3")
    assert room.is_open()
    room.through()
    room.leave("B1", "B2", "B3")
    _tap_all(room, "B4", "B2", "B1")
    assert room.reason is Reason.PAIR_TOO_OFTEN


def test_b06_a_witness_does_not_hide_the_same_pair() -> None:
    room = Room(example(together={"pair_per_week": 1, "witness": "duty"}))
    _tap_all(room, "B1", "B2", "B4")
    room.through()
    room.leave("B1", "B2")
    _tap_all(room, "B1", "B2", "B4")
    assert room.reason is Reason.PAIR_TOO_OFTEN


STAFF = {f"p{n}": {"badges": [f"P{n}"], "posts": [f"post{n}"]} for n in range(1, 6)}


@pytest.mark.parametrize("people", [2, 3, 4, 5])
def test_b09_n_people_open_and_one_fewer_does_not(people: int) -> None:
    room = Room(example(together={"people": people}), **STAFF)
    badges = [f"P{n}" for n in range(1, people + 1)]
    _tap_all(room, *badges[:-1])
    assert not room.of("granted")
    assert room.signal() == "pending"
    _tap_all(room, badges[-1])
    assert room.is_open()
    room.through()
    assert len(room.inside) == people


@pytest.mark.parametrize("people", [2, 3, 4, 5])
def test_b09_every_group_is_represented_by_somebody_else(people: int) -> None:
    groups = tuple(f"post{n}" for n in range(1, people + 1))
    room = Room(example(together={"people": people, "groups": groups}), **STAFF)
    _tap_all(room, *(f"P{n}" for n in range(people, 0, -1)))
    assert room.is_open()


def test_b09_one_holder_of_two_groups_counts_for_one_of_them() -> None:
    both = {"badges": ["X"], "posts": ["custodian", "supervisor"]}
    for order in permutations(("X", "B1", "B2"), 2):
        room = Room(example(together=ROLES), odd=both)
        _tap_all(room, *order)
        assert room.is_open(), order
        assert len(room.of("granted")[0]["who"]) == 2


def test_b09_a_holder_of_both_groups_finds_the_place_that_is_still_free() -> None:
    both = {"badges": ["X"], "posts": ["custodian", "supervisor"]}
    groups = {"people": 3, "groups": ("custodian", "custodian", "supervisor")}
    room = Room(example(together=groups), odd=both)
    _tap_all(room, "X", "B2")
    _tap_all(room, "B2")
    assert not room.of("granted")
    _tap_all(room, "B1")
    assert room.is_open()


def test_b09_two_of_one_group_do_not_stand_for_two_groups() -> None:
    other = {"badges": ["X"], "posts": ["custodian"]}
    room = Room(example(together={"people": 3, "groups": ("custodian", "supervisor", "clerk")}), odd=other)
    _tap_all(room, "B1", "X")
    assert room.reason is Reason.SAME_GROUP
    _tap_all(room, "B2", "B3")
    assert room.is_open()


def test_b09_the_window_runs_from_the_first_of_all() -> None:
    room = Room(example(together={"people": 3}))
    room.tap("main.in", "B1")
    room.wait_ms(14_000)
    room.tap("main.in", "B2")
    room.wait_ms(1_000)
    room.tap("main.in", "B3")
    assert not room.of("granted")
    assert room.of("two_person_timeout")[0]["who"] == ["li", "wang"]


def test_b09_any_of_the_first_who_lost_the_right_stops_all() -> None:
    for lost in ("li", "wang"):
        room = Room(example(together={"people": 3}))
        _tap_all(room, "B1", "B2")
        room.ask("end_person", "zhao", person=lost)
        _tap_all(room, "B3")
        assert room.reason is Reason.FIRST_NO_LONGER_VALID
        assert not room.is_open()


@pytest.mark.parametrize("order", list(permutations(("B1", "B2", "B4"))))
def test_b10_a_witness_who_stays_outside_is_recorded_and_not_in_the_room(order: tuple[str, ...]) -> None:
    room = Room(example(together={"witness": "duty"}))
    _tap_all(room, *order[:2])
    assert not room.of("granted")
    _tap_all(room, order[2])
    assert room.of("granted")[0]["witness"] == ["zhao"]
    room.through()
    assert room.inside == {"li", "wang"}


def test_b10_without_a_witness_of_the_post_three_people_do_not_open() -> None:
    room = Room(example(together={"witness": "duty"}))
    _tap_all(room, "B1", "B2", "B3")
    assert room.reason is Reason.SAME_GROUP
    assert not room.of("granted")


@pytest.mark.parametrize("together", [{"witness": "duty"}, {"witness": "duty", **ROLES}])
def test_b10_who_joins_two_inside_needs_no_witness_and_is_none(together: dict[str, Any]) -> None:
    odd = {"badges": ["X"], "posts": ["custodian"]}
    room = Room(example(together=together), odd=odd)
    _tap_all(room, "B1", "B2", "B4")
    room.through()
    room.enter("X")
    assert room.inside == {"li", "wang", "odd"}


def test_b10_a_witness_outside_is_not_the_custodian_who_goes_in_first() -> None:
    plan = example(together={"witness": "custodian"}, room={"custodian_first": True})
    room = Room(plan)
    _tap_all(room, "B2", "B3", "B1")
    assert room.reason is Reason.CUSTODIAN_FIRST


def test_b13_with_dual_readers_both_badges_at_one_reader_do_not_open() -> None:
    room = Room(example(together={"dual_readers": True}))
    _tap_all(room, "B1", "B2")
    assert room.reason is Reason.SAME_READER
    assert not room.is_open()


@pytest.mark.parametrize("readers", [("main.in", "main.in2"), ("main.in2", "main.in")])
def test_b13_with_dual_readers_two_badges_at_two_readers_open(readers: tuple[str, str]) -> None:
    room = Room(example(together={"dual_readers": True}))
    room.tap(readers[0], "B1")
    room.tap(readers[1], "B2")
    assert room.is_open()


def test_b13_one_person_with_two_badges_at_two_readers_is_one_person() -> None:
    room = Room(example(together={"dual_readers": True}))
    room.tap("main.in", "B1")
    room.tap("main.in2", "B1b")
    assert room.reason is Reason.SAME_HOLDER


def test_b13_three_people_at_two_readers_open() -> None:
    room = Room(example(together={"dual_readers": True, "people": 3}))
    room.tap("main.in", "B1")
    room.tap("main.in2", "B2")
    room.tap("main.in", "B3")
    assert room.is_open()


def test_b13_without_the_option_one_reader_is_enough() -> None:
    room = Room()
    _tap_all(room, "B1", "B2")
    assert room.is_open()
