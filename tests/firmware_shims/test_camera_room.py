"""The drawn room: what moves in it, what it looks like through a lens, and its clock."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from firmware_shims.cameras.clock import read_clock
from firmware_shims.cameras.eye import OPTICAL, Eye, encoded
from firmware_shims.cameras.layout import SPOTS, VIEWS, Layout
from firmware_shims.cameras.scene import MOVE_S, Scene

SIZE = (640, 360)
Picture = npt.NDArray[np.uint8]


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def on(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def scene(hands: Hands) -> Scene:
    return Scene(Layout(("main", "outer")), hands)


@pytest.fixture(scope="module")
def eyes() -> dict[str, Eye]:
    still = Scene(Layout(("main", "outer")), Hands())
    return {view: Eye(still, view, SIZE, label=view) for view in VIEWS}


def changed(before: Picture, after: Picture) -> Picture:
    """Where two pictures differ, as 0 or 1 a pixel."""
    return np.asarray(cv2.absdiff(before, after).max(axis=2) > 12, dtype=np.uint8)


def seen(eye: Eye, scene: Scene, hands: Hands) -> Picture:
    return eye.drawn(scene.at(hands.now))


@pytest.mark.parametrize("thing", ["main", "outer", "north", "c1.a", "c1.d"])
def test_what_opens_changes_the_picture_there_and_shut_again_it_is_as_before(
    thing: str, scene: Scene, hands: Hands, eyes: dict[str, Eye]
) -> None:
    before = seen(eyes["room"], scene, hands)
    scene.opens(thing)
    hands.on(MOVE_S)
    share = float(changed(before, seen(eyes["room"], scene, hands)).mean())
    assert 0.003 < share < 0.15
    scene.shuts(thing)
    hands.on(MOVE_S)
    assert np.array_equal(before, seen(eyes["room"], scene, hands))


def test_a_door_takes_its_time_to_open(scene: Scene, hands: Hands) -> None:
    scene.opens("main")
    assert scene.at(hands.now).opened == ()
    hands.on(MOVE_S / 2)
    assert scene.at(hands.now).opened == (("main", 0.5),)
    hands.on(MOVE_S)
    assert scene.at(hands.now).opened == (("main", 1.0),)


@pytest.mark.parametrize("spot", ["door", "middle", "table", "window"])
def test_a_person_is_where_they_stand_and_nowhere_else(
    spot: str, scene: Scene, hands: Hands, eyes: dict[str, Eye]
) -> None:
    eye = eyes["room"]
    before = seen(eye, scene, hands)
    scene.stands("li", spot)
    there = changed(before, seen(eye, scene, hands))
    x, z = SPOTS[spot]
    points = eye._camera("").seen([(x, 0.0, z), (x, 1.74, z)])
    assert points is not None
    left, right = points[:, 0].min() - 80, points[:, 0].max() + 80
    assert there.mean() > 0.005
    assert there.sum() == there[:, max(0, int(left)) : int(right)].sum()
    scene.gone("li")
    assert np.array_equal(before, seen(eye, scene, hands))


def test_two_people_wear_different_clothes_and_one_always_the_same(
    scene: Scene, hands: Hands, eyes: dict[str, Eye]
) -> None:
    pictures = []
    for name in ("li", "wang", "li"):
        scene.empty()
        scene.stands(name, "middle")
        pictures.append(seen(eyes["room"], scene, hands))
    assert changed(pictures[0], pictures[1]).mean() > 0.003
    assert np.array_equal(pictures[0], pictures[2])


def test_somebody_walks_in_through_the_door_and_out_again(scene: Scene, hands: Hands) -> None:
    takes = scene.enters("li", "main", "table")
    places = []
    for _ in range(10):
        places.append(scene.people["li"])
        hands.on(takes / 10)
    assert places[0][1] > 5.0
    assert len(set(places)) == 10
    hands.on(0.01)
    assert scene.people["li"] == SPOTS["table"]
    hands.on(scene.leaves("li", "main") + 0.01)
    assert scene.people == {}


def test_behind_a_shut_door_nobody_is_seen_and_through_an_open_one_they_are(
    scene: Scene, hands: Hands, eyes: dict[str, Eye]
) -> None:
    shut = seen(eyes["door"], scene, hands)
    scene.stands("li", (1.6, 5.8))
    assert np.array_equal(shut, seen(eyes["door"], scene, hands))
    scene.opens("main")
    hands.on(MOVE_S)
    somebody = seen(eyes["door"], scene, hands)
    scene.gone("li")
    share = changed(somebody, seen(eyes["door"], scene, hands)).mean()
    assert 0.005 < share < 0.1


def test_who_is_not_there_cannot_walk_and_what_is_not_there_cannot_open(scene: Scene) -> None:
    with pytest.raises(ValueError, match="nobody called li"):
        scene.walks("li", "table")
    with pytest.raises(ValueError, match=r"nothing called c9.a .* main"):
        scene.opens("c9.a")
    with pytest.raises(ValueError, match="no door called side"):
        scene.enters("li", "side")
    with pytest.raises(ValueError, match="no place bar; there is door"):
        scene.stands("li", "bar")


def test_a_dark_room_is_still_the_same_room(scene: Scene, hands: Hands, eyes: dict[str, Eye]) -> None:
    lit = seen(eyes["room"], scene, hands)
    scene.lit(0.08)
    hands.on(MOVE_S)
    dark = seen(eyes["room"], scene, hands)
    assert dark.mean() < 0.12 * lit.mean()
    likeness = np.corrcoef(lit.ravel().astype(float), dark.ravel().astype(float))[0, 1]
    assert likeness > 0.95


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_has_detail_enough_for_a_detector(view: str, eyes: dict[str, Eye]) -> None:
    grey = cv2.cvtColor(eyes[view].drawn(eyes[view].scene.at(1000.0)), cv2.COLOR_BGR2GRAY)
    blocks = grey[:320, :].reshape(4, 80, 8, 80).astype(float).std(axis=(1, 3))
    assert blocks.min() > 1.5
    assert 50 < grey.mean() < 180


def test_live_frames_differ_though_nothing_moves(eyes: dict[str, Eye]) -> None:
    eye = eyes["room"]
    eye.clock = False
    frames = {encoded(eye.picture(1000.0)) for _ in range(8)}
    eye.clock = True
    assert len(frames) == 8


@pytest.mark.parametrize("lens", OPTICAL)
def test_a_lens_spoils_the_picture_and_leaves_the_clock(lens: str, eyes: dict[str, Eye]) -> None:
    eye = eyes["room"]
    good = eye.picture(1234.0)
    eye.lens = lens
    bad = eye.picture(1235.0)
    eye.lens = ""
    assert read_clock(bad) == 1235.0
    assert cv2.absdiff(good, bad)[20:].mean() > 8 or lens == "defocused"
    sharp, soft = (cv2.Laplacian(p[20:], cv2.CV_64F).var() for p in (good, bad))
    assert lens in {"moved", "rotated"} or soft < sharp / 3
    assert cv2.absdiff(good, eye.picture(1234.0))[20:].mean() < 5


@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (320, 180)])
@pytest.mark.parametrize("quality", [90, 75, 20])
def test_the_clock_is_read_to_the_millisecond_through_a_lossy_codec(
    size: tuple[int, int], quality: int
) -> None:
    eye = Eye(Scene(), "door", size)
    for moment in (0.001, 1234.567, 1_099_511_627.775):
        jpeg = np.frombuffer(encoded(eye.picture(moment), quality), dtype=np.uint8)
        for mode in (cv2.IMREAD_COLOR, cv2.IMREAD_GRAYSCALE):
            picture = cv2.imdecode(jpeg, mode)
            assert picture is not None
            assert read_clock(np.asarray(picture, dtype=np.uint8)) == moment


def test_without_a_clock_or_with_a_smudged_one_no_time_is_read(eyes: dict[str, Eye]) -> None:
    eye = eyes["room"]
    assert read_clock(eye.picture(1000.0, clock=False)) is None
    smudged = eye.picture(1000.0)
    smudged[0:6, 60:66] = 255 - smudged[0:6, 60:66]
    assert read_clock(smudged) is None
    assert read_clock(np.zeros((10, 640, 3), dtype=np.uint8)) is None
