"""Cameras, snapshots and what the recorder may use, as a site file says them."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller import config
from controller.config import SiteFile, builtin
from controller.core.plan import CameraPlan, RoomPlan, ShotPlan
from recorder.messages import spelled
from tests.config.small import SMALL, faults, small
from tests.config.test_site_schema import SAMPLE

EYE = '[camera.eye]\nurl = "rtsp://192.0.2.1/x"\n'
OTHER = '[camera.other]\nurl = "http://192.0.2.2/y"\n'
TWO = EYE + OTHER


def keys(text: str) -> list[str]:
    return [fault.key for fault in faults(text)]


def loads(text: str) -> SiteFile:
    return config.loads(text, "small.toml")


def test_a_camera_of_which_nothing_is_said_sees_everything_and_watches_no_room() -> None:
    made = loads(SMALL + EYE).plan
    assert (made.cameras, made.views) == (("eye",), {"eye": CameraPlan("eye")})
    assert (made.shots, ShotPlan().moments) == ({}, (-2000, 0, 2000))


def test_what_a_camera_sees_and_watches_reaches_the_core() -> None:
    made = loads(SMALL + EYE + 'sees = ["main", "vault"]\nwatches = "vault"\n').plan
    assert made.views["eye"] == CameraPlan("eye", ("main", "vault"), "vault")


def test_a_snapshot_says_for_each_of_its_events_which_cameras_and_when() -> None:
    text = f'{SMALL}{TWO}[snapshot.a]\nof = ["granted", "forced"]\ncameras = ["other"]\nbefore_s = [1, 4]\n'
    shot = ShotPlan(("other",), (-4000, -1000, 0, 2000))
    assert loads(text).plan.shots == {"granted": shot, "forced": shot}


@pytest.mark.parametrize(
    "word", ["refused", "opened", "entered", "left", "cabinet_opened", "compartment_opened"]
)
def test_what_is_photographed_by_choice_is_so_only_where_the_site_says_so(word: str) -> None:
    assert word not in loads(SMALL + EYE).plan.shots
    assert loads(f'{SMALL}{EYE}[snapshot.a]\nof = ["{word}"]\n').plan.shots == {word: ShotPlan()}


def test_a_room_may_require_pictures_and_say_what_happens_without() -> None:
    lines = ('pictures = "required"', "picture_s = 3", 'without_picture = "open"')
    room = loads(small("room.vault", *lines) + EYE).plan.rooms["vault"]
    assert (room.pictured, room.picture_ms, room.unpictured_opens) == (True, 3000, True)
    usual = RoomPlan("")
    assert (usual.pictured, usual.unpictured_opens) == (False, False)


@pytest.mark.parametrize(
    "wrong",
    ["0,0,0,100", "0,0,100,0", "900,0,101,10", "0,1000,1,1", "0,0,1", "-1,0,5,5", "a,b,c,d", "1.5,0,2,2"],
)
def test_an_area_lies_within_the_picture_and_is_not_empty(wrong: str) -> None:
    assert keys(f'{SMALL}{EYE}masks = ["{wrong}"]\n') == ["camera.eye.masks[0]"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("900,0,200,200", "reaches beyond the picture"),
        ("0,900,10,200", "reaches beyond the picture"),
        ("0,0,0,100", "is empty"),
        ("0,0,100,0", "is empty"),
        ("0,0,100", "is no area"),
    ],
)
def test_of_a_wrong_area_it_is_told_what_is_wrong_with_it(wrong: str, says: str) -> None:
    (fault,) = faults(f'{SMALL}{EYE}masks = ["{wrong}"]\n')
    assert says in fault.problem


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('sees = ["main", "nowhere"]\n', "camera.eye.sees[1]"),
        ('watches = "main"\n', "camera.eye.watches"),
        ('sees = ["main"]\nwatches = "vault"\n', "camera.eye.watches"),
        (
            'watches = "vault"\n[camera.b]\nurl = "rtsp://192.0.2.1/b"\nwatches = "vault"\n',
            "camera.b.watches",
        ),
        ('[snapshot.a]\nof = ["granted"]\ncameras = ["eye", "no"]\n', "snapshot.a.cameras[1]"),
        ('[snapshot.a]\nof = ["granted"]\n[snapshot.b]\nof = ["fire", "granted"]\n', "snapshot.b.of[1]"),
        ('ring_s = 3\n[snapshot.a]\nof = ["granted"]\nbefore_s = [3]\n', "snapshot.a.before_s"),
        ('[snapshot.a]\nof = ["duress"]\n', "snapshot.a.of[0]"),
        ("frames_per_second = 31\n", "camera.eye.frames_per_second"),
    ],
)
def test_what_cameras_and_snapshots_contradict_is_named_by_its_key(more: str, key: str) -> None:
    assert keys(SMALL + EYE + more) == [key]


def test_a_room_cannot_require_pictures_that_nobody_takes_of_its_doors() -> None:
    room = small("room.vault", 'pictures = "required"')
    assert keys(room) == ["room.vault.pictures"]
    assert keys(f'{room}{EYE}sees = ["vault"]\n') == []
    blind = f'{room}[cabinet.c]\nroom = "vault"\n{EYE}sees = ["c"]\n'
    assert "room.vault.pictures" in keys(blind)


@pytest.mark.parametrize("line", ["picture_s = 2", 'without_picture = "open"'])
def test_waiting_for_pictures_without_requiring_them_is_a_fault(line: str) -> None:
    assert keys(small("room.vault", line) + EYE) == [f"room.vault.{line.split(maxsplit=1)[0]}"]


def test_a_recorder_without_a_camera_is_a_fault() -> None:
    assert keys(f"{SMALL}[recorder]\nring_mb = 64\n") == ["recorder.ring_mb"]


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("ring_mb = 501", ["recorder.ring_mb"]),
        ("ring_mb = 500", []),
        ("memory_mb = 200", ["recorder.memory_mb"]),
        ("memory_mb = 200\nring_mb = 200", ["recorder.ring_mb"]),
        ("memory_mb = 200\nring_mb = 100", []),
        ("memory_mb = 10\nring_mb = 4000", ["recorder.memory_mb"]),
    ],
)
def test_the_rings_leave_the_recorder_the_memory_that_it_needs_itself(lines: str, wrong: list[str]) -> None:
    assert keys(f"{SMALL}{EYE}[recorder]\n{lines}\n") == wrong


def test_there_are_at_most_sixteen_cameras() -> None:
    many = "".join(f'[camera.e{n}]\nurl = "rtsp://192.0.2.1/{n}"\n' for n in range(17))
    assert keys(SMALL + many) == ["camera.e16"]


@pytest.mark.parametrize("file", [SAMPLE, builtin("example"), builtin("passage")], ids=lambda file: file.stem)
def test_what_a_site_file_says_of_its_cameras_can_be_told_to_the_recorder(file: Path) -> None:
    eyes = config.load(file).eyes
    assert eyes is not None
    assert set(eyes.cameras) == set(config.load(file).plan.cameras)
    assert spelled(eyes)


def test_the_recorder_is_told_where_a_camera_looks_and_where_it_must_not() -> None:
    told = loads(f'{SMALL}{EYE}masks = ["0,0,10,20"]\nclock_areas = ["1,2,3,4"]\nwatches = "vault"\n').eyes
    assert told is not None
    eye = told.cameras["eye"]
    assert (eye.masks, eye.clock, eye.watches) == (((0, 0, 10, 20),), ((1, 2, 3, 4),), "vault")


def test_a_site_without_cameras_tells_no_recorder_anything() -> None:
    assert loads(SMALL).eyes is None


@pytest.mark.parametrize("scheme", ["rtsps", "https"])
def test_a_camera_whose_certificate_nobody_checks_is_refused_with_what_helps(scheme: str) -> None:
    (fault,) = faults(f'{SMALL}[camera.eye]\nurl = "{scheme}://192.0.2.1/x"\n')
    assert fault.key == "camera.eye.url"
    assert "network of their own" in fault.remedy


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://192.0.2.1/mjpeg?user=admin&password=x", "holds a password"),
        ("http://192.0.2.1/mjpeg?Token=4f", "holds a password"),
        ("rtsp://192.0.2.1:99999/x", "no address"),
        ("rtsp://192.0.2.1:0/x", "no address"),
    ],
)
def test_an_address_with_a_password_behind_a_question_mark_or_an_impossible_port_is_refused(
    url: str, says: str
) -> None:
    (fault,) = faults(f'{SMALL}[camera.eye]\nurl = "{url}"\n')
    assert (fault.key, says in fault.problem) == ("camera.eye.url", True)
