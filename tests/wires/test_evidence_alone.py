"""Looks at a log that no controller keeps, or that one keeps and does not answer for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from controller import evidence_reading, gate
from controller.clock import RoomClock
from controller.core.effects import Answer
from controller.core.words import Reason
from controller.evidence_reading import record_look
from controller.gate import Gate
from controller.inbox import Inbox
from controller.ledger.custody_log import CustodyLog
from controller.ledger.sqlite import sqlite3
from controller.ledger.verify import verify
from controller.unix_sockets import listening
from tests.wires.evidence_looks import ME, looks, refused, run
from tests.wires.wired import LONG


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
    listening(data / "gate.sock", 1, 1.0).close()
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


def test_an_empty_log_shows_nothing_and_takes_no_entry(tmp_path: Path) -> None:
    CustodyLog.open(tmp_path / "data" / "custody.db").close()
    shown = run("show", "--data", tmp_path / "data")
    assert (shown.exit_code, shown.stdout) == (0, "")
