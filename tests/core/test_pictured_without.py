"""A grant that waits for a picture which nobody can take: the recorder is lost, no camera is believed."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.events import CONDITIONS, DeviceBack, DeviceLost
from controller.core.eye_events import RECORDER, PicturesTaken
from controller.core.eye_plan import CameraPlan, ShotPlan
from controller.core.words import Reason
from tests.core.eyes import answer, camera, picture
from tests.core.pictured import OPENS, granted
from tests.core.plans import pictured
from tests.core.room import Room


def test_while_the_recorder_is_lost_nobody_waits_and_the_door_stays_shut() -> None:
    room = Room(pictured())
    room.step(DeviceLost(room.now, RECORDER, "killed"))
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.reason is Reason.NOT_PICTURED
    assert not room.of("granted")
    room.step(DeviceBack(room.now, RECORDER))
    room.wait(20)
    granted(room)
    answer(room)
    assert room.is_open()


def test_while_the_recorder_is_lost_a_room_that_opens_without_opens_at_once_with_an_alarm() -> None:
    room = Room(pictured(room=OPENS))
    room.step(DeviceLost(room.now, RECORDER))
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert {"granted", "unpictured_opening"} <= set(room.kinds)
    assert "no_picture" in room.raised
    assert room.is_open()


@pytest.mark.parametrize(
    "blind",
    [
        {"cameras": ()},
        {"cameras": ("cellar",), "views": {"cellar": CameraPlan("cellar", ("elsewhere",))}},
        {"shots": {"granted": ShotPlan((), (2_000,))}},
    ],
)
@pytest.mark.parametrize(("more", "opens"), [({}, False), (OPENS, True)])
def test_where_no_camera_can_show_the_grant_it_is_as_if_the_recorder_were_lost(
    blind: dict[str, Any], more: dict[str, Any], opens: bool
) -> None:
    room = Room(pictured(room=more, **blind))
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.is_open() is opens
    assert (room.reason is Reason.NOT_PICTURED) is not opens
    assert ("no_picture" in room.alarms) is opens


@pytest.mark.parametrize("condition", [one for one in CONDITIONS if one != "back"])
def test_a_picture_counts_only_of_a_camera_that_is_believed(condition: str) -> None:
    room = Room(pictured())
    camera(room, "door", condition)
    granted(room)
    room.step(PicturesTaken(room.now, room.state.shots, "now", (picture("door", 0),)))
    assert not room.is_open()
    camera(room, "door", "back")
    room.wait(20)
    granted(room)
    room.step(PicturesTaken(room.now, room.state.shots, "now", (picture("door", 0),)))
    assert room.is_open()


@pytest.mark.parametrize(("more", "opens"), [({}, False), (OPENS, True)])
def test_where_no_camera_is_believed_it_is_as_if_the_recorder_were_lost(
    more: dict[str, Any], opens: bool
) -> None:
    room = Room(pictured(room=more))
    for name in ("door", "room"):
        camera(room, name, "covered")
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.is_open() is opens
    assert (room.reason is Reason.NOT_PICTURED) is not opens
    assert ("no_picture" in room.alarms) is opens
