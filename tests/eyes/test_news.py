"""What cameras do without being asked: each level arrives in the end, and nobody is hung up for many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from controller.core.events import Asking, CameraLearned, CameraSeen, DeviceLost, RoomSeen
from controller.eyes.news import BURST
from recorder.messages import Condition, Learn, Learned, RoomLooks
from tests.eyes.eyes_house import House
from tests.eyes.eyes_peer import HEALTH, Peer

CHANGES = 41
"""More than a camera's news, and less than a flood."""


def of(house: House, kind: type[Any], camera: str) -> list[Any]:
    """What was passed on of one camera."""
    return [one for one in house.heard if isinstance(one, kind) and one.camera == camera]


def test_a_camera_that_flaps_is_told_of_so_often_then_seldom_and_as_it_is_in_the_end(
    house: House, peer: Peer
) -> None:
    for number in range(CHANGES - 1):
        peer.line.say(Condition("door", ("covered", "moved")[number % 2]))
    peer.health["door"] = replace(HEALTH, condition="blinded")
    house.until(lambda: "blinded" in [one.condition for one in of(house, CameraSeen, "door")])
    assert BURST <= len(of(house, CameraSeen, "door")) < CHANGES
    assert house.loop.site.state.cameras["door"] == "blinded"
    assert not [one for one in house.heard if isinstance(one, DeviceLost)]
    assert house.eyes.health()["recorder"]["state"] == "well"


def test_a_camera_that_flaps_keeps_the_news_of_no_other_camera_back(house: House, peer: Peer) -> None:
    for number in range(CHANGES):
        peer.line.say(Condition("door", ("covered", "moved")[number % 2]))
    peer.line.say(Condition("room", "looped"))
    peer.health["room"] = replace(HEALTH, condition="looped")
    peer.health["door"] = replace(HEALTH, condition="covered")
    house.until(lambda: bool(of(house, CameraSeen, "room")))
    assert [one.condition for one in of(house, CameraSeen, "room")] == ["looped"]


def test_how_a_room_looks_in_the_end_is_told_though_it_changed_too_often(house: House, peer: Peer) -> None:
    for number in range(CHANGES):
        peer.line.say(RoomLooks("room", occupied=number % 2 == 0))
    house.until(lambda: len(of(house, RoomSeen, "room")) > BURST)
    told = [one.occupied for one in of(house, RoomSeen, "room")]
    assert told == [number % 2 == 0 for number in range(len(told))]
    assert told[-1] is True
    assert house.eyes.health()["recorder"]["state"] == "well"


def test_that_a_camera_learned_unasked_reaches_the_core_each_time(house: House, peer: Peer) -> None:
    for why in ("", "it could not be kept", ""):
        peer.line.say(Learned("door", why))
    peer.line.say(Learned("treasury"))
    peer.line.say(RoomLooks("room", occupied=False))
    house.told(RoomSeen)
    learned = [one for one in house.heard if isinstance(one, CameraLearned)]
    assert [(one.camera, one.why) for one in learned] == [
        ("door", ""),
        ("door", "it could not be kept"),
        ("door", ""),
    ]


def test_that_it_learned_before_all_cameras_were_looked_through_is_told_then(house: House) -> None:
    with Peer(house) as peer:
        peer.early.append(Learned("room"))
        peer.well(house)
        house.told(CameraLearned)
        assert [one.camera for one in of(house, CameraLearned, "room")] == ["room"]


def test_learning_without_end_is_told_of_so_often_and_that_it_happened_is_not_covered_up(
    house: House, peer: Peer
) -> None:
    for _ in range(BURST):
        peer.line.say(Learned("door", "it is dark"))
    peer.line.say(Learned("door"))
    for _ in range(BURST):
        peer.line.say(Learned("door", "it is dark"))
    house.until(lambda: len(of(house, CameraLearned, "door")) > BURST)
    assert [one.why for one in of(house, CameraLearned, "door")] == [*BURST * ["it is dark"], ""]


def test_whoever_asked_is_told_though_the_camera_learned_too_often_before(house: House, peer: Peer) -> None:
    for _ in range(3 * BURST):
        peer.line.say(Learned("door"))
    peer.line.say(RoomLooks("room", occupied=True))
    house.told(RoomSeen)
    house.turn(Asking(house.clock.now(), "learn_cameras", "li", "wang", {"cameras": ["door"]}))
    assert peer.next(Learn)
    peer.line.say(Learned("door", "it is too dark for that"))
    house.until(lambda: "it is too dark for that" in [one.get("why") for one in house.log.tail()])
