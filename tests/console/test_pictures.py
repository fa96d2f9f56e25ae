"""Pictures at the console: opened by the controller, each look written down before."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator

import pytest

from controller.config import loads
from controller.ledger.custody_log import CustodyLog
from controller.ledger.key_places import keys_of
from tests.console.house import SITE, House, Told
from tests.pictures.album import draft, jpeg, snapshot, take

SHOT = 7


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in whose log stand pictures of li and wang."""
    with House(tmp_path_factory.mktemp("pictures")) as house:
        house.founded("zhao", "chen", "li", "wang")
        house.child.stop()
        chosen = loads(SITE, "house.toml").log
        keys = keys_of(house.data, chosen.key)
        with CustodyLog.open(house.data / "custody.db", origin=chosen.origin, keys=keys) as log:
            snapshot(log, SHOT, "li", "wang")
            take(log, SHOT, "now", "li", "wang", lacks="vault")
            log.append([draft(log, "evidence_read", who=["wang"], what="live", filter="room=vault")])
            snapshot(log, SHOT + 1, "li", why="evidence_read")
            take(log, SHOT + 1, "now", "li", why="evidence_read")
            snapshot(log, SHOT + 2, "li")
            take(log, SHOT + 2, "now", "li")
        house.child.start()
        yield house


@pytest.fixture
def since(house: House) -> int:
    return house.newest


def shown(house: House, person: str, camera: str, size: str = "picture", n: int = -1) -> Told:
    shot = n if n >= 0 else house.entries("snapshot")[0]["n"]
    return house.as_(person, "picture", shot_n=shot, camera=camera, moment=-2000, size=size)


def test_a_picture_is_shown_whole_and_each_look_is_an_entry(house: House, since: int) -> None:
    house.sign_in("li")
    for _ in range(2):
        told = shown(house, "li", "door")
        assert b64decode(told["jpeg"]) == jpeg("door", -2000)
        assert told["caption"].startswith("vault, ")
    looks = house.entries("evidence_read", after=since)
    assert [(e["who"], e["what"]) for e in looks] == [(["li"], "picture")] * 2


def test_thumbnails_of_the_feed_are_one_look_a_session(house: House, since: int) -> None:
    house.sign_in("li")
    for _ in range(3):
        assert b64decode(shown(house, "li", "door", "thumbnail")["jpeg"]) == jpeg("door", -2000, small=True)
    assert [e["what"] for e in house.entries("evidence_read", after=since)] == ["feed"]
    house.sign_in("zhao")
    assert "jpeg" in shown(house, "zhao", "door", "thumbnail")
    assert len(house.entries("evidence_read", after=since)) == 2


def test_b33b_whoever_had_the_room_pictured_sees_that_and_nothing_else(house: House) -> None:
    """A custodian on duty approves an opening from afar; other pictures of the room are not theirs to see."""
    house.sign_in("wang")
    first, own, just_after = (entry["n"] for entry in house.entries("snapshot"))
    for other in (first, just_after):
        assert shown(house, "wang", "door", n=other)["refused"] == "not_allowed"
    assert b64decode(shown(house, "wang", "door", n=own)["jpeg"]) == jpeg("door", -2000)


def test_what_is_not_there_is_no_picture(house: House) -> None:
    house.sign_in("li")
    assert shown(house, "li", "vault")["refused"] == "no_picture"
    assert shown(house, "li", "door", n=0)["refused"] == "no_picture"
    assert shown(house, "li", "door", n=999_999)["refused"] == "no_picture"
    assert shown(house, "li", "door", "poster")["refused"] == "not_understood"
