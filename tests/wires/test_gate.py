"""The gate of a running controller: who reaches it, how many, and who is answered when."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from controller.clock import RoomClock
from controller.core.effects import Answer
from controller.gate import MOST_PEERS, Gate, told
from controller.gate_client import GateClient
from controller.inbox import Inbox
from tests.wires.gate_peers import heard, line_of
from tests.wires.wired import LONG, Wired

MINE = frozenset({os.geteuid()})


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with Wired(tmp_path_factory.mktemp("gate")) as room:
        yield room.founded()


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[Gate]:
    """A gate behind which nobody handles anything."""
    gate = Gate(tmp_path / "gate.sock", Inbox(RoomClock()), frozenset({os.geteuid() + 1}))
    gate.start()
    yield gate
    gate.stop()


def test_nobody_but_its_owner_can_reach_the_socket(room: Wired) -> None:
    gate = (room.bench.data / "gate.sock").stat()
    assert stat.S_ISSOCK(gate.st_mode)
    assert stat.S_IMODE(gate.st_mode) == 0o600
    assert stat.S_IMODE(room.bench.data.stat().st_mode) == 0o700


def test_a_peer_of_another_user_is_hung_up_on_before_it_is_heard(deaf: Gate, tmp_path: Path) -> None:
    with (
        GateClient(tmp_path / "gate.sock", LONG) as stranger,
        pytest.raises((ConnectionResetError, BrokenPipeError)),
    ):
        stranger.look()


def test_a_gate_can_be_made_and_reached_in_a_folder_with_a_long_name(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    gate = Gate(folder / "gate.sock", Inbox(RoomClock()), MINE)
    gate.start()
    with GateClient(folder / "gate.sock", LONG) as client:
        assert client.tell({"look": "everything"})["refused"] == "not_understood"
        lived = client.alive
        gate.stop()
        assert (lived, client.alive) == (True, False)
    assert not (folder / "gate.sock").exists()


def test_duress_is_shown_to_the_controllers_own_user_alone(deaf: Gate) -> None:
    assert deaf._answer(b'{"look": "sealed"}', os.geteuid() + 1)["refused"] == "not_allowed"


def test_duress_does_not_show_in_the_open_view(room: Wired) -> None:
    room.tap("main.in", "B1", "pending")
    before = room.newest
    room.bench.keys("main.in", "4822#")
    room.written("duress", after=before)
    assert "duress" in {alarm["alarm"] for alarm in room.child.look(sealed=True)["alarms"]}
    assert "duress" not in {alarm["alarm"] for alarm in room.child.look()["alarms"]}


def test_there_is_room_for_sixteen_and_for_the_next_when_one_leaves(room: Wired) -> None:
    room.child.stop()  # its own conversation is one of the sixteen, and so may be those of other tests
    room.up()
    peers = [line_of(room) for _ in range(MOST_PEERS - 1)]
    for peer in peers:
        peer.sendall(b'{"look": "room"}\n')
        assert peer.recv(1)
    with line_of(room) as crowded:
        assert heard(crowded) == b""
    for peer in peers:
        peer.close()

    def served() -> bool:
        with line_of(room) as late, late.makefile("rb") as answers:
            try:
                late.sendall(b'{"look": "room"}\n')
                return answers.readline().startswith(b'{"site"')
            except OSError:
                return False

    room.until(served, "room for the next")


def test_an_asking_is_answered_when_it_is_durable(room: Wired) -> None:
    for number in range(20):
        before = room.newest
        note = f"looked at {number}"
        assert room.child.ask("block_badge", "zhao", badge=f"lost {number}")["refused"] == "nothing_to_do"
        assert room.entries("refused", after=before), note


def test_everybody_is_answered_however_many_ask_at_once(room: Wired) -> None:
    def asking(number: int) -> list[str]:
        with GateClient(room.bench.data / "gate.sock", LONG) as client:
            return [client.ask("block_badge", "zhao", badge=f"{number}.{n}")["refused"] for n in range(40)]

    with ThreadPoolExecutor(8) as peers:
        answers = [answer for many in peers.map(asking, range(8)) for answer in many]
    assert answers == ["nothing_to_do"] * 320


def test_an_answer_that_is_a_view_is_told_as_it_is() -> None:
    assert told({"site": "example"}) == {"site": "example"}


def test_whoever_reports_is_answered_by_the_loop_so_that_no_flood_fills_the_inbox(tmp_path: Path) -> None:
    inbox = Inbox(RoomClock())
    gate = Gate(tmp_path / "gate.sock", inbox, MINE)
    gate.start()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer, peer.makefile("rb") as answers:
            peer.settimeout(LONG)
            peer.connect(str(tmp_path / "gate.sock"))
            peer.sendall(b'{"report": {"tag_seen": "copy-7", "place": "c1.a"}}\n' * 2)
            for _ in range(2):
                (item,) = inbox.take(LONG)  # the second only after the answer to the first
                assert item.reply
                item.reply(Answer())
                assert json.loads(answers.readline()) == {"accepted": True}
    finally:
        gate.stop()
