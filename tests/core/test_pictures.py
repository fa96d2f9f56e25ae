"""Pictures of events: which are asked for, who may be in them, and that each gets exactly one answer."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import Snapshot, Wanted
from controller.core.events import DeviceLost, Level
from controller.core.eye_events import PicturesTaken
from controller.core.eye_plan import CameraPlan, ShotPlan
from controller.core.shots import MOST_OPEN, MOST_SEALS, MOST_WANTED
from tests.core.eyes import answer, asked, fail, picture, unseen
from tests.core.plans import example, passage
from tests.core.room import Room

VIEWS = {"door": CameraPlan("door", sees=("main",)), "room": CameraPlan("room", sees=("vault",))}


def forced(room: Room | None = None) -> Room:
    """A room whose door was opened by force: two alarms' worth of pictures at most."""
    room = room or Room()
    room.open()
    return room


def taken(
    room: Room, *pictures: dict[str, Any], part: str = "now", missing: Any = (), frames: Any = None
) -> None:
    room.step(PicturesTaken(room.now, 1, part, pictures, missing, frames or {}))


def test_an_alarm_asks_for_pictures_before_at_and_after_it_of_every_camera_that_sees_the_place() -> None:
    room = forced()
    wanted = tuple(Wanted(camera, moment) for moment in (-2_000, 0, 2_000) for camera in ("door", "room"))
    told = room.of("snapshot")[-1]
    shot = Snapshot("main", "forced", room.now, 1, wanted, ("room:vault",), told["time"], told["clock"])
    assert asked(room) == [shot]
    assert told["wanted"] == [{"camera": one.camera, "moment": one.moment} for one in wanted]
    assert (told["shot"], told["why"], told["cameras"]) == (1, "forced", ["door", "room"])


def test_snapshots_are_numbered_for_ever_over_restarts() -> None:
    room = forced()
    room.shut()
    room.restart()
    before = room.state.shots
    room.wait(10)
    room.open("north")
    assert [e["shot"] for e in room.of("snapshot")] == list(range(1, room.state.shots + 1))
    assert room.state.shots > before


@pytest.mark.parametrize(
    ("place", "cameras"), [("main", ["door", "room"]), ("north", ["room"]), ("vault", ["room"])]
)
def test_a_camera_photographs_what_it_sees_and_rooms_what_lies_in_them(
    place: str, cameras: list[str]
) -> None:
    room = Room(example(views=VIEWS))
    if place == "vault":
        room.input("vault.motion", Level.ACTIVE)
    else:
        room.open(place)
    assert room.of("snapshot")[-1]["cameras"] == cameras


def test_the_site_says_which_cameras_and_moments_belong_to_a_kind() -> None:
    room = forced(Room(example(shots={"forced": ShotPlan(("room",), (0, 5_000))})))
    assert room.of("snapshot")[-1]["wanted"] == [
        {"camera": "room", "moment": 0},
        {"camera": "room", "moment": 5_000},
    ]


def test_where_no_camera_sees_the_place_nothing_is_asked_and_nothing_is_written() -> None:
    room = forced(Room(example(cameras=("cellar",), views={"cellar": CameraPlan("cellar", ("elsewhere",))})))
    assert "forced" in room.alarms
    assert not room.of("snapshot")
    assert not asked(room)


def test_too_many_pictures_of_one_event_are_those_nearest_to_it() -> None:
    cameras = tuple(f"c{n}" for n in range(40))
    room = forced(Room(example(cameras=cameras, shots={"forced": ShotPlan((), (-9_000, -2_000, 0))})))
    moments = [one["moment"] for one in room.of("snapshot")[-1]["wanted"]]
    assert len(moments) == MOST_WANTED
    assert (moments.count(0), moments.count(-2_000)) == (40, 40)


def test_everybody_who_may_be_in_a_picture_has_to_be_there_to_see_it() -> None:
    room = Room()
    room.enter("V1", "B1", "B2")
    room.wait(20)
    room.tap("main.in", "B3")
    room.open("north")
    assert room.of("snapshot")[-1]["seals"] == ["chen", "guest", "li", "wang"]


def test_the_party_of_a_grant_and_its_witness_outside_are_in_its_picture() -> None:
    room = Room(example(together={"witness": "duty"}))
    for badge in ("B1", "B2", "B4"):
        room.tap("main.in", badge)
    assert room.of("granted")[-1]["who"] == ["li", "wang"]
    assert room.of("snapshot")[-1]["seals"] == ["li", "wang", "zhao"]


def test_who_leaves_is_in_the_picture_and_who_has_left_is_not() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.wait(20)
    room.tap("main.out", "B1")
    room.open("north")
    assert room.of("snapshot")[-1]["seals"] == ["li", "wang"]
    room.through()
    room.wait(60)
    assert room.of("snapshot")[-1]["seals"] == ["wang"]


def test_whoever_was_just_refused_at_the_door_is_in_the_picture() -> None:
    room = Room()
    room.ask("block_badge", "zhao", badge="B3")
    room.tap("main.in", "B3")
    room.open()
    assert room.of("snapshot")[-1]["seals"] == ["chen"]
    room.shut()
    room.wait(11)
    room.open()
    assert room.of("snapshot")[-1]["seals"] == ["room:vault"]


def test_a_picture_of_nobody_belongs_to_the_room_or_to_the_site() -> None:
    room = Room(passage())
    room.open("outer")
    assert room.of("snapshot")[-1]["seals"] == ["room:vault"]
    room = Room(example(rooms={}, doors={}, windows={}, cabinets={}, readers={}, inputs={}))
    room.step(DeviceLost(room.now, "siren"))
    assert room.of("snapshot")[-1]["seals"] == ["site:example"]


def test_a_crowd_is_sealed_for_as_many_as_a_picture_can_be_sealed_for() -> None:
    crowd = {f"p{n:02}": {"badges": [f"P{n}"]} for n in range(40)}
    room = Room(None, **crowd)
    room.ask("recount", "li", "wang", room="vault", inside=sorted(crowd))
    room.open("north")
    assert room.of("snapshot")[-1]["seals"] == sorted(crowd)[:MOST_SEALS]


def test_another_kind_or_another_place_in_the_same_second_has_its_own_pictures() -> None:
    room = forced()
    room.open("north")
    assert [(e["place"], e["why"]) for e in room.of("snapshot")] == [
        ("main", "forced"),
        ("north", "window_open"),
    ]


def test_beyond_the_most_that_are_waited_for_a_snapshot_is_answered_at_once_as_busy() -> None:
    room = Room()
    for n in range(MOST_OPEN + 1):
        room.step(DeviceLost(room.now, f"thing {n}"))
    assert len(room.state.open_shots) == MOST_OPEN
    assert not asked(room)
    last = [e for e in room.of("no_picture") if e["shot"] == MOST_OPEN + 1]
    assert [(e["part"], e["reason"]) for e in last] == [("now", "busy"), ("after", "busy")]


def test_pictures_are_an_entry_each_part_once() -> None:
    room = forced()
    answer(room, shot=1)
    told = room.of("pictures_taken")[-1]
    assert (told["place"], told["why"], told["shot"], told["part"]) == ("main", "forced", 1, "now")
    assert {(p["camera"], p["moment"]) for p in told["pictures"]} == {
        (camera, moment) for camera in ("door", "room") for moment in (-2_000, 0)
    }
    assert told["missing"] == []
    answer(room, "after", shot=1)
    assert room.of("pictures_taken")[-1]["part"] == "after"
    taken(room, picture("door", 0))
    assert not room.outcome.entries
    room.wait(60)
    assert not room.of("no_picture")


def test_what_is_missing_says_why_beside_what_is_there() -> None:
    room = forced()
    there = [picture("door", -2_000), picture("door", 0), picture("door", 0, thumbnail=True)]
    taken(room, *there, missing=[unseen("room", 0, "stalled"), unseen("room", -2_000, "no reason at all")])
    told = room.of("pictures_taken")[-1]
    assert told["pictures"] == there
    assert told["missing"] == [unseen("room", -2_000, "broken"), unseen("room", 0, "stalled")]


def test_no_picture_is_an_entry_with_its_reason() -> None:
    room = forced()
    fail(room, "too_young", shot=1)
    told = room.of("no_picture")[-1]
    assert (told["reason"], told["shot"], told["part"], told["place"]) == ("too_young", 1, "now", "main")
    assert len(told["missing"]) == 4


def test_frames_are_counted_by_camera() -> None:
    room = forced()
    counts = {"seen": 40, "missed": 3, "gap_ms": 310}
    odd = {"seen": -1, "missed": 0, "gap_ms": 0}
    taken(room, picture("door", 0), frames={"door": counts | {"x": 1}, "room": odd, "elsewhere": counts})
    assert room.of("pictures_taken")[-1]["frames"] == {"door": counts}


WRONG: dict[str, dict[str, Any]] = {
    "digest": {"sha256": "A" * 64},
    "short digest": {"sha256": "a" * 63},
    "path": {"sha256": "../" + "a" * 61},
    "no text": {"sha256": 7},
    "size": {"size": 0},
    "huge": {"size": 10**9},
    "truth": {"size": True},
    "stranger": {"camera": "elsewhere"},
    "moment": {"moment": 1},
    "another part": {"moment": 2_000},
    "long ago": {"taken": -(10**9)},
    "fraction": {"width": 1280.5},
    "flat": {"height": 0},
    "unmasked": {"masked": None},
    "thumbnail": {"thumbnail": "no"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_picture_that_is_not_well_formed_or_was_not_asked_for_is_missing(wrong: str) -> None:
    room = forced()
    taken(room, picture("door", 0) | WRONG[wrong], {"sha256": "a" * 64}, "nonsense")  # type: ignore[arg-type]
    told = room.of("no_picture")[-1]
    assert told["reason"] == "broken"
    assert len(told["missing"]) == 4


def test_one_picture_told_twice_is_one() -> None:
    room = forced()
    one = picture("door", 0)
    taken(room, one, one | {"sha256": "b" * 64}, picture("room", 0) | {"sha256": one["sha256"]})
    assert room.of("pictures_taken")[-1]["pictures"] == [one]


@pytest.mark.parametrize(
    ("shot", "part"),
    [(0, "now"), (2, "now"), (-1, "now"), ("1", "now"), (True, "now"), (1, "before"), (1, "")],
)
def test_an_answer_to_what_was_not_asked_is_not_believed(shot: Any, part: str) -> None:
    room = forced()
    room.step(PicturesTaken(room.now, shot, part, (picture("door", 0),)))
    assert not room.outcome.entries


def test_a_silent_recorder_is_an_entry_for_each_part_at_its_own_time() -> None:
    room = forced()
    begun = room.now
    room.wait(30)
    told = [(e["part"], e["reason"], e["at"] - begun) for e in room.of("no_picture") if e["shot"] == 1]
    assert told == [("now", "recorder_silent", 5_000), ("after", "recorder_silent", 7_000)]
    assert not room.state.open_shots


def test_a_restart_answers_what_was_open_and_believes_no_late_answer() -> None:
    room = forced()
    answer(room, shot=1)
    room.restart()
    told = [(e["shot"], e["part"], e["reason"]) for e in room.of("no_picture")]
    assert told == [(1, "after", "interrupted")]
    taken(room, picture("door", 2_000), part="after")
    assert not room.outcome.entries
