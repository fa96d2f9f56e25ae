"""A body that is missing is pruned only where an Entry says so: whoever has the files can empty one."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.sqlite import sqlite3
from controller.ledger.verify import verify

Make = Callable[..., dict[str, object]]
SIZE = 20


def emptied(file: Path, which: Sequence[int], kept_from: int) -> None:
    """What root can do to the database in the dark."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO mark VALUES ('kept_from', ?)", (kept_from,))
        gone = "UPDATE entry SET kind = 'pruned', place = NULL, body = x'' WHERE n = ?"
        connection.executemany(gone, [(n,) for n in which])


def log_saying(file: Path, draft: Make, **claim: object) -> Path:
    with CustodyLog.open(file) as log:
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
        log.append([draft() for _ in range(SIZE)])
        if claim:
            log.append([draft(kind="pruned", **claim)])
    return file


def test_bodies_that_no_entry_says_were_pruned_are_missing(file: Path, draft: Make) -> None:
    emptied(log_saying(file, draft), range(5, 9), 20)
    with pytest.raises(LogDamaged, match="body of entry 8 is missing, and no entry") as refused:
        verify(file)
    assert refused.value.entry == 8


def test_a_body_behind_what_was_pruned_is_missing(file: Path, draft: Make) -> None:
    emptied(log_saying(file, draft, kept_from=8, bodies=9), range(5, 9), 20)
    with pytest.raises(LogDamaged, match="body of entry 8 is missing"):
        verify(file)


def test_more_bodies_are_not_pruned_than_entries_count(file: Path, draft: Make) -> None:
    log_saying(file, draft, kept_from=9, bodies=4)
    emptied(file, range(5, 9), 9)
    assert verify(file).entries == SIZE + 2
    emptied(file, [3], 9)
    with pytest.raises(LogDamaged, match="5 bodies are missing, and entries say that 4"):
        verify(file)


@pytest.mark.parametrize("claim", [{"kept_from": "9", "bodies": 4}, {"kept_from": 9}, {"bodies": -1}])
def test_an_entry_that_says_nothing_lawful_of_pruning_allows_none(
    file: Path, draft: Make, claim: dict[str, object]
) -> None:
    emptied(log_saying(file, draft, **claim), [5], 9)
    with pytest.raises(LogDamaged, match="body of entry 5 is missing"):
        verify(file)
