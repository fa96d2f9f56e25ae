"""Looks at evidence beside a running controller: written down before anything is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from controller.evidence_reading import spelled
from controller.gate_client import GateClient
from controller.ledger.verify import verify
from controller.os_users import os_user
from tests.wires.evidence_looks import ME, looks, run
from tests.wires.wired import LONG, Wired


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with Wired(tmp_path_factory.mktemp("evidence")) as room:
        yield room.founded()


def test_beside_a_running_controller_the_look_is_its_entry_and_durable_before_anything_is_shown(
    room: Wired,
) -> None:
    before = len(looks(room.bench.data))
    shown = run("show", "--data", room.bench.data, "--kind", "evidence_read", "--json")
    assert len(shown.stdout.splitlines()) == before
    newest = looks(room.bench.data)[before]
    assert newest == json.loads(
        run("show", "--data", room.bench.data, "--kind", "evidence_read", "--json").stdout.splitlines()[-1]
    )
    assert (newest["who"], newest["what"], newest["clock"]) == ([ME], "show", "trusted")
    assert newest["filter"] == "kind=evidence_read limit=50"
    assert room.child.running


def test_each_look_is_one_entry_and_writing_it_down_is_none(room: Wired) -> None:
    before = len(looks(room.bench.data))
    for _ in range(3):
        assert run("verify", "--data", room.bench.data).exit_code == 0
    assert len(looks(room.bench.data)) == before + 3


def test_the_gate_writes_down_who_is_at_the_other_end_whoever_they_say_they_are(room: Wired) -> None:
    for name in ("os:somebody", "li", ""):
        told = room.child.ask("read_evidence", name, "zhao", what="slip")
        look = looks(room.bench.data)[-1]
        assert (told, look["who"]) == ({"accepted": True, "n": look["n"]}, [ME])


def test_a_log_read_while_its_controller_is_off_is_the_same_log_for_the_next_start(room: Wired) -> None:
    for end in (room.child.stop, room.child.kill):
        end()
        before = room.newest
        assert run("show", "--data", room.bench.data).exit_code == 0
        assert room.entries(after=before)[0]["clock"] == "unconfirmed"
        room.up()
        assert room.entries("started", after=before)
        assert set(room.view["people"]) >= {"li", "wang", "zhao", "chen"}
    assert verify(room.log).entries == room.newest + 1


def test_an_erased_name_is_shown_to_nobody_and_the_log_still_verifies(room: Wired) -> None:
    room.child.ask("enrol", "li", "wang", person="v17", visitor=True, host="li", name="Anna Berg")
    assert "Anna Berg" in run("show", "--data", room.bench.data, "--kind", "enrolled").stdout
    room.child.ask("check_out", "li", visitor="v17")
    assert room.child.ask("erase_person", "li", "wang", person="v17", reason="asked") == {"accepted": True}
    assert "Anna Berg" not in run("show", "--data", room.bench.data, "--limit", "1000").stdout
    assert run("verify", "--data", room.bench.data).exit_code == 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"kind": "granted", "limit": 5, "sealed": False, "who": None}, ("kind=granted limit=5", "")),
        ({"sealed": True}, ("sealed", "")),
        ({"who": "v17", "place": "c1.a"}, ("who=v17 place=c1.a", "")),
        ({"who": "Anna Berg", "kind": "granted"}, ("kind=granted", "who=Anna Berg")),
        ({"words": "李伟"}, ("", "words=李伟")),
        ({"words": "anna", "place": ""}, ("", "words=anna")),
        ({"since": "2026-03-02T09:30:00+08:00"}, ("since=2026-03-02T09:30:00+08:00", "")),
        ({"words": "x" * 600}, ("", "words=" + "x" * 494)),
    ],
)
def test_what_may_be_somebodys_name_is_said_in_words_that_can_be_erased(
    asked: dict[str, Any], told: tuple[str, str]
) -> None:
    assert spelled(**asked) == told


def test_a_user_whom_the_system_does_not_know_is_named_by_number() -> None:
    assert os_user(4_000_000_000) == "os:4000000000"


def test_no_line_at_the_gate_is_news_of_the_log(room: Wired) -> None:
    with GateClient(room.bench.data / "gate.sock", LONG) as client:
        for said in ({"report": {"log_key": "x"}}, {"news": "pruned"}, {"ask": "pruned", "by": "li"}):
            assert "refused" in client.tell(said)
    assert not room.entries("pruned")
    assert [entry["vkey"] for entry in room.entries("log_key")] != ["x"]
