"""Looks at evidence, written down before anything is shown: beside a running controller and without one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

from controller import evidence_reading, gate, keys
from controller.clock import RoomClock
from controller.core.effects import Answer
from controller.core.words import Reason
from controller.evidence_reading import record_look, spelled
from controller.gate import Gate
from controller.gate_client import GateClient
from controller.inbox import Inbox
from controller.ledger.commands import log_group
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.sqlite import sqlite3
from controller.ledger.verify import verify
from controller.os_users import os_user
from tests.wires.wired import LONG, Wired

ME = os_user(os.geteuid())
DRAFT = {"at": 7, "time": "2026-03-02T01:00:00.007Z", "clock": "trusted", "policy": "p1", "kind": "granted"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with Wired(tmp_path_factory.mktemp("evidence")) as room:
        yield room.founded()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A log of two entries that no controller keeps."""
    folder = tmp_path / "data"
    with CustodyLog.open(folder / "custody.db") as log:
        log.append([DRAFT, {**DRAFT, "policy": "p2"}])
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(log_group, [str(argument) for argument in arguments], catch_exceptions=False)


def looks(data: Path) -> list[dict[str, Any]]:
    with LogReader(data / "custody.db") as reader:
        return list(reader.entries(kind="evidence_read"))


def refused(result: Result) -> str:
    """What a command said that showed nothing."""
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


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


def test_without_a_controller_the_owner_writes_it_with_the_systems_time_and_room_time_standing_still(
    data: Path,
) -> None:
    assert run("show", "--data", data, "--kind", "granted", "--who", "li").exit_code == 0
    (look,) = looks(data)
    assert (look["n"], look["at"], look["clock"], look["policy"]) == (2, 7, "unconfirmed", "p2")
    assert (look["who"], look["what"], look["filter"]) == ([ME], "show", "kind=granted who=li limit=50")
    assert look["time"] > "2026-03-02T01:00:00.007Z"
    assert verify(data / "custody.db").entries == 3


def test_a_gate_that_a_killed_controller_left_behind_stops_nobody_from_looking(data: Path) -> None:
    left = Gate(data / "gate.sock", Inbox(RoomClock()), frozenset({os.geteuid()}))
    left._socket.close()
    assert (data / "gate.sock").exists()
    assert run("show", "--data", data).exit_code == 0
    assert len(looks(data)) == 1


@pytest.fixture
def inbox(data: Path) -> Iterator[Inbox]:
    """What comes in at a gate behind which nobody handles anything yet."""
    inbox = Inbox(RoomClock())
    listening = Gate(data / "gate.sock", inbox, frozenset({os.geteuid()}))
    listening.start()
    yield inbox
    listening.stop()


def test_a_controller_that_does_not_answer_shows_nothing(
    data: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "ANSWER_S", 0.1)
    assert "no_answer" in refused(run("show", "--data", data))
    assert not looks(data)


def test_a_controller_that_refuses_shows_nothing(data: Path, inbox: Inbox) -> None:
    def refuse() -> None:
        (item,) = inbox.take(LONG)
        assert item.reply
        item.reply(Answer(Reason.NOT_ALLOWED, "another time"))

    refusing = Thread(target=refuse)
    refusing.start()
    assert "not_allowed, another time" in refused(run("show", "--data", data))
    refusing.join(LONG)
    assert not looks(data)


def test_a_log_that_somebody_keeps_without_a_gate_shows_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_reading, "PATIENCE_S", 0.2)
    with CustodyLog.open(data / "custody.db"):
        assert "another process keeps the log" in refused(run("show", "--data", data))
    assert not looks(data)


def test_who_waits_for_the_log_looks_as_soon_as_it_is_free(data: Path) -> None:
    keeper = CustodyLog.open(data / "custody.db")
    looking = Thread(target=record_look, args=(data, "show"))
    looking.start()
    keeper.close()
    looking.join(LONG)
    assert len(looks(data)) == 1


def test_who_may_only_read_is_shown_nothing_and_told_what_to_do(data: Path) -> None:
    if os.geteuid() == 0:
        for file in data.iterdir():
            os.chown(file, 65534, 65534)
    else:
        data.chmod(0o500)
    try:
        said = refused(run("show", "--data", data))
    finally:
        data.chmod(0o700)
    assert "could not be written down" in said
    assert "--copy" in said
    assert not looks(data)


def test_a_copy_is_shown_without_an_entry_and_says_so(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(data / "custody.db", copy)
    for command in ("show", "verify"):
        told = run(command, "--data", copy, "--copy")
        assert told.exit_code == 0
        assert "written down nowhere" in told.stderr
    assert not looks(copy)


@pytest.mark.parametrize("name", [keys.PEPPER, "gate.sock", "log.key"])
def test_a_controllers_own_folder_is_no_copy(data: Path, name: str) -> None:
    (data / name).touch()
    assert "no copy" in refused(run("show", "--data", data, "--copy"))


def test_links_into_a_controllers_own_folder_are_no_copy(data: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "custody.db").symlink_to(data / "custody.db")
    assert "no copy" in refused(run("show", "--data", tmp_path / "links", "--copy"))


def test_a_damaged_log_is_told_of_all_the_same_and_takes_no_entry(data: Path) -> None:
    connection = sqlite3.connect(data / "custody.db")
    with connection:
        connection.execute("UPDATE entry SET body = x'00' WHERE n = 0")
    connection.close()
    told = run("verify", "--data", data)
    assert told.exit_code == 1
    assert "takes no entry" in told.stderr
    assert "entry 0" in told.stderr
    assert "entry 0" in run("show", "--data", data).stderr


def test_an_erased_name_is_shown_to_nobody_and_the_log_still_verifies(room: Wired) -> None:
    room.child.ask("enrol", "li", "wang", person="v17", visitor=True, host="li", name="Anna Berg")
    assert "Anna Berg" in run("show", "--data", room.bench.data, "--kind", "enrolled").stdout
    room.child.ask("check_out", "li", visitor="v17")
    assert room.child.ask("erase_person", "li", "wang", person="v17", reason="asked") == {"accepted": True}
    assert "Anna Berg" not in run("show", "--data", room.bench.data, "--limit", "1000").stdout
    assert run("verify", "--data", room.bench.data).exit_code == 0


def test_an_empty_log_shows_nothing_and_takes_no_entry(tmp_path: Path) -> None:
    CustodyLog.open(tmp_path / "data" / "custody.db").close()
    shown = run("show", "--data", tmp_path / "data")
    assert (shown.exit_code, shown.stdout) == (0, "")


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
