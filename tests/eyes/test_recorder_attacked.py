"""A recorder that was taken over: it can lie about pictures, and do nothing else to the room."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from controller.camera_commands import as_text
from controller.core.events import DeviceBack, DeviceLost
from controller.eyes.eyes import SOCKET, Place
from controller.eyes.reception import LONGEST_S, SHORTEST_S, Reception
from controller.gate_client import short
from recorder.messages import (
    CONDITIONS,
    Condition,
    FramesSeen,
    Health,
    Hello,
    NoPicture,
    RoomLooks,
    Wanted,
    spelled,
)
from recorder.messages import Snapshot as Order
from recorder.seal import seal
from tests.eyes.eyes_house import LONG, House
from tests.eyes.eyes_peer import HEALTH, Peer, again, picture

Attack = Callable[[Peer, Order], None]


def unordered_camera(peer: Peer, order: Order) -> None:
    peer.answer(order, Wanted("treasury", 0))


def unordered_moment(peer: Peer, order: Order) -> None:
    peer.answer(order, Wanted("door", 1))


def another_shot(peer: Peer, order: Order) -> None:
    peer.answer(replace(order, shot=order.shot + 1), order.wanted[0])


def the_same_twice(peer: Peer, order: Order) -> None:
    peer.answer(order, order.wanted[0])
    peer.answer(order, order.wanted[0])


def a_picture_after_there_was_none(peer: Peer, order: Order) -> None:
    peer.nothing(order)
    peer.answer(order, order.wanted[0])


def not_sealed(peer: Peer, order: Order) -> None:
    peer.line.say(picture(order.shot, order.wanted[0], sealed=b"\xff\xd8\xff\xe0 a plain picture"))


def sealed_for_more(peer: Peer, order: Order) -> None:
    sealed = seal(b"a picture", [*order.recipients, order.recipients[0]])
    peer.line.say(picture(order.shot, order.wanted[0], sealed=sealed))


def larger_than_told(peer: Peer, order: Order) -> None:
    peer.answer(order, order.wanted[0], bytes(300_000))


def a_thumbnail_as_large_as_a_film(peer: Peer, order: Order) -> None:
    peer.answer(order, order.wanted[0], bytes(600_000), thumbnail=True)


def frames_of_nothing(peer: Peer, order: Order) -> None:
    peer.line.say(FramesSeen(order.shot + 1, "door", "now", 1, 1, 1))


def no_such_picture(peer: Peer, order: Order) -> None:
    peer.line.say(NoPicture(order.shot, "door", 7, "lost"))


def a_second_hello(peer: Peer, order: Order) -> None:
    del order
    peer.line.say(Hello(1, 1))


def a_gigantic_line(peer: Peer, order: Order) -> None:
    del order
    peer.socket.setblocking(True)
    peer.socket.sendall(b'{"beat":"' + bytes(1 << 20))


def a_gigantic_picture(peer: Peer, order: Order) -> None:
    said = {**json.loads(spelled(picture(order.shot, order.wanted[0], sealed=b"x")).split(b"\n")[0])}
    said["picture"]["size"] = 1 << 40
    peer.socket.setblocking(True)
    peer.socket.sendall(json.dumps(said).encode() + b"\n")


def garbage(peer: Peer, order: Order) -> None:
    del order
    peer.socket.setblocking(True)
    peer.socket.sendall(os.urandom(4096) + b"\n")


def a_flood_of_beats(peer: Peer, order: Order) -> None:
    del order
    for number in range(2_000):
        peer.line.say(Health(number, {"door": HEALTH}, 1.0, 1.0))


def a_flood_of_conditions(peer: Peer, order: Order) -> None:
    del order
    for number in range(2_000):
        peer.line.say(Condition("door", CONDITIONS[number % 4]))


def a_flood_of_looks(peer: Peer, order: Order) -> None:
    del order
    for number in range(2_000):
        peer.line.say(RoomLooks("room", number % 2 == 0))


ATTACKS: tuple[Attack, ...] = (
    *(unordered_camera, unordered_moment, another_shot, the_same_twice, a_picture_after_there_was_none),
    *(not_sealed, sealed_for_more, larger_than_told, a_thumbnail_as_large_as_a_film, frames_of_nothing),
    *(no_such_picture, a_second_hello, a_gigantic_line, a_gigantic_picture, garbage),
    *(a_flood_of_beats, a_flood_of_conditions, a_flood_of_looks),
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_whoever_does_not_keep_to_the_line_is_hung_up_and_told_as_lost_once(
    attack: Attack, house: House, peer: Peer
) -> None:
    house.alarm()
    order = peer.order()
    with suppress(OSError):  # it is hung up in the middle
        attack(peer, order)
    assert peer.gone()
    (lost,) = house.told(DeviceLost)
    assert lost.device == "recorder"
    assert lost.why
    house.until(lambda: not house.loop.site.state.open_shots)
    ends = [
        entry
        for kind in ("pictures_taken", "no_picture")
        for entry in house.entries(kind)
        if entry["shot"] == order.shot
    ]
    assert sorted(entry["part"] for entry in ends) == ["after", "now"]
    assert [file for file in house.pictures if file.suffix] == []
    assert house.loop.site.state.lost == frozenset({"recorder"})


def test_a_flood_of_conditions_leaves_a_bounded_number_of_entries(house: House, peer: Peer) -> None:
    house.alarm()
    with suppress(OSError):
        a_flood_of_conditions(peer, peer.order())
    house.told(DeviceLost)
    seen = house.entries("camera_fault") + house.entries("camera_back")
    assert 0 < len(seen) < 60


def test_whoever_does_not_say_hello_first_is_no_recorder(house: House) -> None:
    with Peer(house) as peer:
        peer.line.say(Health(1, {}, 1.0, 1.0))
        assert peer.gone()
    (lost,) = house.told(DeviceLost)
    assert "hello" in lost.why


def test_a_recorder_that_dies_in_the_middle_of_a_picture_leaves_nothing_of_it(
    house: House, peer: Peer
) -> None:
    house.alarm()
    order = peer.order()
    octets = spelled(picture(order.shot, order.wanted[0], sealed=seal(bytes(50_000), order.recipients)))
    peer.quiet()
    peer.socket.setblocking(True)
    peer.socket.sendall(octets[:-10_000])
    peer.socket.close()
    for entry in house.written("no_picture", 2):
        assert entry["reason"] == "recorder_silent"
    assert house.pictures == []
    house.told(DeviceLost)


def test_pictures_that_came_before_it_died_are_kept_and_named(house: House, peer: Peer) -> None:
    house.alarm()
    order = peer.order()
    peer.answer(order, order.wanted[0])
    house.until(lambda: len(house.pictures) == 1)
    peer.quiet()
    peer.socket.close()
    (entry,) = house.written("pictures_taken")
    assert [one["why"] for one in entry["missing"]] == 3 * ["recorder_silent"]


def test_a_second_recorder_is_closed_while_the_first_one_lives(house: House, peer: Peer) -> None:
    with Peer(house) as second:
        assert second.gone()
    house.photograph(900)
    house.alarm()
    assert peer.order()
    assert house.eyes.health()["recorder"]["state"] == "well"


def test_a_recorder_that_is_silent_is_hung_up_though_its_line_stands(
    house: House, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controller.eyes.link.SILENT_S", 1.0)
    peer.quiet()
    (lost,) = house.told(DeviceLost)
    assert "silent" in lost.why
    assert peer.gone()


def test_one_that_was_hung_up_may_come_again_after_a_pause(house: House, peer: Peer) -> None:
    peer.line.say(Hello(1, 1))
    house.told(DeviceLost)
    again(house, lambda _: None)
    back, lost = house.told(DeviceBack, 2), house.told(DeviceLost, 2)
    assert (len(back), len(lost)) == (2, 2)
    assert [entry["place"] for entry in house.entries("device_back")] == ["recorder"]


def test_each_failure_doubles_the_pause_until_one_stays_well(tmp_path: Path) -> None:
    reception = Reception(tmp_path / "eyes.sock", frozenset({os.geteuid()}), lambda _: True)
    pauses = []
    for _ in range(12):
        pauses.append(reception._pause_s)
        reception.left(0.5)
    assert pauses[:3] == [SHORTEST_S, 2 * SHORTEST_S, 4 * SHORTEST_S]
    assert pauses[-1] == LONGEST_S
    reception.left(3_600.0)
    assert reception._pause_s == 2 * SHORTEST_S
    reception.stop()


def test_another_user_is_not_listened_to(tmp_path: Path) -> None:
    came = Event()

    def welcome(_: socket.socket) -> bool:
        came.set()
        return True

    reception = Reception(tmp_path / "eyes.sock", frozenset({os.geteuid() + 1}), welcome)
    reception.start()
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.settimeout(LONG)
    with short(tmp_path / "eyes.sock") as spelled_path:
        peer.connect(spelled_path)
    assert peer.recv(1) == b""
    peer.close()
    reception.stop()
    assert not came.is_set()
    assert reception.turned_away == (
        f"user {os.geteuid()} came and was turned away: name it with --recorder-user"
    )
    assert not (tmp_path / "eyes.sock").exists()


def test_a_recorder_of_another_user_than_was_named_leaves_a_trace(house: House) -> None:
    house.eyes._reception._uids = frozenset({os.geteuid() + 1})
    with Peer(house) as peer:
        assert peer.gone()
    turned_away = f"user {os.geteuid()} came and was turned away: name it with --recorder-user"
    head = as_text(house.eyes.health())[0]
    assert head == f"recorder: gone (the recorder is not there; {turned_away})"


@pytest.mark.parametrize(("uids", "mode"), [({os.geteuid()}, 0o600), ({os.geteuid(), 12_345}, 0o666)])
def test_the_socket_is_ours_alone_unless_the_recorder_is_another_user(
    uids: set[int], mode: int, tmp_path: Path
) -> None:
    (tmp_path / "eyes.sock").write_text("left by a crash")
    reception = Reception(tmp_path / "eyes.sock", frozenset(uids), lambda _: True)
    assert stat.S_IMODE((tmp_path / "eyes.sock").stat().st_mode) == mode
    reception.stop()


def test_the_recorders_user_and_ours_may_come_in() -> None:
    assert Place(Path(SOCKET)).uids == {os.geteuid()}
    assert Place(Path(SOCKET), 12_345).uids == {os.geteuid(), 12_345}
