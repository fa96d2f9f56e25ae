"""Cameras that learn what they should see because two people say so, and those that are not well."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.effects import LearnCameras
from controller.core.events import CONDITIONS, CameraLearned
from controller.core.words import Reason
from tests.core.eyes import camera
from tests.core.room import Room


def learning(*cameras: str) -> Room:
    room = Room()
    room.ask("learn_cameras", "li", "wang", cameras=list(cameras or ("door",)))
    assert room.reason is None
    return room


@pytest.mark.parametrize("condition", [one for one in CONDITIONS if one != "back"])
def test_every_condition_of_a_camera_is_an_entry_and_an_alarm_and_its_end_an_entry(condition: str) -> None:
    room = Room()
    camera(room, "door", condition)
    assert room.of("camera_fault")[-1]["condition"] == condition
    assert room.alarms == {"camera_fault"}
    camera(room, "door", condition)
    assert not room.outcome.entries
    camera(room, "door", "back")
    assert room.kinds == ["camera_back"]


@pytest.mark.parametrize(
    ("name", "condition"), [("door", "sleepy"), ("cellar", "lost"), ("", "lost"), ("door", "")]
)
def test_a_condition_nobody_knows_and_a_strangers_camera_are_not_believed(name: str, condition: str) -> None:
    room = Room()
    camera(room, name, condition)
    assert not room.outcome.entries


def test_two_people_let_cameras_learn_and_each_tells_how_it_ended() -> None:
    room = learning("room", "door", "door")
    assert LearnCameras(("door", "room")) in room.outcome.effects
    assert room.of("cameras_learn_asked")[-1]["who"] == ["li", "wang"]
    room.step(CameraLearned(room.now, "door"))
    told = room.of("camera_learned")[-1]
    assert (told["place"], told["who"], told["asked"]) == ("door", ["li", "wang"], True)
    room.step(CameraLearned(room.now, "room", "too dark"))
    assert room.of("camera_not_learned")[-1]["why"] == "too dark"
    assert not room.state.camera_orders


@pytest.mark.parametrize("second", ["", "li", "guest", "nobody"])
def test_one_person_or_a_visitor_lets_no_camera_learn(second: str) -> None:
    room = Room()
    room.ask("learn_cameras", "li", second, cameras=["door"])
    assert room.reason is Reason.NEEDS_SECOND
    assert not room.outcome.effects


STRANGE: tuple[dict[str, Any], ...] = (
    {},
    {"cameras": []},
    {"cameras": "door"},
    {"cameras": ["door", "cellar"]},
    {"cameras": [["door"]]},
    {"cameras": ["door"] * 501},
)


@pytest.mark.parametrize("given", STRANGE)
def test_a_strange_asking_is_refused_whole(given: dict[str, Any]) -> None:
    room = Room()
    room.ask("learn_cameras", "li", "wang", **given)
    assert room.reason is Reason.NOT_UNDERSTOOD
    assert not room.state.camera_orders


def test_a_camera_learns_once_at_a_time() -> None:
    room = learning()
    room.ask("learn_cameras", "li", "wang", cameras=["door", "room"])
    assert room.reason is Reason.NOTHING_TO_DO


def test_a_camera_of_which_nothing_is_heard_has_not_learned() -> None:
    room = learning()
    room.wait_ms(59_999)
    assert room.state.camera_orders
    room.wait_ms(1)
    assert room.of("camera_not_learned")[-1]["reason"] == "timeout"
    assert not room.state.camera_orders


def test_a_restart_ends_the_learning() -> None:
    room = learning()
    room.restart()
    assert room.of("camera_not_learned")[-1]["reason"] == "restart"
    assert not room.state.camera_orders


def unasked(room: Room, name: str = "door") -> None:
    room.step(CameraLearned(room.now, name))


def test_a_camera_that_learns_for_the_first_time_is_an_entry_without_an_alarm() -> None:
    room = Room()
    unasked(room)
    assert [(e["place"], e["asked"]) for e in room.of("camera_learned")] == [("door", False)]
    assert "who" not in room.of("camera_learned")[-1]
    assert not room.alarms


@pytest.mark.parametrize("first_asked", [False, True])
def test_a_camera_that_learns_anew_unasked_is_an_entry_and_looked_at(*, first_asked: bool) -> None:
    room = learning() if first_asked else Room()
    unasked(room)
    room.wait(3_600)
    assert not room.alarms
    unasked(room)
    assert [e["asked"] for e in room.of("camera_learned")] == [first_asked, False]
    assert [(a.kind, a.place) for a in room.state.alarms.values()] == [("look", "door")]
    assert room.raised == ["look"]


def test_a_restart_of_both_machines_does_not_make_the_learning_of_a_moved_camera_its_first() -> None:
    room = learning()
    unasked(room)
    camera(room, "door", "moved")
    room.restart()
    camera(room, "door", "back")
    unasked(room)
    assert "look" in room.alarms


def test_one_camera_says_nothing_of_another() -> None:
    room = Room()
    unasked(room, "door")
    unasked(room, "room")
    assert not room.alarms
    assert room.state.cameras_learned.keys() == {"door", "room"}


def test_a_camera_that_learns_without_end_is_told_once_a_minute_until_a_guard_has_taken_note() -> None:
    room = Room()
    unasked(room)
    for _ in range(600):
        room.wait_ms(300)
        unasked(room)
    assert len(room.of("camera_learned")) == 1 + 3
    room.ask("acknowledge", "zhao", alarm="look", place="door", reason="nobody stood there")
    unasked(room)
    assert len(room.of("camera_learned")) == 1 + 3 + 1
    assert "look" in room.alarms


@pytest.mark.parametrize(("name", "why"), [("cellar", ""), ("door", "could not")])
def test_what_is_no_news_is_no_entry(name: str, why: str) -> None:
    room = Room()
    room.step(CameraLearned(room.now, name, why))
    assert not room.outcome.entries
