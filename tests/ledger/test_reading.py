"""Readers beside a running controller, after its death, after its clean stop; and what they may ask."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controller.errors import LogDamaged, LogMissing, LogUnreadable
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.sqlite import sqlite3

Make = Callable[..., dict[str, object]]


@pytest.fixture
def filled(log: CustodyLog, draft: Make) -> CustodyLog:
    log.append(
        [draft(at, kind=f"k{at % 3}", place=f"p{at % 2}", who=["li"] * (at % 5 == 0)) for at in range(40)]
    )
    log.append([draft(40, kind="duress", place="p0", who=["li"], sealed=True)])
    return log


def counters(entries: Iterator[dict[str, object]]) -> list[object]:
    return [entry["n"] for entry in entries]


def test_a_reader_beside_the_controller_sees_every_commit(log: CustodyLog, draft: Make) -> None:
    log.append([draft(0)])
    with LogReader(log.file) as reader:
        for at in range(1, 20):
            log.append([draft(at)])
            log._wal_bytes = 10**9
            log.upkeep()
            assert reader.head() == log.head
            assert counters(reader.entries(newest_first=True, limit=1)) == [at]


def test_reading_after_a_clean_stop_leaves_no_file_behind(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(at) for at in range(3)])
        head = log.head
    before = sorted(path.name for path in file.parent.iterdir())
    with LogReader(file) as reader:
        assert (reader.count(), reader.head()) == (3, head)
        assert counters(reader.entries()) == [0, 1, 2]
    assert sorted(path.name for path in file.parent.iterdir()) == before
    assert before == ["custody.db", "custody.lock", "log.key"]


def test_a_reader_follows_the_controller_through_start_and_stop(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(0)])
    with LogReader(file) as reader:
        for at in range(1, 6):
            assert reader.count() == at
            with CustodyLog.open(file) as log:
                log.append([draft(at)])
                assert reader.count() == at + 1
            assert counters(reader.entries()) == list(range(at + 1))


def test_a_reader_of_a_stopped_log_notices_a_start_and_stop_it_did_not_see(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(0)])
    with LogReader(file) as reader:
        assert reader.count() == 1
        with CustodyLog.open(file) as log:
            log.append([draft(at, blob="x" * 5000) for at in range(50)])
        assert not file.with_name("custody.db-wal").exists()
        assert reader.count() == 51


def test_a_reader_that_stops_in_the_middle_does_not_hold_the_log_back(filled: CustodyLog) -> None:
    with LogReader(filled.file) as reader:
        entries = reader.entries()
        assert next(entries)["n"] == 0
        ((busy, in_wal, copied),) = filled._fetch("PRAGMA wal_checkpoint(TRUNCATE)", ())
        assert (busy, in_wal, copied) == (0, 0, 0)
        assert len(list(entries)) == 40


def test_a_reader_cannot_write(filled: CustodyLog) -> None:
    with LogReader(filled.file) as reader:
        for sql in ("DELETE FROM entry", "PRAGMA query_only = 0"):
            connection = reader._db.conn
            if sql.startswith("PRAGMA"):
                connection.execute(sql)
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute("DELETE FROM entry")
        assert reader.count() == 41


def test_a_copy_without_its_shared_memory_file_can_be_read(filled: CustodyLog, tmp_path: Path) -> None:
    for name in ("custody.db", "custody.db-wal"):
        (tmp_path / name).write_bytes(filled.file.with_name(name).read_bytes())
    with LogReader(tmp_path / "custody.db") as reader:
        assert reader.head() == filled.head


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({}, [*range(41)]),
        ({"after": 37}, [38, 39, 40]),
        ({"before": 3}, [0, 1, 2]),
        ({"after": 3, "before": 6}, [4, 5]),
        ({"after": 3, "before": 4}, []),
        ({"newest_first": True, "limit": 3}, [40, 39, 38]),
        ({"newest_first": True, "before": 38, "limit": 2}, [37, 36]),
        ({"limit": 0}, []),
        ({"kind": "k1", "after": 30}, [31, 34, 37]),
        ({"place": "p1", "before": 6}, [1, 3, 5]),
        ({"who": "li", "sealed": True}, [0, 5, 10, 15, 20, 25, 30, 35, 40]),
        ({"who": "wang"}, []),
        ({"who": "li", "kind": "k0", "place": "p1"}, [15]),
        ({"kind": "' OR 1 = 1 --"}, []),
        ({"who": "li' OR '1"}, []),
    ],
)
def test_entries_are_found_by_counter_kind_place_and_person(
    filled: CustodyLog, asked: dict[str, object], answer: list[int]
) -> None:
    with LogReader(filled.file) as reader:
        assert counters(reader.entries(**asked)) == answer  # type: ignore[arg-type]  # a table of questions


def test_pages_follow_each_other_without_gap_or_repetition(log: CustodyLog, draft: Make) -> None:
    log.append([draft(0, kind="even" if n % 2 else "odd") for n in range(2503)])
    with LogReader(log.file) as reader:
        assert counters(reader.entries()) == list(range(2503))
        assert counters(reader.entries(newest_first=True)) == list(reversed(range(2503)))
        assert counters(reader.entries(kind="even")) == list(range(1, 2503, 2))


def test_a_sealed_entry_shows_its_counter_and_nothing_else(filled: CustodyLog) -> None:
    with LogReader(filled.file) as reader:
        (last,) = reader.entries(newest_first=True, limit=1)
        assert last == {"n": 40, "sealed": True}


@pytest.mark.parametrize("asked", [{"kind": "duress"}, {"place": "p0"}, {"who": "li"}])
def test_asking_for_what_a_sealed_entry_holds_does_not_find_it(
    filled: CustodyLog, asked: dict[str, str]
) -> None:
    with LogReader(filled.file) as reader:
        assert 40 not in counters(reader.entries(**asked))  # type: ignore[arg-type]  # a table of questions
        (found,) = reader.entries(**asked, after=39, sealed=True)  # type: ignore[arg-type]
        assert (found["n"], found["kind"]) == (40, "duress")


def test_no_log_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LogMissing, match="there is no custody log"):
        LogReader(tmp_path / "custody.db")


def test_a_log_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "custody.db").mkdir()
    with pytest.raises(LogUnreadable, match="cannot be opened"):
        LogReader(tmp_path / "custody.db")
    (tmp_path / "file").touch()
    with pytest.raises(LogUnreadable, match="cannot be opened"):
        LogReader(tmp_path / "file" / "custody.db")


def test_a_file_that_is_no_log_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "custody.db").write_bytes(b"not a database" * 100)
    with pytest.raises(LogDamaged, match="no readable database"):
        LogReader(tmp_path / "custody.db")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE entry (n)")
    other.close()
    with pytest.raises(LogDamaged, match="not a custody log"):
        LogReader(tmp_path / "other.db")


def test_odd_characters_in_a_folder_name_do_not_matter(tmp_path: Path, draft: Make) -> None:
    file = tmp_path / "50% of #1? vault & co" / "custody.db"
    with CustodyLog.open(file) as log:
        log.append([draft()])
        with LogReader(file) as reader:
            assert reader.count() == 1
    with LogReader(file) as reader:
        assert reader.count() == 1
