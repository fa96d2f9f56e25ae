"""How often the same is photographed: bursts, alarms that stand, and who must not be missed for that."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest

from controller.core.events import DeviceBack, DeviceLost
from controller.core.eye_events import RECORDER
from controller.core.eye_plan import ShotPlan
from controller.core.shots import BY_CHOICE, MOST_SEALS
from controller.core.words import AlarmKind, Kind
from tests.core.eyes import answer, camera
from tests.core.plans import example, passage
from tests.core.room import Room


def shots(room: Room, why: str) -> list[int]:
    """When Snapshots of one kind were asked for."""
    return [entry["at"] for entry in room.of("snapshot") if entry["why"] == why]


def seals(room: Room, why: str) -> list[list[str]]:
    return [entry["seals"] for entry in room.of("snapshot") if entry["why"] == why]


def choosing(*words: str) -> Room:
    return Room(example(shots={word: ShotPlan() for word in words}))


def test_an_alarm_that_stands_is_photographed_when_it_began_and_then_once_a_minute() -> None:
    room = Room()
    first = room.now
    for _ in range(750):
        room.tap("main.in", "nobody")
        room.wait_ms(200)
    taken = shots(room, "wrong_attempts")
    assert taken[0] == first + 4 * 200
    assert len(taken) == 1 + 2
    assert min(b - a for a, b in pairwise(taken)) >= 60_000


def test_a_door_that_is_forced_again_is_photographed_again_ten_seconds_later() -> None:
    room = Room()
    for _ in range(4):
        room.open()
        room.wait_ms(3_000)
        room.shut()
        room.wait_ms(3_000)
    taken = shots(room, "forced")
    assert len(taken) == 2
    assert taken[1] - taken[0] == 12_000, "the one after six seconds is too soon"


def test_a_camera_whose_condition_flips_each_second_makes_no_more_snapshots_than_one_a_minute() -> None:
    room = Room()
    for _ in range(150):
        camera(room, "door", "moved")
        room.wait_ms(500)
        camera(room, "door", "back")
        room.wait_ms(500)
    assert len(shots(room, "camera_fault")) == 1 + 2
    assert len(room.of("camera_fault")) == 150, "what it says is written down all the same"


def test_a_recorder_that_comes_and_goes_is_told_to_photograph_its_loss_once_a_minute() -> None:
    room = Room()
    for _ in range(150):
        room.step(DeviceLost(room.now, RECORDER))
        room.wait_ms(500)
        room.step(DeviceBack(room.now, RECORDER))
        room.wait_ms(500)
    assert len(shots(room, "device_lost")) == 1 + 2


def test_a_restart_does_not_forget_that_an_alarm_was_photographed() -> None:
    room = Room()
    camera(room, "door", "moved")
    room.restart()
    camera(room, "door", "back")
    camera(room, "door", "moved")
    assert len(shots(room, "camera_fault")) == 1


def test_an_alarm_that_was_acknowledged_and_comes_again_is_photographed_at_once() -> None:
    room = Room()
    for _ in range(3):
        camera(room, "door", "moved")
        room.wait(2)
        camera(room, "door", "back")
        room.ask("acknowledge", "zhao", alarm="camera_fault", place="door", reason="cleaned")
    assert len(shots(room, "camera_fault")) == 3


def test_an_alarm_that_stands_at_one_place_hides_none_at_another() -> None:
    room = Room()
    camera(room, "door", "moved")
    camera(room, "room", "moved")
    assert [e["place"] for e in room.of("snapshot")] == ["door", "room"]


def test_what_the_state_keeps_of_snapshots_does_not_grow_with_them() -> None:
    room = Room()
    for n in range(60):
        room.step(DeviceLost(room.now, f"thing {n}"))
        room.wait(4)
    assert len(room.state.pictured) <= 16
    assert len(room.state.pictured_for) == 1


def test_two_people_who_are_let_in_within_a_second_are_each_sealed_for() -> None:
    room = Room(passage())
    room.tap("outer.in", "B3")
    room.wait_ms(300)
    room.tap("outer.in", "B4")
    assert [e["who"] for e in room.of("granted")] == [["chen"], ["zhao"]]
    assert seals(room, "granted") == [["chen"], ["chen", "zhao"]]


@pytest.mark.parametrize("asks", [False, True])
def test_two_people_who_join_others_within_a_second_are_each_sealed_for(*, asks: bool) -> None:
    room = Room(example(room={"pictured": asks}))
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    if asks:
        answer(room)
    room.through()
    room.wait(60)
    for badge in ("B3", "B4"):
        room.tap("main.in", badge)
        if asks:
            answer(room)
        room.wait_ms(300)
    last = room.of("granted")[-1]
    pictured = [e["seals"] for e in room.of("snapshot") if e["why"] == "granted"]
    for grant in room.of("granted"):
        assert any({*grant["who"]} <= {*each} for each in pictured)
    assert last["who"] == (["chen"] if asks else ["zhao"])


def test_the_same_person_let_in_again_within_a_second_is_one_snapshot() -> None:
    room = Room(passage())
    for _ in range(3):
        room.tap("outer.in", "B3")
        room.wait_ms(200)
    assert len(room.of("granted")) == 3
    assert seals(room, "granted") == [["chen"]]


def test_however_many_are_inside_whoever_is_let_in_is_sealed_for() -> None:
    crowd = {f"p{n:02}": {"badges": [f"P{n}"]} for n in range(40)}
    room = Room(example(room={"max_occupancy": 50}), **crowd, zz={"badges": ["Z"]})
    room.ask("recount", "li", "wang", room="vault", inside=sorted(crowd))
    room.tap("main.in", "Z")
    assert room.of("granted")[-1]["who"] == ["zz"]
    assert seals(room, "granted") == [[*sorted(crowd)[: MOST_SEALS - 1], "zz"]]


def test_a_burst_of_one_kind_at_one_place_is_one_snapshot_a_second_and_the_first_is_never_lost() -> None:
    room = choosing("refused")
    first = room.now
    for n in range(1_000):
        room.tap("main.in", ("nobody", "V2")[n % 2])
        room.wait_ms(60)
    taken = shots(room, "refused")
    assert taken[0] == first
    assert len(taken) <= 61
    assert min(b - a for a, b in pairwise(taken)) >= 1_000


def test_whoever_is_refused_is_sealed_for_and_makes_no_picture_more() -> None:
    room = choosing("refused")
    for person, badge in (("chen", "B3"), ("zhao", "B4")):
        room.ask("block_badge", "li", badge=badge)
        assert room.reason is None, person
    for badge in ("B3", "B4", "B3"):
        room.tap("main.in", badge)
        room.wait_ms(100)
    assert seals(room, "refused") == [["chen"]]
    room.wait(1)
    room.tap("main.in", "B4")
    assert seals(room, "refused")[1:] == [["chen", "zhao"]]


def kinds_pictured(room: Room) -> set[str]:
    return {entry["why"] for entry in room.of("snapshot")}


def lived(room: Room) -> Room:
    """In and out by the door, and one badge refused."""
    room.tap("main.in", "nobody")
    room.enter("B1", "B2")
    room.wait(20)
    room.leave("B1", "B2")
    return room


WORDS = {"refused", "opened", "entered", "left"}


def test_the_usual_site_photographs_nothing_that_is_by_choice() -> None:
    assert not kinds_pictured(lived(Room())) & {kind.value for kind in BY_CHOICE}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_site_that_wants_it_photographs_it_and_nothing_else_that_is_by_choice(word: str) -> None:
    room = lived(choosing(word))
    assert kinds_pictured(room) & WORDS == {word}


def test_whoever_has_left_is_sealed_for_in_the_picture_of_leaving() -> None:
    room = choosing("left")
    room.enter("V1", "B1", "B2")
    room.wait(20)
    room.leave("V1", "B1", "B2")
    assert {who for each in seals(room, "left") for who in each} == {"guest", "li", "wang"}


@pytest.mark.parametrize(("word", "place"), [("cabinet_opened", "c1"), ("compartment_opened", "c1.a")])
def test_a_cabinet_that_opens_is_photographed_where_the_site_says_so(word: str, place: str) -> None:
    room = choosing("cabinet_opened", "compartment_opened")
    room.enter("B1", "B2")
    room.wait(20)
    room.ask("open_compartment", "li", compartment="c1.a")
    for badge in ("B1", "B2"):
        room.tap("c1", badge)
    room.open("c1.a")
    told = [e for e in room.of("snapshot") if e["why"] == word]
    assert [(e["place"], e["seals"]) for e in told] == [(place, ["li", "wang"])]


def test_an_asking_that_is_refused_is_not_photographed() -> None:
    room = choosing("refused")
    room.ask("recount", "li", "", room="vault", inside=[])
    assert room.of("refused")
    assert not room.of("snapshot")


def test_no_entry_that_is_by_choice_has_the_name_of_an_alarm() -> None:
    def words(of: Iterable[Kind | AlarmKind]) -> set[str]:
        return {one.value for one in of}

    assert not words(BY_CHOICE) & words(AlarmKind)
