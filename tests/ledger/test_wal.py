"""The WAL is emptied so that a truncation which arrives in part brings no older commit back."""

from collections.abc import Callable

import pytest
from sqlite_utils import Database

from controller.ledger import wal
from controller.ledger.custody_log import CustodyLog

Make = Callable[..., dict[str, object]]


def test_before_it_is_truncated_only_one_small_commit_is_valid_in_it(
    log: CustodyLog, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(20):
        log.append([draft(at, pad="x" * 9000)])
    frames: list[tuple[str, int]] = []
    true = wal._checkpoint

    def noted(db: Database, mode: str) -> tuple[int, int, int]:
        told = true(db, mode)
        frames.append((mode, told[1]))
        return told

    monkeypatch.setattr(wal, "_checkpoint", noted)
    log.upkeep()
    assert [mode for mode, _ in frames] == ["PASSIVE", "PASSIVE", "TRUNCATE"]
    assert frames[0][1] > 40
    assert frames[1][1] <= 3
    assert log.file.with_name("custody.db-wal").stat().st_size == 0


def test_it_is_emptied_every_time_something_was_erased(log: CustodyLog, draft: Make) -> None:
    wal_file = log.file.with_name("custody.db-wal")
    for at in range(4):
        log.append([draft(at, personal={f"v{at}": {"name": "Anna"}}, seals=[f"v{at}"])])
        log.append([draft(at, kind="erased", erases=[f"v{at}"])])
        log.upkeep()
        assert wal_file.stat().st_size == 0
