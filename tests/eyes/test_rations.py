"""Room on the disk: a camera or a recorder that sends without end uses up its own, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.core.effects import Body
from controller.core.events import DeviceLost
from controller.eyes.rations import BURST_BYTES, BYTES_A_SECOND, Rations
from tests.eyes.eyes_house import House
from tests.eyes.eyes_peer import Peer, again


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each camera has room for one picture."""
    monkeypatch.setattr("controller.eyes.rations.BURST_BYTES", 20_000)
    monkeypatch.setattr("controller.eyes.rations.BYTES_A_SECOND", 0)


def sent(house: House, peer: Peer, number: int, camera: str, *, thumbnail: bool = False) -> Body | str:
    """The picture that was kept of a camera, or why there is none."""
    house.photograph(number, camera=camera)
    order = peer.order()
    if thumbnail:
        peer.answer(order, order.wanted[0], bytes(15_000), thumbnail=True)
    peer.answer(order, order.wanted[0], bytes(15_000))
    told = house.became(number)
    return str(told.missing[0]["why"]) if told.missing else dict(told.pictures[0])


@pytest.mark.usefixtures("narrow")
def test_a_camera_that_floods_gets_no_room_and_every_other_camera_has_its_own(tmp_path: Path) -> None:
    with House(tmp_path) as house, Peer(house) as peer:
        peer.well(house)
        house.seal("room:vault")
        assert "sha256" in sent(house, peer, 900, "door")
        assert [sent(house, peer, 901 + more, "door") for more in range(5)] == 5 * ["no_room"]
        assert "sha256" in sent(house, peer, 910, "room")
        assert len(house.pictures) == 2
        assert house.eyes.health()["recorder"]["state"] == "well"
        assert not [one for one in house.heard if isinstance(one, DeviceLost)]


@pytest.mark.usefixtures("narrow")
def test_thumbnails_take_room_too(tmp_path: Path) -> None:
    with House(tmp_path) as house, Peer(house) as peer:
        peer.well(house)
        house.seal("room:vault")
        assert sent(house, peer, 900, "door", thumbnail=True) == "no_room"
        assert house.pictures == []


@pytest.mark.usefixtures("narrow")
def test_a_recorder_that_comes_again_gets_no_new_room(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        with Peer(house) as peer:
            peer.well(house)
            house.seal("room:vault")
            sent(house, peer, 900, "door")
        house.told(DeviceLost)
        assert again(house, lambda peer: sent(house, peer, 901, "door")) == "no_room"


def test_every_camera_has_a_burst_and_then_8_6_gb_a_day() -> None:
    rations = Rations(["door", "room"])
    assert rations.take("door", BURST_BYTES)
    assert not rations.take("door", BURST_BYTES // 10)
    assert rations.take("room", BURST_BYTES)
    assert 8_000_000_000 < 86_400 * BYTES_A_SECOND < 9_000_000_000


def test_what_was_not_kept_after_all_takes_no_room() -> None:
    rations = Rations(["door"])
    for _ in range(5):
        assert rations.take("door", BURST_BYTES)
        rations.give("door", BURST_BYTES)


def test_a_camera_of_no_site_has_no_room() -> None:
    assert not Rations(["door"]).take("treasury", 1)
