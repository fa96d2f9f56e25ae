"""What cameras and recorder say of themselves: levels, told once each, and believed with care."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from controller.camera_commands import as_text
from controller.core.events import Asking, CameraSeen, DeviceBack, DeviceLost, RoomSeen
from controller.gate import Gate
from controller.gate_client import GateClient, Told
from recorder.messages import Condition, Learn, Learned, RoomLooks, Rooms
from tests.eyes.eyes_house import CAMERA, SETTINGS, House
from tests.eyes.eyes_peer import HEALTH, Peer


@pytest.fixture
def gate(house: House) -> Iterator[Path]:
    path = house.data / "gate.sock"
    gate = Gate(path, house.inbox, frozenset({os.geteuid()}), eyes=house.eyes)
    gate.start()
    yield path
    gate.stop()


def test_a_recorder_gets_the_settings_of_the_site_first_and_who_is_inside(house: House) -> None:
    with Peer(house) as peer:
        peer.well(house)
        assert peer.settings == SETTINGS
        assert peer.next(Rooms).rooms == {"vault": "empty"}


def test_a_recorder_that_comes_is_back_and_one_that_goes_is_lost_each_told_once(house: House) -> None:
    with Peer(house) as peer:
        peer.well(house)
        house.told(DeviceBack)
    (lost,) = house.told(DeviceLost)
    assert (lost.device, lost.why) == ("recorder", "the recorder has gone")
    assert [entry["place"] for entry in house.written("device_lost")] == ["recorder"]


def test_a_camera_that_is_covered_is_told_once_and_its_return_too(house: House, peer: Peer) -> None:
    peer.health["door"] = replace(HEALTH, condition="covered")
    peer.line.say(Condition("door", "covered", "the picture is dark"))
    (fault,) = house.written("camera_fault")
    assert (fault["place"], fault["condition"]) == ("door", "covered")
    peer.health["door"] = HEALTH
    (back,) = house.written("camera_back")
    assert back["place"] == "door"
    assert len(house.entries("camera_fault")) == 1


def test_a_condition_that_only_a_beat_tells_is_not_missed(house: House, peer: Peer) -> None:
    peer.health["room"] = replace(HEALTH, condition="looped")
    (fault,) = house.written("camera_fault")
    assert (fault["place"], fault["condition"]) == ("room", "looped")


def test_a_fresh_recorder_is_not_believed_that_a_camera_is_well_before_it_can_know(tmp_path: Path) -> None:
    slow = replace(SETTINGS, cameras=dict.fromkeys(SETTINGS.cameras, replace(CAMERA, fault_after_s=600.0)))
    with House(tmp_path, slow) as house:
        house.turn(CameraSeen(house.clock.now(), "door", "covered"))
        with Peer(house) as peer:
            peer.well(house)
            peer.health["room"] = replace(HEALTH, condition="lost")
            house.told(CameraSeen)
        assert [one.camera for one in house.told(CameraSeen)] == ["room"]
        assert house.loop.site.state.cameras["door"] == "covered"


def test_a_camera_that_the_recorder_can_not_use_is_lost_and_the_others_are_looked_through(
    house: House,
) -> None:
    with Peer(house) as peer:
        del peer.health["room"]
        peer.well(house, room="lost")
        (fault,) = house.written("camera_fault")
        assert (fault["place"], fault["condition"]) == ("room", "lost")
        assert house.eyes.health()["recorder"]["state"] == "well"


def test_cameras_of_no_site_are_not_listened_to(house: House, peer: Peer) -> None:
    peer.line.say(Condition("treasury", "covered"))
    peer.line.say(RoomLooks("treasury", occupied=True))
    peer.line.say(RoomLooks("room", occupied=True))
    (seen,) = house.told(RoomSeen)
    assert (seen.camera, seen.occupied) == ("room", True)
    assert all(one.camera != "treasury" for one in house.heard if isinstance(one, CameraSeen))


def test_two_people_let_a_camera_learn_and_hear_what_became_of_it(house: House, peer: Peer) -> None:
    ask = Asking(house.clock.now(), "learn_cameras", "li", "wang", {"cameras": ["door", "room"]})
    house.turn(ask)
    assert peer.next(Learn).cameras == ("door", "room")
    peer.line.say(Learned("door"))
    peer.line.say(Learned("room", "it is dark"))
    assert [entry["place"] for entry in house.written("camera_learned")] == ["door"]
    (refused,) = house.written("camera_not_learned")
    assert (refused["place"], refused["why"]) == ("room", "it is dark")


def test_whoever_lets_a_camera_learn_hears_that_there_is_no_recorder(house: House) -> None:
    house.turn(Asking(house.clock.now(), "learn_cameras", "li", "wang", {"cameras": ["door"]}))
    (entry,) = house.written("camera_not_learned")
    assert entry["why"] == "the recorder is not there"


def test_a_recorder_that_goes_while_cameras_learn_ends_that(house: House, peer: Peer) -> None:
    house.turn(Asking(house.clock.now(), "learn_cameras", "li", "wang", {"cameras": ["door"]}))
    assert peer.next(Learn)
    peer.quiet()
    peer.socket.close()
    (entry,) = house.written("camera_not_learned")
    assert entry["why"] == "the recorder did not answer"


def test_the_gate_tells_how_recorder_and_cameras_are(house: House, peer: Peer, gate: Path) -> None:
    house.until(lambda: house.eyes.health()["cameras"][0]["fps"] is not None)
    with GateClient(gate) as client:
        eyes = client.eyes()
    assert eyes["recorder"]["state"] == "well"
    assert (eyes["recorder"]["pid"], eyes["recorder"]["rss_mb"]) == (4711, 200.0)
    assert [one["camera"] for one in eyes["cameras"]] == ["door", "room"]
    told = as_text(eyes)
    assert told[0] == "recorder: well, 200 MB, 12 % of a core"
    assert told[2].split()[:3] == ["door", "good", "10.0"]
    assert json.dumps(eyes)


def test_without_a_recorder_the_gate_says_so_of_each_camera(house: House, gate: Path) -> None:
    with GateClient(gate) as client:
        eyes = client.eyes()
    head, _, *rows = as_text(eyes)
    assert head.startswith("recorder: gone (the recorder is not there; it may come as user ")
    assert head.endswith(", another is named with --recorder-user)")
    assert [row.split()[:2] for row in rows] == [["door", "unknown"], ["room", "unknown"]]


def test_a_site_without_cameras_says_that(house: House, tmp_path: Path) -> None:
    gate = Gate(tmp_path / "other.sock", house.inbox, frozenset({os.geteuid()}))
    gate.start()
    with GateClient(tmp_path / "other.sock") as client:
        assert as_text(client.eyes()) == ["this site has no cameras"]
    gate.stop()


def test_once_a_recorder_came_nobody_else_speaks_for_the_cameras(
    house: House, peer: Peer, gate: Path
) -> None:
    with GateClient(gate) as client:
        answer = client.report(camera="door", condition="back")
    assert answer["refused"] == "not_allowed"
    assert "recorder" in answer["need"]


def test_where_no_recorder_ever_came_a_report_of_a_camera_is_heard(house: House, gate: Path) -> None:
    answers: list[Told] = []

    def tell() -> None:
        with GateClient(gate) as client:
            answers.append(client.report(camera="door", condition="blinded"))

    thread = Thread(target=tell, daemon=True)
    thread.start()
    (fault,) = house.written("camera_fault")
    thread.join()
    assert fault["condition"] == "blinded"
    assert answers == [{"accepted": True}]
