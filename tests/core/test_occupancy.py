"""Never exactly one inside: behaviour 14, 15, 18 and 20."""

from __future__ import annotations

from itertools import permutations

import pytest

from controller.core.effects import Snapshot
from controller.core.events import Level
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


@pytest.mark.parametrize("limit", [0, 1_000, 30_000, 600_000])
def test_b15_one_left_behind_starts_the_lone_timer_then_alarm_and_pictures(limit: int) -> None:
    room = _with("B1", "B2", room=Room(example(room={"lone_ms": limit})))
    room.tap("main.out", "B1")
    room.open()
    room.shut()
    left = room.of("left")[0]
    assert left["who"] == ["li"]
    assert left["occupancy"] == 1
    assert room.site.deadline == left["at"] + min(limit, 1_000) if limit <= 1_000 else True
    if limit:
        room.wait_ms(limit - 1)
        assert not room.alarms
    room.wait_ms(1 if limit else 0)
    assert room.of("lone")[0]["at"] == left["at"] + limit
    assert room.of("lone")[0]["who"] == ["wang"]
    assert room.raised == ["lone"]
    assert any(isinstance(e, Snapshot) and e.why == "lone" for e in room.outcome.effects)


def test_b15_each_time_somebody_is_left_alone_there_are_pictures() -> None:
    room = _with("B1", "B2")
    room.leave("B1")
    room.wait(60)
    room.enter("B1", "B3")
    room.leave("B1", "B3")
    room.wait_ms(room.of("left")[-1]["lone_at"] - room.now)
    assert room.raised == ["lone"]
    assert any(isinstance(e, Snapshot) for e in room.outcome.effects)
    assert len(room.of("lone")) == 2


def test_b15_a_second_person_in_time_stops_the_lone_timer() -> None:
    room = _with("B1", "B2")
    room.leave("B1")
    room.wait(10)
    room.enter("B1", "B3")
    room.wait(600)
    assert not room.alarms


def test_b15_with_one_inside_the_cabinets_are_locked_out() -> None:
    room = _with("B1", "B2")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    room.ask("open_compartment", "wang", compartment="c1.a")
    assert room.is_open("c1.a")
    room.wait(2)
    room.leave("B1")
    assert not room.is_open("c1.a")
    room.tap("c1", "B2")
    assert room.reason is Reason.TOO_FEW_INSIDE
    room.ask("open_compartment", "wang", compartment="c1.b")
    assert room.reason is Reason.TOO_FEW_INSIDE


def test_b15_an_open_cabinet_behind_one_person_is_an_alarm() -> None:
    room = _with("B1", "B2")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    room.ask("open_compartment", "wang", compartment="c1.a")
    room.open("c1.a")
    room.wait(2)
    room.leave("B1")
    assert "cabinet_open" in room.alarms


def _locked_down(room: Room) -> None:
    room.ask("lockdown", "chen")


def _counted_off(room: Room) -> None:
    room.input("main.contact", Level.CUT)


def _withdrawn(room: Room) -> None:
    room.ask("end_person", "chen", person="li")


def _penalised(room: Room) -> None:
    for _ in range(5):
        room.tap("main.in", "B1")
        room.pin("main.in", "0000")
    room.wait(2)


def _burning(room: Room) -> None:
    room.input("fire", Level.ACTIVE)


@pytest.mark.parametrize("trouble", [_locked_down, _counted_off, _withdrawn, _penalised, _burning])
@pytest.mark.parametrize("badges", [("B1",), ("B1", "B2"), ("nobody",)])
def test_b15_leaving_is_never_blocked(trouble: object, badges: tuple[str, ...]) -> None:
    assert callable(trouble)
    room = _with("B1", "B2")
    trouble(room)
    for badge in badges:
        room.tap("main.out", badge)
        assert room.is_open()
    room.wait(6)
    room.rex()
    assert room.is_open()


def test_b15_nothing_the_world_reports_ever_takes_the_way_out() -> None:
    room = _with("B1", "B2")
    for point in room.plan.inputs:
        for level in Level:
            room.input(point, level)
            assert room.site.egress_is_free("main")


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
