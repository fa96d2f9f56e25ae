"""Saved states are a cache: a bad one costs time, never truth."""

from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.saved_states import SavedState
from controller.ledger.sqlite import sqlite3

Make = Callable[..., dict[str, object]]


@pytest.fixture
def saved(file: Path, draft: Make) -> Path:
    """A closed log of 50 entries with states saved after entries 9, 19, 29 and 39."""
    with CustodyLog.open(file) as log:
        for at in range(50):
            log.append([draft(at)])
            if at % 10 == 9 and at < 49:
                log.save_state(at, f"state {at}".encode() * 100)
    return file


def change(file: Path, sql: str, *values: object) -> None:
    connection = sqlite3.connect(file)
    with connection:
        assert connection.execute(sql, values).rowcount == 1
    connection.close()


def test_a_log_without_saved_states_replays_from_its_beginning(log: CustodyLog) -> None:
    assert next(log.saved_states(), None) is None
    assert len(log.notes) == 1


def test_the_newest_state_comes_back_after_a_restart_with_the_tail_behind_it(saved: Path) -> None:
    with CustodyLog.open(saved) as log:
        assert next(log.saved_states(), None) == SavedState(39, b"state 39" * 100)
        assert [entry["n"] for entry in log.tail(39)] == list(range(40, 50))
        assert len(log.notes) == 1


def test_only_the_last_three_states_are_kept(saved: Path) -> None:
    with CustodyLog.open(saved) as log:
        assert [size for (size,) in log._db.execute("SELECT size FROM saved_state")] == [20, 30, 40]


def test_a_state_is_saved_after_the_last_entry_only(log: CustodyLog, draft: Make) -> None:
    log.append([draft(), draft()])
    for n in (-1, 0, 2):
        with pytest.raises(ValueError, match="the last entry is 1"):
            log.save_state(n, b"room")
    log.save_state(1, b"room")
    log.save_state(1, b"the same room, told again")
    assert next(log.saved_states(), None) == SavedState(1, b"the same room, told again")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE saved_state SET state = CAST(x'00' || substr(state, 2) AS BLOB) WHERE size = 40",
        "UPDATE saved_state SET state = CAST(substr(state, 2) AS BLOB) WHERE size = 40",
        "UPDATE saved_state SET digest = CAST(x'00' || substr(digest, 2) AS BLOB) WHERE size = 40",
        "UPDATE saved_state SET digest = x'' WHERE size = 40",
    ],
)
def test_a_damaged_state_is_passed_over_with_a_note(saved: Path, sql: str) -> None:
    change(saved, sql)
    with CustodyLog.open(saved) as log:
        assert next(log.saved_states(), None) == SavedState(29, b"state 29" * 100)
        assert "the saved state after entry 39 is damaged" in log.notes[-1]
        assert [entry["n"] for entry in log.tail(29)] == list(range(30, 50))


def test_every_changed_byte_of_a_state_is_noticed(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
        log.save_state(0, b"room state")
        for at in range(1, 11):
            log._db.execute(
                "UPDATE saved_state SET state = CAST(substr(state, 1, ?) || 'Z' || substr(state, ?) AS BLOB)",
                (at - 1, at + 1),
            )
            assert next(log.saved_states(), None) is None
            log.save_state(0, b"room state")
            assert next(log.saved_states(), None) is not None


def test_without_any_good_state_replay_begins_at_the_first_entry(saved: Path) -> None:
    for size in (20, 30, 40):
        change(saved, "UPDATE saved_state SET state = x'00' WHERE size = ?", size)
    with CustodyLog.open(saved) as log:
        assert next(log.saved_states(), None) is None
        assert len(log.notes) == 4
        assert len(list(log.tail())) == 50


def test_a_state_of_another_log_is_passed_over(saved: Path, tmp_path: Path, draft: Make) -> None:
    foreign = tmp_path / "other" / "custody.db"
    with CustodyLog.open(foreign) as log:
        for at in range(45):
            log.append([draft(at, kind="refused")])
            if at == 39:
                log.save_state(39, b"a room with nobody in it")
    connection = sqlite3.connect(saved)
    connection.execute("ATTACH ? AS other", (str(foreign),))
    with connection:
        connection.execute("INSERT OR REPLACE INTO saved_state SELECT * FROM other.saved_state")
    connection.close()
    with CustodyLog.open(saved) as log:
        assert next(log.saved_states(), None) == SavedState(29, b"state 29" * 100)


def test_a_state_newer_than_the_log_is_passed_over(saved: Path) -> None:
    change(saved, "UPDATE saved_state SET size = 77 WHERE size = 40")
    with CustodyLog.open(saved) as log:
        assert next(log.saved_states(), None) == SavedState(29, b"state 29" * 100)
        assert "after entry 76 belongs to no head of this log" in log.notes[-1]


def test_what_is_replayed_is_hashed_and_a_forged_past_is_found(saved: Path) -> None:
    change(saved, "UPDATE entry SET leaf = zeroblob(32) WHERE n = 33")
    with CustodyLog.open(saved) as log:
        assert len(list(log.tail(39))) == 10
        replay = log.tail(29)
        assert [next(replay)["n"] for _ in range(3)] == [30, 31, 32]
        with pytest.raises(LogDamaged, match="entry 33") as found:
            next(replay)
        assert found.value.entry == 33
