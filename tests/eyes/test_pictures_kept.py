"""Pictures of an event come onto the disk, and an Entry names them: the files first."""

from __future__ import annotations

import stat
from datetime import datetime
from errno import EIO
from hashlib import sha256
from pathlib import Path

import pytest

from controller.core.effects import Snapshot, Wanted
from controller.core.eye_events import PicturesTaken
from controller.ledger.reading import LogReader
from recorder.seal import opened, seal
from tests.core.plans import START
from tests.eyes.eyes_house import House
from tests.eyes.eyes_peer import Peer, jpeg

COUNTED = {"seen": 20, "missed": 1, "gap_ms": 130}


def test_every_picture_of_an_event_lies_under_its_digest_before_the_entry_names_it(
    house: House, peer: Peer
) -> None:
    house.alarm()
    order = peer.order()
    peer.whole(order, "now")
    (entry,) = house.written("pictures_taken")
    assert [one["thumbnail"] for one in entry["pictures"]] == [False] * 4 + [True] * 4
    for one in entry["pictures"]:
        octets = (house.data / "pictures" / one["sha256"]).read_bytes()
        assert (sha256(octets).hexdigest(), len(octets)) == (one["sha256"], one["size"])
    assert entry["missing"] == []
    assert entry["frames"] == {"door": COUNTED, "room": COUNTED}
    assert entry["shot"] == order.shot


def test_before_and_after_are_two_entries_each_with_its_own_moments(house: House, peer: Peer) -> None:
    house.alarm()
    order = peer.order()
    peer.whole(order, "after")
    peer.whole(order, "now")
    entries = house.written("pictures_taken", 2)
    later = {entry["part"]: {one["moment"] > 0 for one in entry["pictures"]} for entry in entries}
    assert later == {"now": {False}, "after": {True}}


def test_a_picture_opens_with_the_keys_of_all_whom_its_entry_seals(house: House, peer: Peer) -> None:
    house.alarm()
    order = peer.order()
    sealed = peer.answer(order, order.wanted[0], b"the evidence")
    (snapshot,) = house.entries("snapshot")
    with LogReader(house.log.file) as reader:
        keys = reader.picture_identities(snapshot["seals"])
    assert len(keys) == len(order.recipients) > 0
    assert opened(sealed, keys).picture == jpeg(order, order.wanted[0], b"the evidence")


def test_the_order_says_what_the_entry_says_and_when_it_was_on_the_clock_of_the_box(
    house: House, peer: Peer
) -> None:
    house.alarm()
    order = peer.order()
    (snapshot,) = house.entries("snapshot")
    assert order.caption.time == snapshot["time"]
    assert (order.caption.place, order.caption.why, order.shot) == ("main.in", "tamper", snapshot["shot"])
    assert order.monotonic == house.clock.monotonic(snapshot["at"])
    assert [(one.camera, one.moment) for one in order.wanted] == [
        (one["camera"], one["moment"]) for one in snapshot["wanted"]
    ]


def test_a_door_that_waits_is_told_in_time_of_what_came_though_a_camera_is_owed(
    house: House, peer: Peer
) -> None:
    event, wanted = house.clock.now(), (Wanted("door", 0), Wanted("room", 0))
    asked = Snapshot("main", "granted", event, 900, wanted, ("room:vault",), patience_ms=1_000)
    house.alarm()  # which makes the key of the room
    peer.order()
    house.eyes.photograph(asked, START)
    order = peer.order()
    assert order.patience_s == 0.5
    peer.answer(order, order.wanted[0])
    assert house.eyes._orders._waiting[900].parts["now"].until < house.clock.monotonic(event) + 1.0
    house.until(lambda: any(isinstance(one, PicturesTaken) and one.shot == 900 for one in house.heard))
    (told,) = [one for one in house.heard if isinstance(one, PicturesTaken) and one.shot == 900]
    assert [one["camera"] for one in told.pictures] == ["door"]
    assert [(one["camera"], one["why"]) for one in told.missing] == [("room", "recorder_silent")]


def test_files_are_private_and_have_the_time_of_their_entry(house: House, peer: Peer) -> None:
    house.alarm()
    peer.whole(peer.order(), "now")
    house.written("pictures_taken")
    (snapshot,) = house.entries("snapshot")
    assert stat.S_IMODE((house.data / "pictures").stat().st_mode) == 0o700
    for file in house.pictures:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_mtime == datetime.fromisoformat(snapshot["time"]).timestamp()


def test_what_the_recorder_could_not_take_is_told_with_its_reason(house: House, peer: Peer) -> None:
    house.alarm()
    order = peer.order()
    peer.nothing(order, order.wanted[0])
    peer.answer(order, order.wanted[0])
    (entry,) = house.written("pictures_taken")
    assert len(entry["pictures"]) == 1
    assert [one["why"] for one in entry["missing"]] == 3 * ["stalled"]


def test_without_any_picture_the_entry_says_no_picture(house: House, peer: Peer) -> None:
    house.alarm()
    order = peer.order()
    peer.nothing(order, why="lost")
    now, after = house.written("no_picture", 2)
    assert (now["reason"], after["reason"]) == ("lost", "lost")
    assert house.pictures == []


def test_pictures_that_do_not_come_are_missing_and_those_that_came_are_kept(house: House, peer: Peer) -> None:
    house.alarm()
    order = peer.order()
    peer.answer(order, order.wanted[0])
    (entry,) = house.written("pictures_taken")
    assert [file.name for file in house.pictures] == [entry["pictures"][0]["sha256"]]
    assert {one["why"] for one in entry["missing"]} == {"recorder_silent"}


def test_a_picture_that_comes_too_late_is_left_out_and_nobody_is_hung_up_for_it(
    house: House, peer: Peer
) -> None:
    house.alarm()
    peer.nothing(peer.order())
    house.photograph(1_000)
    order = peer.order()
    (*_, silent) = house.told(PicturesTaken, 3)
    assert [one["why"] for one in silent.missing] == ["recorder_silent"]
    peer.answer(order, order.wanted[0])
    house.photograph(1_001)
    later = peer.order()
    peer.answer(later, later.wanted[0])
    (*_, told) = house.told(PicturesTaken, 4)
    assert told.shot == 1_001
    assert [file.name for file in house.pictures] == [told.pictures[0]["sha256"]]
    assert house.entries("device_lost") == []


def test_a_thumbnail_without_its_picture_is_taken_away_again(house: House, peer: Peer) -> None:
    house.alarm()
    order = peer.order()
    peer.answer(order, order.wanted[0], thumbnail=True)
    house.until(lambda: len(house.pictures) == 1)
    peer.nothing(order)
    house.written("no_picture", 2)
    assert house.pictures == []


def test_without_a_recorder_every_order_is_answered_at_once(house: House) -> None:
    house.alarm()
    for entry in house.written("no_picture", 2):
        assert entry["reason"] == "recorder_silent"


def test_no_room_that_is_not_the_logs_means_no_picture(house: House, peer: Peer) -> None:
    (house.data / "reserve").unlink()
    house.alarm()
    order = peer.order()
    for one in order.wanted:
        peer.answer(order, one)
    for entry in house.written("no_picture", 2):
        assert entry["reason"] == "no_room"
    assert house.pictures == []


def test_files_whose_names_may_not_be_durable_are_taken_away_and_missing(
    house: House, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Path) -> None:
        raise OSError(EIO, "the disk does not answer")

    monkeypatch.setattr("controller.eyes.picture_store.sync_folder", fails)
    house.alarm()
    order = peer.order()
    peer.whole(order, "now")
    peer.whole(order, "after")
    for entry in house.written("no_picture", 2):
        assert entry["reason"] == "no_room"
    assert house.pictures == []


@pytest.mark.parametrize("name", ["{}", "{}.new"])
def test_nothing_is_written_through_a_link_that_has_the_name_of_a_picture(
    name: str, house: House, peer: Peer, tmp_path: Path
) -> None:
    treasure = tmp_path / "treasure"
    treasure.write_bytes(b"untouched")
    house.alarm()
    order = peer.order()
    sealed = seal(jpeg(order, order.wanted[0]), order.recipients)
    link = house.data / "pictures" / name.format(sha256(sealed).hexdigest())
    link.symlink_to(treasure)
    peer.answer(order, order.wanted[0], sealed=sealed)
    peer.nothing(order, order.wanted[0])
    reasons = [one["why"] for entry in house.written("no_picture", 2) for one in entry["missing"]]
    assert sorted(reasons) == ["no_room", *5 * ["stalled"]]
    assert treasure.read_bytes() == b"untouched"
    assert house.pictures == [link]


def test_after_a_power_cut_half_files_are_gone_and_whole_ones_stay(tmp_path: Path) -> None:
    with House(tmp_path) as house, Peer(house) as peer:
        peer.well(house)
        house.alarm()
        order = peer.order()
        peer.answer(order, order.wanted[0])
        half = house.data / "pictures" / f"{sha256(b'another').hexdigest()}.new"
        half.write_bytes(b"half of it")
        house.until(lambda: any(file.suffix != ".new" for file in house.pictures))
        (whole,) = [file for file in house.pictures if file.suffix != ".new"]
        content = whole.read_bytes()
    with House(tmp_path) as house:
        assert house.pictures == [whole]
        assert whole.read_bytes() == content
        reasons = {entry["reason"] for entry in house.written("no_picture", 2)}
        assert reasons == {"interrupted"}
