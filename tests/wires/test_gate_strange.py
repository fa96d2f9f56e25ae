"""Strange wishes and bent lines at the gate: the controller answers, does not grow, and does not end."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from controller.core.askings import ASKINGS
from controller.gate_lines import LONGEST_LINE, BadLineError, parsed
from controller.ledger.verify import verify
from tests.wires.gate_peers import line_of
from tests.wires.wired import Wired


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with Wired(tmp_path_factory.mktemp("gate")) as room:
        yield room.founded()


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
