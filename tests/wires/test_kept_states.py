"""A kept state is believed only where an Entry of the log vouches for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from controller.core.effects import Effect
from controller.core.events import Asking, BadgeRead, Started
from controller.core.freeze import to_json
from controller.core.site import Site
from controller.core.state import State
from controller.kept_states import keep_state, remembered
from controller.ledger.custody_log import CustodyLog
from controller.ledger.saved_states import state_digest
from controller.ledger.sqlite import sqlite3
from controller.ledger.verify import verify
from controller.ledger.walk import Head
from controller.loop import Loop
from tests.core.plans import START, example


class NoHands:
    def secure(self, effects: Iterable[Effect]) -> None: ...

    def release(self, effects: Iterable[Effect], state: State) -> None: ...

    def drop_everything(self) -> None: ...


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A log with a kept state, and two entries behind it."""
    file = tmp_path / "data" / "custody.db"
    with CustodyLog.open(file) as log:
        loop = Loop(Site(example()), log, NoHands())
        people = {"li": {"badges": ["B1"], "name": "Li Wei"}, "wang": {"badges": ["B2"]}}
        loop.turn([Started(0, START, "p"), Asking(0, "found", "", "", {"people": people})])
        keep_state(loop, 20_000)
        loop.turn([BadgeRead(21_000, "main.in", "stranger"), BadgeRead(22_000, "main.in", "B1")])
        assert to_json(remembered(log)) == to_json(loop.site.state)
    return file


def state_of(file: Path) -> tuple[State, list[str]]:
    with CustodyLog.open(file) as log:
        return remembered(log), log.notes[1:]


def test_a_start_from_a_kept_state_ends_where_the_whole_log_does(file: Path) -> None:
    kept, notes = state_of(file)
    change(file, "DELETE FROM saved_state")
    assert (state_of(file)[0], notes) == (kept, [])


def test_a_forged_state_is_passed_over_with_a_note(file: Path) -> None:
    honest, _ = state_of(file)
    with CustodyLog.open(file) as log:
        saved = next(log.saved_states(), None)
        assert saved is not None
    forged = json.loads(saved.state)
    forged["badges"]["COPY"] = forged["badges"]["B1"]
    body = json.dumps(forged).encode()
    with closing(sqlite3.connect(file)) as connection, connection:
        (head,) = connection.execute("SELECT size, root FROM saved_state JOIN head USING (size)").fetchall()
        row = (body, state_digest(Head(*head), body))
        connection.execute("UPDATE saved_state SET state = ?, digest = ?", row)
    state, notes = state_of(file)
    assert state == honest
    assert "COPY" not in state.badges
    assert "no entry vouches" in notes[0]
    assert verify(file).entries == state.size


def test_a_state_of_another_version_costs_time_and_no_truth(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, _ = state_of(file)

    def strange(_: object) -> State:
        raise ValueError("of another version")

    monkeypatch.setattr("controller.kept_states.from_json", strange)
    state, notes = state_of(file)
    assert (state, len(notes)) == (honest, 1)


def test_a_kept_state_holds_no_letter_of_a_name(file: Path) -> None:
    with CustodyLog.open(file) as log:
        saved = next(log.saved_states(), None)
        assert saved is not None
        assert b"Li Wei" not in saved.state


def change(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(sql)
