"""Whoever is root takes keys of pictures away or puts them back: `log verify` tells, digests do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.picture_check import verify_pictures
from controller.ledger.sqlite import sqlite3
from controller.ledger.verify import verify
from tests.pictures.album import draft, erase, snapshot, take

KEY = "SELECT subject, n, recipient, identity FROM picture_key WHERE subject = 'li'"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CustodyLog]:
    """Li and Wang are pictured together, and Zhao alone."""
    with CustodyLog.open(tmp_path / "data" / "custody.db") as log:
        log.append([draft(log, "log_key", vkey=str(log.vkey))])
        for shot, seals in ((1, ("li", "wang")), (2, ("zhao",))):
            snapshot(log, shot, *seals)
            take(log, shot, "now", *seals)
        yield log


def as_root(log: CustodyLog, sql: str, *values: object) -> None:
    db = sqlite3.connect(log.file, isolation_level=None)
    db.execute(sql, values)
    db.close()


def key_of_li(log: CustodyLog) -> tuple[object, ...]:
    (row,) = log._fetch(KEY, ())
    return tuple(row)


def no_progress(_done: int, _of: int) -> None: ...


def test_a_key_that_somebody_took_away_is_missed_though_every_picture_is_whole(log: CustodyLog) -> None:
    verify(log.file)
    as_root(log, "DELETE FROM picture_key WHERE subject = 'li'")
    assert verify_pictures(log.file.parent, log.size, no_progress).whole == 8
    with pytest.raises(LogDamaged, match="key of li for the pictures of entry 1 is gone") as found:
        verify(log.file)
    assert found.value.entry == 1


def test_a_key_made_anew_does_not_stand_for_the_one_that_was_taken_away(log: CustodyLog) -> None:
    as_root(log, "DELETE FROM picture_key WHERE subject = 'li'")
    snapshot(log, 3, "li")
    with pytest.raises(LogDamaged, match="is gone"):
        verify(log.file)


def test_the_key_of_somebody_erased_that_is_put_back_is_found(log: CustodyLog) -> None:
    row = key_of_li(log)
    n = erase(log, "li")
    verify(log.file)
    as_root(log, "INSERT INTO picture_key VALUES (?, ?, ?, ?)", *row)
    with pytest.raises(LogDamaged, match=f"entry {n} erased li, whose key") as found:
        verify(log.file)
    assert found.value.entry == n


def test_who_was_erased_and_is_pictured_again_has_a_key_of_that_time(log: CustodyLog) -> None:
    erase(log, "li")
    snapshot(log, 3, "li", "wang")
    take(log, 3, "now", "li", "wang")
    verify(log.file)
    erase(log, "li", "wang", "zhao")
    verify(log.file)


def test_who_is_erased_in_the_batch_that_pictures_them_needs_no_key(log: CustodyLog) -> None:
    both = draft(log, "snapshot", seals=["li"]), draft(log, "erased", person="li", erases=["li"])
    log.append(list(both))
    verify(log.file)
    log.append([both[1] | {"seals": ["li"]}])
    assert key_of_li(log)[1] == log.size - 1
    verify(log.file)
