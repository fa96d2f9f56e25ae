"""A database with more in it than a log is neither opened nor verified: triggers remember what was erased."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.sqlite import sqlite3
from controller.ledger.verify import verify

PLANTED = {
    "a trigger": """CREATE TRIGGER t AFTER INSERT ON disclosure BEGIN
        INSERT INTO mark VALUES (new.text, 1); END""",
    "a table": "CREATE TABLE aside (text TEXT)",
    "a view": "CREATE VIEW names AS SELECT text FROM disclosure",
    "an index over an expression": "CREATE INDEX slow ON entry (length(printf('%.*c', 1000, 'x')))",
    "a virtual table": "CREATE VIRTUAL TABLE words USING fts5(text)",
    "a column more": "ALTER TABLE disclosure ADD COLUMN more TEXT",
}


@pytest.mark.parametrize("sql", PLANTED.values(), ids=PLANTED)
def test_what_no_log_holds_is_refused(file: Path, draft: Callable[..., dict[str, object]], sql: str) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(personal={"v1": {"name": "Anna"}})])
        log.append([draft(kind="erased", erases=["v1"])])
    assert verify(file).entries == 2
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(sql)
    with pytest.raises(LogDamaged, match="the database holds"):
        verify(file)
    with pytest.raises(LogDamaged, match="the database holds"):
        CustodyLog.open(file)
