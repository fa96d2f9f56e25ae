"""Pictures at the desk: small ones for lines, large ones one by one, each in the controller's books."""

from __future__ import annotations

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.conftest import Console
from tests.web.desk_scene import Scene
from tests.web.peer import Peer


@pytest.fixture
def scene(peer: Peer, log: CustodyLog) -> Scene:
    return Scene(peer, log)


@pytest.mark.parametrize(("path", "size"), [("", "thumbnail"), ("/large", "picture")])
def test_a_picture_is_a_jpeg_that_nobody_between_keeps(
    console: Console, scene: Scene, path: str, size: str
) -> None:
    answer = console.get(f"/now/picture/12/door/-2000{path}")
    assert answer.data == scene.jpeg
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    asked = scene.peer.said("picture")[-1]
    assert (asked["shot_n"], asked["camera"], asked["moment"], asked["size"]) == (12, "door", -2000, size)


@pytest.mark.parametrize("moment", ["x", "9999999", "-1e9", "%20"])
def test_a_moment_that_is_none_is_asked_of_nobody(console: Console, scene: Scene, moment: str) -> None:
    assert console.get(f"/now/picture/12/door/{moment}").status_code == 404
    assert scene.peer.said("picture") == []


def test_a_picture_that_is_gone_or_not_for_this_person_is_404(console: Console, scene: Scene) -> None:
    scene.peer.answers["picture"] = {"refused": "no_picture", "need": "a picture"}
    assert console.get("/now/picture/12/door/0").status_code == 404


def test_showing_lines_opens_no_large_picture(console: Console, scene: Scene) -> None:
    scene.force()
    shown = console.get("/now").text
    assert 'data-large="/now/picture/' in shown
    assert 'width="64" height="40"' in shown
    assert scene.peer.said("picture") == []


def test_a_picture_is_there_without_scripts_too(console: Console, scene: Scene) -> None:
    shown = console.get("/now/look/12/door/0").text
    assert 'src="/now/picture/12/door/0/large"' in shown
    assert "This look is written down" in shown
