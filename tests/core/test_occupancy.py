"""Never exactly one inside: behaviour 14, 18 and 20."""

from __future__ import annotations

from itertools import permutations

import pytest

from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room


def _with(*badges: str, room: Room | None = None) -> Room:
    """A room that the first two opened together and the others joined one by one."""
    room = room or Room()
    room.enter(*badges[:2])
    for badge in badges[2:]:
        room.enter(badge)
    room.wait(20)
    return room


def test_b14_from_nobody_one_badge_alone_opens_nothing() -> None:
    for badge in ("B1", "B2", "B3"):
        room = Room()
        room.tap("main.in", badge)
        room.wait(60)
        assert not room.of("granted")


def test_b14_to_two_inside_a_third_comes_alone() -> None:
    room = _with("B1", "B2")
    room.tap("main.in", "B3")
    assert room.is_open()
    room.through()
    assert room.inside == {"li", "wang", "chen"}


def test_b14_to_one_inside_nobody_comes_alone() -> None:
    room = _with("B1", "B2")
    room.leave("B1")
    room.tap("main.in", "B1")
    assert not room.is_open()
    room.tap("main.in", "B3")
    assert room.is_open()
    room.through()
    assert room.inside == {"li", "wang", "chen"}


def test_b14_strict_mode_lets_in_pairs_only() -> None:
    room = _with("B1", "B2", room=Room(example(room={"strict_pairs": True})))
    room.tap("main.in", "B3")
    assert not room.is_open()
    room.tap("main.in", "B4")
    assert room.is_open()
    room.through()
    assert room.inside == {"li", "wang", "chen", "zhao"}


def test_b14_from_three_one_leaves_alone_and_nobody_is_alarmed() -> None:
    for leaver in ("B1", "B2", "B3"):
        room = _with("B1", "B2", "B3")
        room.leave(leaver)
        assert len(room.inside) == 2
        room.wait(600)
        assert not room.alarms


@pytest.mark.parametrize("apart", [0, 4_999, 5_000, 10_000, 14_999])
def test_b14_two_leave_together_when_both_badge_within_the_window(apart: int) -> None:
    room = _with("B1", "B2")
    room.tap("main.out", "B1")
    room.wait_ms(apart)
    room.tap("main.out", "B2")
    room.through()
    assert not room.inside
    assert room.of("left")[-1]["who"] == ["li", "wang"]
    assert len(room.of("room_closed")) == 1
    room.wait(60)
    assert "lone" not in room.alarms


def test_b14_who_badged_out_before_the_window_is_still_inside() -> None:
    room = _with("B1", "B2")
    room.tap("main.out", "B1")
    room.wait_ms(15_000)
    room.tap("main.out", "B2")
    room.through()
    assert room.inside == {"li"}
    room.wait(60)
    assert "lone" in room.alarms


def test_b14_who_badged_out_and_stayed_is_not_taken_along_by_somebody_entering() -> None:
    room = _with("B1", "B2", "B3")
    room.tap("main.out", "B1")
    room.wait(6)
    room.enter("B4")
    assert room.inside == {"li", "wang", "chen", "zhao"}
    room.leave("B2")
    assert room.inside == {"li", "chen", "zhao"}


def test_b14_three_leave_together_within_the_window_of_the_first() -> None:
    room = _with("B1", "B2", "B3")
    for badge in ("B1", "B2", "B3"):
        room.tap("main.out", badge)
        room.wait(6)
    room.tap("main.out", "B3")
    room.through()
    assert room.inside == {"li", "wang"}  # the window of the first was over
    room.leave("B1", "B2")
    assert not room.inside


def test_b14_nobody_joins_two_who_are_on_their_way_out() -> None:
    for leavers in (("B1",), ("B1", "B2")):
        room = _with("B1", "B2")
        for badge in leavers:
            room.tap("main.out", badge)
        room.tap("main.in", "B3")
        room.through()
        assert "chen" not in room.inside


def test_b14_nobody_joins_while_an_unknown_person_may_be_leaving_two() -> None:
    room = _with("B1", "B2")
    room.rex()
    room.tap("main.in", "B3")
    assert room.of("granted")[-1]["direction"] == "out"


def test_b18_relief_goes_by_three_and_never_below_two() -> None:
    room = _with("B1", "B2")
    room.enter("B3")
    assert len(room.inside) == 3
    room.leave("B1")
    assert room.inside == {"wang", "chen"}
    room.wait(600)
    assert not room.alarms


def test_b18_relief_in_one_opening_of_the_door_keeps_two_as_well() -> None:
    room = _with("B1", "B2")
    room.tap("main.in", "B3")
    room.tap("main.out", "B1")
    room.through()
    assert room.inside == {"wang", "chen"}
    assert not any(e["occupancy"] < 2 for e in room.of("left"))


@pytest.mark.parametrize("order", list(permutations(("B1", "B2", "B3"))))
def test_b14_however_three_people_leave_the_last_two_leave_together_or_the_guard_knows(
    order: tuple[str, ...],
) -> None:
    room = _with("B1", "B2", "B3")
    for badge in order[:2]:
        room.leave(badge)
    room.wait(30)
    assert room.alarms == {"lone"}
    room.leave(order[2])
    assert not room.inside
    assert len(room.of("room_closed")) == 1


def test_b20_the_room_holds_no_more_than_its_limit() -> None:
    room = _with("B1", "B2", "B3", room=Room(example(room={"max_occupancy": 3})))
    room.tap("main.in", "B4")
    assert room.reason is Reason.ROOM_FULL
    room.leave("B1")
    room.tap("main.in", "B4")
    assert room.is_open()


def test_b20_who_is_granted_but_not_yet_inside_counts_towards_the_limit() -> None:
    room = _with("B1", "B2", room=Room(example(room={"max_occupancy": 3})))
    room.tap("main.in", "B3")
    room.tap("main.in", "B4")
    assert room.reason is Reason.ROOM_FULL


def test_b20_visitors_count_towards_the_limit() -> None:
    room = Room(example(room={"max_occupancy": 3}))
    room.enter("V1", "B1", "B2")
    room.wait(20)
    assert room.state.room("vault").visitors == ("guest",)
    room.tap("main.in", "B3")
    assert room.reason is Reason.ROOM_FULL


def test_b20_a_pair_that_would_exceed_the_limit_stays_outside_together() -> None:
    plan = example(room={"max_occupancy": 3, "strict_pairs": True})
    room = _with("B1", "B2", room=Room(plan))
    room.tap("main.in", "B3")
    room.tap("main.in", "B4")
    assert room.reason is Reason.ROOM_FULL
    assert not room.is_open()
