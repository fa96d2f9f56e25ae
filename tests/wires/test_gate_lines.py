"""Lines at the gate that are no asking: each is refused with a sentence, and nothing happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest

from controller.gate_lines import LONGEST_ASKING, LONGEST_LINE
from tests.wires.gate_peers import heard, line_of
from tests.wires.wired import Wired

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
