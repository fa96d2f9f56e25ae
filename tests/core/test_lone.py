"""One person left behind, and leaving that is never blocked: behaviour 15."""

from __future__ import annotations

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
    room.ask("take_alarm", "zhao", alarm="lone")
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
