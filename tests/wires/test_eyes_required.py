"""Rooms that require pictures, with a real recorder: first the picture, then the bolt; and without any?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wires.watched import Watched
from tests.wires.wired import LONG

RULE = 'pictures = "required"\npicture_s = 5\nwithout_picture = "{}"'
DOORS = {"strict": RULE.format("refuse"), "lenient": RULE.format("open")}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One room that stays shut without a picture, and one that opens with an alarm."""
    with Watched(tmp_path_factory.mktemp("required"), ("hall",), DOORS, (2,)) as house:
        yield house.looking()


@pytest.mark.parametrize("door", list(DOORS))
def test_the_bolt_moves_when_the_pictures_are_on_disk_and_in_the_log(house: Watched, door: str) -> None:
    known: list[list[str]] = []
    strike, before = house.bench.field.relays[door].bcm, house.newest

    def moved(pin: int, on: bool) -> None:
        if pin == strike and on:
            known.append([entry["kind"] for entry in house.entries(after=before)])

    house.bench.field.board.listeners.append(moved)
    house.badge(door)
    assert house.bench.field.wait(door, energised=True, timeout=LONG)
    house.until(lambda: bool(known), "a bolt that moves")
    house.bench.field.board.listeners.remove(moved)
    granted, pictured = known[0].index("granted"), known[0].index("grant_pictured")
    assert granted < known[0].index("pictures_taken") < pictured
    (entry,) = [one for one in house.entries("pictures_taken", after=before) if one["part"] == "now"]
    for one in entry["pictures"]:
        assert (house.bench.data / "pictures" / one["sha256"]).stat().st_size == one["size"]
    house.bolted(door)


def test_with_no_camera_believed_one_room_stays_shut_and_another_opens_with_an_alarm(house: Watched) -> None:
    house.cameras.tell("fault", camera="hall", fault="lost")
    house.until(lambda: house.condition("hall") == "lost", "a camera that is lost")
    before = house.newest
    house.badge("strict")
    house.until(lambda: bool(_refusals(house, before)), "a refusal")
    assert _refusals(house, before) == ["strict.in"]
    assert not house.bench.lock("strict")
    assert not house.entries("grant_pictured", "unpictured_opening", after=before)
    house.walk()
    before = house.newest
    house.badge("lenient")
    assert house.bench.field.wait("lenient", energised=True, timeout=LONG)
    assert house.entries("unpictured_opening", after=before)
    assert [e["alarm"] for e in house.written("alarm_raised", after=before)] == ["no_picture"]


def _refusals(house: Watched, after: int) -> list[str]:
    refused = house.entries("refused", after=after)
    return [str(entry["reader"]) for entry in refused if entry.get("reason") == "not_pictured"]
