"""Two people at a door, one badge after the other: behaviour 1 to 6."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

WINDOW_MS = 15_000


def test_b01_every_transition_from_the_first_badge_to_inside_is_an_entry() -> None:
    room = Room()
    room.tap("main.in", "B1")
    assert room.kinds == ["pending"]
    room.wait(4)
    room.tap("main.in", "B2")
    assert room.kinds[0] == "granted"
    assert room.is_open()
    room.wait(1)
    room.open()
    assert room.kinds == ["opened", "room_opened", "snapshot"]
    assert not room.is_open()
    room.shut()
    assert room.kinds == ["shut", "entered"]
    assert room.inside == {"li", "wang"}
    assert room.of("granted")[0]["who"] == ["li", "wang"]


def test_b01_a_grant_nobody_uses_ends_as_no_entry_and_the_next_pair_starts_afresh() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    room.wait_ms(4_999)
    assert room.is_open()
    room.wait_ms(1)
    assert "no_entry" in room.kinds
    assert not room.is_open()
    assert not room.inside
    room.tap("main.in", "B1")
    assert room.kinds == ["pending"]


@pytest.mark.parametrize("window", [5_000, WINDOW_MS, 60_000])
def test_b02_the_second_badge_counts_to_the_last_millisecond_of_the_window(window: int) -> None:
    room = Room(example(together={"window_ms": window}))
    room.tap("main.in", "B1")
    room.wait_ms(window - 1)
    room.tap("main.in", "B2")
    assert room.is_open()


@pytest.mark.parametrize("window", [5_000, WINDOW_MS, 60_000])
def test_b02_at_the_end_of_the_window_the_second_badge_is_a_first_one(window: int) -> None:
    room = Room(example(together={"window_ms": window}))
    room.tap("main.in", "B1")
    late = room.now + window
    assert room.site.deadline == late
    room.now = late
    room.tap("main.in", "B2")
    assert room.kinds == ["two_person_timeout", "pending"]
    assert not room.is_open()
    assert room.state.door("main").pending is not None
    assert room.of("pending")[-1]["who"] == ["wang"]


@pytest.mark.parametrize("again", ["B1", "B1b"])
def test_b03_the_same_holder_again_neither_counts_nor_extends_the_deadline(again: str) -> None:
    room = Room()
    room.tap("main.in", "B1")
    before = room.state.door("main").pending
    room.wait(14)
    for _ in range(4):
        room.tap("main.in", again)
        assert room.reason is Reason.SAME_HOLDER
    assert room.state.door("main").pending == before
    assert not room.is_open()
    room.wait(1)
    assert room.kinds == ["two_person_timeout"]


def test_b03_the_same_holder_between_the_two_does_not_disturb_the_pair() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B1b")
    room.tap("main.in", "B2")
    assert room.is_open()
    assert room.of("granted")[0]["who"] == ["li", "wang"]


def _end(room: Room) -> None:
    room.ask("end_person", "zhao", person="li")


def _disentitle(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", doors=[])


def _expire(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", valid_until=room.state.wall + 2_000)
    room.wait(2)


def _untrain(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", trained=False)


def _exclude(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", excluded_with=["wang"])


@pytest.mark.parametrize("change", [_end, _disentitle, _expire, _untrain])
def test_b04_a_first_person_who_lost_the_right_in_between_stops_both(change: Callable[[Room], None]) -> None:
    room = Room()
    room.tap("main.in", "B1")
    change(room)
    room.tap("main.in", "B2")
    assert room.reason is Reason.FIRST_NO_LONGER_VALID
    assert room.kinds == ["pending_cancelled", "refused"]
    assert not room.is_open()
    assert room.state.door("main").pending is None


def test_b04_an_exclusion_made_in_between_stops_the_pair() -> None:
    room = Room()
    room.tap("main.in", "B1")
    _exclude(room)
    room.tap("main.in", "B2")
    assert room.reason is Reason.EXCLUDED_PAIR


def test_b04_both_are_judged_under_one_policy() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.restart()
    room.tap("main.in", "B2")
    assert room.kinds == ["pending"]
    policies = {e["policy"] for e in room.of("granted") + room.of("pending")}
    assert policies == {"policy-1"}


BAD: list[tuple[dict[str, Any], Reason]] = [
    ({"doors": []}, Reason.NOT_ENTITLED),
    ({"valid_until": 1}, Reason.EXPIRED),
    ({"valid_from": 4_000_000_000_000}, Reason.NOT_YET_VALID),
    ({"pledged": False}, Reason.PLEDGE_MISSING),
    ({"pledge_until": 1}, Reason.PLEDGE_MISSING),
    ({"trained": False}, Reason.TRAINING_MISSING),
    ({"training_until": 1}, Reason.TRAINING_MISSING),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
@pytest.mark.parametrize("order", [("B1", "X"), ("X", "B1")])
def test_b05_a_good_badge_never_carries_a_bad_one(
    bad: dict[str, Any], reason: Reason, order: tuple[str, str]
) -> None:
    room = Room(odd=bad | {"badges": ["X"]})
    for badge in order:
        room.tap("main.in", badge)
        assert (room.reason is reason) == (badge == "X")
    assert not room.of("granted")


def test_b05_not_even_two_good_badges_carry_a_third_bad_one() -> None:
    room = Room(odd={"badges": ["X"], "doors": []})
    room.enter("B1", "B2")
    room.tap("main.in", "X")
    assert room.reason is Reason.NOT_ENTITLED
    assert not room.is_open()


@pytest.mark.parametrize("order", [("B1", "B2"), ("B2", "B1")])
def test_b06_the_order_of_the_two_is_free(order: tuple[str, str]) -> None:
    room = Room(example(together={"groups": ("custodian", "supervisor")}))
    room.enter(*order)
    assert room.inside == {"li", "wang"}


def test_b01_leaving_and_entering_again_gives_the_same_room() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.leave("B1", "B2")
    once = (room.state.room("vault").inside, replace(room.state.door("main"), rested_at=None))
    room.enter("B2", "B1")
    room.leave("B2", "B1")
    now = replace(room.state.door("main"), rested_at=None)
    assert (room.state.room("vault").inside, now) == once
