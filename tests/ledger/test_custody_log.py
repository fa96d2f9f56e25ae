"""Appending, replay and the end of a log."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from controller.errors import EntryRefused, LogDead
from controller.ledger import custody_log
from controller.ledger.canonical import encode
from controller.ledger.custody_log import CustodyLog
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import EMPTY_ROOT
from controller.ledger.verify import verify

Make = Callable[..., dict[str, object]]


def test_an_empty_log_has_the_root_of_the_empty_tree(log: CustodyLog) -> None:
    assert (log.size, log.root, log.last_at) == (0, EMPTY_ROOT, 0)
    assert list(log.tail()) == []


def test_entries_are_counted_from_zero_without_gaps(log: CustodyLog, draft: Make) -> None:
    assert log.append([draft(0), draft(0)]) == [0, 1]
    assert log.append([]) == []
    assert log.append([draft(5)]) == [2]
    assert [entry["n"] for entry in log.tail()] == [0, 1, 2]


def test_an_entry_comes_back_as_it_was_drafted(log: CustodyLog, draft: Make) -> None:
    written = draft(7, who=["李"], place="vault", badge={"uid": "04a1", "tries": [1, 2]}, sealed=True)
    log.append([written])
    assert list(log.tail()) == [{**written, "n": 0}]


def test_the_root_is_that_of_a_foreign_merkle_tree_after_every_commit(log: CustodyLog, draft: Make) -> None:
    oracle = InmemoryTree(algorithm="sha256")
    for batch in (1, 2, 1, 5, 3):
        drafts = [draft(log.last_at + step, kind=f"k{step}") for step in range(batch)]
        for n, written in zip(log.append(drafts), drafts, strict=True):
            oracle.append_entry(encode({**written, "n": n}))
        assert log.root == oracle.get_root()


def test_a_log_is_opened_again_as_it_was(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(at) for at in range(10)])
        head = log.head
    with CustodyLog.open(file) as log:
        assert (log.head, log.last_at) == (head, 9)
        assert log.append([draft(9)]) == [10]
    assert verify(file).entries == 11


def test_a_refused_draft_writes_nothing_of_its_batch_and_the_log_goes_on(
    log: CustodyLog, draft: Make
) -> None:
    log.append([draft(5)])
    head = log.head
    for wrong in ({"share": 0.5}, {"who": "li"}, {"n": 7}, {"at": 4}, {"blob": "x" * 70_000}):
        with pytest.raises(EntryRefused):
            log.append([draft(6), {**draft(6), **wrong}])
    assert log.head == head
    assert log.append([draft(5)]) == [1]


def test_room_time_never_decreases_not_even_over_a_restart(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(100)])
    with CustodyLog.open(file) as log, pytest.raises(EntryRefused, match="never decreases"):
        log.append([draft(99)])


def test_the_tail_begins_after_any_entry(log: CustodyLog, draft: Make) -> None:
    for at in range(30):
        log.append([draft(at)])
    for after in (-1, 0, 13, 28, 29, 40):
        assert [entry["n"] for entry in log.tail(after)] == list(range(after + 1, 30))


def test_the_tail_ends_where_the_log_ended_when_it_was_asked(log: CustodyLog, draft: Make) -> None:
    log.append([draft(0), draft(1)])
    tail = log.tail()
    first = next(tail)
    log.append([draft(2)])
    assert [first["n"], *(entry["n"] for entry in tail)] == [0, 1]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(0, 12))
def test_commits_of_any_size_keep_one_head_and_an_anchor_for_every_stretch(
    tmp_path_factory: pytest.TempPathFactory, batches: list[int], reopened_after: int
) -> None:
    file = tmp_path_factory.mktemp("log") / "custody.db"
    entry = {"at": 0, "time": "2026-03-02T01:00:00.000Z", "clock": "synced", "policy": "p1", "kind": "k"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(custody_log, "ANCHOR_EVERY", 8)
        with CustodyLog.open(file) as log:
            for batch in batches[:reopened_after]:
                log.append([entry] * batch)
        if sum(batches[:reopened_after]):
            with CustodyLog.open(file) as log:
                for batch in batches[reopened_after:]:
                    log.append([entry] * batch)
                heads = log._db.execute("SELECT count(*) FROM head").fetchone()[0]
                assert heads <= 2 + log.size // 8 + 1
            assert verify(file).entries == sum(batches)


def test_a_grown_wal_is_copied_into_the_database_when_nobody_waits(
    log: CustodyLog, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody_log, "UPKEEP_BYTES", 100_000)
    log.upkeep()
    before = log.file.stat().st_size
    log.append([draft(0, blob="x" * 60_000)])
    log.upkeep()
    assert log.file.stat().st_size == before
    log.append([draft(0, blob="x" * 60_000)])
    log.upkeep()
    assert log.file.stat().st_size > before + 100_000


def test_a_wal_that_nobody_looks_after_is_copied_by_append(
    log: CustodyLog, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody_log, "UPKEEP_BYTES", 50_000)
    for at in range(40):
        log.append([draft(at, blob="x" * 10_000)])
    wal = log.file.with_name("custody.db-wal").stat().st_size
    assert wal < 400_000
    assert log.file.stat().st_size > 200_000


def test_a_closed_log_takes_nothing_more(file: Path, draft: Make) -> None:
    log = CustodyLog.open(file)
    log.close()
    log.close()
    for deed in (lambda: log.append([draft()]), lambda: log.save_state(-1, b""), log.upkeep):
        with pytest.raises(LogDead, match="closed"):
            deed()


def test_an_interrupted_commit_leaves_the_log_dead(
    log: CustodyLog, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(log._hold, "mark_begun", interrupted)
    with pytest.raises(KeyboardInterrupt):
        log.append([draft()])
    with pytest.raises(LogDead, match="did not come to its end"):
        log.append([draft()])


def test_a_stranger_writing_to_the_database_ends_the_log(log: CustodyLog, draft: Make) -> None:
    log.append([draft()])
    stranger = sqlite3.connect(log.file)
    with stranger:
        stranger.execute("INSERT INTO entry SELECT n + 1, at, time, kind, place, leaf, body FROM entry")
    stranger.close()
    for _ in range(2):
        with pytest.raises(LogDead, match="UNIQUE"):
            log.append([draft()])


def test_every_commit_waits_for_the_disk_and_nothing_is_mapped(log: CustodyLog) -> None:
    settings = {name: log._db.execute(f"PRAGMA {name}").fetchone()[0] for name in _SETTINGS}
    assert settings == _SETTINGS


_SETTINGS = {"journal_mode": "wal", "synchronous": 2, "wal_autocheckpoint": 0, "mmap_size": 0}


def test_the_sqlite_in_use_is_noted_at_the_start(log: CustodyLog) -> None:
    assert sqlite3.sqlite_version in log.notes[0]
