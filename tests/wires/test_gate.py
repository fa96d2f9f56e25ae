"""The gate of a running controller, attacked: strangers, babble, floods, and wishes of strange shapes."""

from __future__ import annotations

import json
import os
import random
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from controller.clock import RoomClock
from controller.core.askings import ASKINGS
from controller.core.effects import Answer
from controller.gate import MOST_PEERS, Gate, told
from controller.gate_client import GateClient
from controller.gate_lines import LONGEST_ASKING, LONGEST_LINE, BadLineError, parsed
from controller.inbox import Inbox
from controller.ledger.verify import verify
from tests.wires.wired import LONG, Wired

MINE = frozenset({os.geteuid()})
LINES = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b'"ask"',
    b"7",
    b"\xff\xfe",
    b'{"ask": "lockdown"',
    b'{"ask": "lockdown"} {"ask": "lockdown"}',
    b'{"ask": "lockdown", "ask": "found"}',
    b'{"ask": "lockdown", "fields": {"a": 1, "a": 2}}',
    b'{"ask": "lockdown", "extra": 1}',
    b'{"ask": ["lockdown"]}',
    b'{"ask": "lockdown", "by": 7}',
    b'{"ask": "lockdown", "fields": []}',
    b'{"ask": "lockdown", "by": "' + b"x" * 201 + b'"}',
    b'{"ask": "lockdown", "by": "\\ud800"}',
    b'{"ask": "lockdown", "fields": {"reason": "\\udfff"}}',
    b'{"ask": "lockdown", "fields": {"\\ud800": 1}}',
    b'{"ask": "lockdown", "fields": {"n": NaN}}',
    b'{"ask": "lockdown", "fields": {"n": Infinity}}',
    b'{"ask": "lockdown", "fields": {"n": 1e999}}',
    b'{"ask": "lockdown", "fields": {"n": 9007199254740992}}',
    b'{"ask": "lockdown", "fields": {"n": ' + b"9" * 5000 + b"}}",
    b'{"ask": "lockdown", "fields": {"deep": ' + b"[" * 9 + b"]" * 9 + b"}}",
    b"[" * 30_000,
    b'{"a":' * 10_000,
    b'{"ask": "lockdown", "fields": {"reason": "' + b"x" * LONGEST_ASKING + b'"}}',
    b'{"look": "everything"}',
    b'{"look": ["room"]}',
    b'{"look": "room", "by": "li"}',
    b'{"report": "door"}',
    b'{"report": {"camera": "door", "condition": "well"}}',
    b'{"report": {"camera": "door", "condition": "lost", "more": "x"}}',
    b'{"report": {"tag_seen": "copy-7"}}',
    b'{"report": {"tag_seen": 7, "place": "c1.a"}}',
    b'{"report": {"camera": "", "condition": "covered"}}',
    b'{"report": {"tag_gone": "", "place": "c1.a"}}',
    b'{"report": {"tag_seen": "copy-7", "place": ""}}',
]


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


def line_of(room: Wired) -> socket.socket:
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.settimeout(LONG)
    peer.connect(str(room.bench.data / "gate.sock"))
    return peer


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


@pytest.mark.parametrize("line", LINES, ids=lambda line: ascii(line[:50]))
def test_what_is_no_asking_is_refused_with_a_sentence(line: bytes, room: Wired) -> None:
    before = room.newest
    with line_of(room) as peer, peer.makefile("rb") as answers:
        peer.sendall(line + b"\n")
        answer = json.loads(answers.readline())
        assert answer["refused"] == "not_understood"
        assert answer["need"]
        peer.sendall(b'{"look": "room"}\n')
        assert json.loads(answers.readline())["site"] == "example"
    assert room.newest == before


def test_a_line_without_an_end_is_cut_off_and_costs_nobody_else_anything(room: Wired) -> None:
    with line_of(room) as babbler, line_of(room) as vanishing:
        vanishing.sendall(b'{"ask": "lockdo')
        vanishing.close()
        with suppress(BrokenPipeError):
            babbler.sendall(b"x" * (LONGEST_LINE + 1))
        assert not heard(babbler)
    assert room.child.look()["site"] == "example"


def heard(peer: socket.socket) -> bytes:
    """What a peer hears next; nothing when the gate has hung up, in whichever way."""
    try:
        return peer.recv(1)
    except ConnectionResetError:
        return b""


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


def strange(dice: random.Random, deep: int = 3) -> Any:
    """A JSON value as a confused or hostile console may send it."""
    simple = [
        None,
        True,
        False,
        0,
        -1,
        2**53 - 1,
        -(2**53) + 1,
        0.5,
        -1e300,
        "",
        "li",
        "main",
        "c1.a",
        "vault",
    ]
    texts = [
        "\x00",
        "\x7f",
        "\u202e",
        "\U0001d518" * dice.randrange(40),
        "x" * dice.randrange(9000),
        "2026-13-41",
        "09:00",
    ]
    if deep and dice.random() < 0.4:
        many = range(dice.choice([0, 1, 2, 40]))
        if dice.random() < 0.5:
            return [strange(dice, deep - 1) for _ in many]
        return {str(strange(dice, 0))[:20] + str(n): strange(dice, deep - 1) for n in many}
    return dice.choice([*simple, *texts])


KEYS = [
    *(
        "person",
        "name",
        "department",
        "posts",
        "badges",
        "badge",
        "pin",
        "doors",
        "compartments",
        "valid_from",
    ),
    *("valid_until", "pledge_until", "pledged", "excluded_with", "hours", "visitor", "host", "compartment"),
    *(
        "cabinet",
        "room",
        "inside",
        "alarm",
        "place",
        "reason",
        "door",
        "minutes",
        "digest",
        "carrier",
        "state",
    ),
    *("at", "holder", "people", "what", "note", "kind"),
]


def wish(dice: random.Random) -> bytes:
    """A well-formed line with strange content."""
    people = ["li", "wang", "zhao", "chen", "nobody", ""]
    fields = {key: strange(dice) for key in dice.sample(KEYS, dice.randrange(6))}
    asked = dice.choice([*ASKINGS, "open_sesame"])
    said = {"ask": asked, "by": dice.choice(people), "second": dice.choice(people), "fields": fields}
    if dice.random() < 0.05:
        said = {"report": {"tag_seen": "x" * dice.randrange(201), "place": dice.choice(["c1.a", "moon"])}}
    return json.dumps(said, ensure_ascii=dice.random() < 0.5).encode(errors="replace")


def bent(dice: random.Random) -> bytes:
    """A line with a few bytes wrong."""
    line = bytearray(wish(dice))
    for _ in range(dice.randrange(1, 6)):
        line[dice.randrange(len(line))] = dice.randrange(256)
    return bytes(line).replace(b"\n", b" ")


def test_no_line_however_strange_ends_or_bloats_the_controller(room: Wired) -> None:
    def attack(seed: int) -> int:
        dice = random.Random(seed)  # noqa: S311 - the same dice every time
        answered = 0
        with line_of(room) as peer, peer.makefile("rb") as answers:
            for number in range(250):
                peer.sendall((bent if number % 3 == 0 else wish)(dice)[: LONGEST_LINE - 1] + b"\n")
                assert {"accepted", "refused"} & set(json.loads(answers.readline()))
                answered += 1
        return answered

    pid = room.child.pid
    attack(0)
    before = resident_kb(pid)
    with ThreadPoolExecutor(6) as peers:
        assert sum(peers.map(attack, range(1, 7))) == 1500
    assert room.child.look()["site"] == "example"
    assert room.child.pid == pid
    assert room.child.running
    assert not room.bench.lock("main")
    assert resident_kb(pid) - before < 60_000
    assert verify(room.log).entries > 100


def resident_kb(pid: int) -> int:
    """Memory of a process, in kB (proc(5), VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])


def test_parsing_gives_an_asking_or_a_sentence_for_any_bytes() -> None:
    dice = random.Random(7)  # noqa: S311 - the same dice every time
    lines = [dice.randbytes(dice.randrange(60)) for _ in range(2000)]
    lines += [(bent if number % 2 else wish)(dice) for number in range(2000)]
    said = [sentence(line) for line in lines]
    assert 500 < said.count("") < 2500


def sentence(line: bytes) -> str:
    """What is said to a line; nothing when it is understood."""
    try:
        parsed(line)
    except BadLineError as error:
        return str(error)
    return ""


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
