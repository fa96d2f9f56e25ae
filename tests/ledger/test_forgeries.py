"""A forgery that fits in itself: found by its law, by its signature, or by what was noted down."""

from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger import verify as verifying
from controller.ledger.custody_log import CustodyLog
from controller.ledger.log_key import load_key
from controller.ledger.sqlite import sqlite3
from controller.ledger.verify import verify
from tests.ledger.forger import BODY, STRANGER, Connection, forge, rehash

Make = Callable[..., dict[str, object]]
FORGERIES = [
    ("a second spelling", BODY.format("':', ': '", 5), 5, "canonical"),
    ("no JSON at all", "UPDATE entry SET body = x'00' WHERE n = 5", 5, "strict JSON"),
    ("another counter inside", BODY.format("'\"n\":5', '\"n\":6'", 5), 5, "says that it is entry 6"),
    ("an unlawful entry", BODY.format("'\"kind\"', '\"kinds\"'", 5), 5, "unlawful"),
    ("room time running backwards", BODY.format("'\"at\":1', '\"at\":0'", 5), 5, "backwards"),
]


@pytest.mark.parametrize(
    ("sql", "entry", "wrong"), [row[1:] for row in FORGERIES], ids=[row[0] for row in FORGERIES]
)
def test_a_forgery_with_all_hashes_made_anew_must_still_be_lawful(
    small: Path, connection: Connection, sql: str, entry: int, wrong: str
) -> None:
    assert connection.execute(sql).rowcount == 1
    connection.execute("UPDATE entry SET at = 0 WHERE n = 5 AND instr(CAST(body AS TEXT), '\"at\":0')")
    rehash(connection)
    with pytest.raises(LogDamaged, match=wrong) as found:
        verify(small)
    assert found.value.entry == entry


def test_a_forgery_signed_with_another_key_is_found_by_whoever_knows_the_logs_key(
    small: Path, connection: Connection
) -> None:
    key = load_key(small.parent)
    assert key is not None
    assert verify(small, trusted=[key.vkey]).signed >= 3
    forge(connection, STRANGER)
    with pytest.raises(LogDamaged, match="no known key signed"):
        verify(small, trusted=[key.vkey])


def test_a_forgery_with_the_logs_own_key_shows_only_in_the_root_that_was_noted_down(
    small: Path, connection: Connection
) -> None:
    key = load_key(small.parent)
    assert key is not None
    noted = verify(small).root
    forge(connection, key)
    assert verify(small, trusted=[key.vkey]).root != noted


def test_heads_that_were_signed_before_a_forgery_give_it_away(small: Path, connection: Connection) -> None:
    notes = connection.execute("SELECT note, size FROM head").fetchall()
    forge(connection, STRANGER)
    connection.executemany("UPDATE head SET note = ? WHERE size = ?", notes)
    with pytest.raises(LogDamaged, match=r"the signed head of \d+ entries is another one"):
        verify(small)


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("UPDATE disclosure SET text = 'WyJ4Il0'", r"a disclosure of entry \d+ is not what"),
        ("UPDATE disclosure SET n = 0", "a disclosure of entry 0 is not what"),
        ("UPDATE head SET note = x'00' WHERE size = 12", "the signed head of 12 entries"),
        ("UPDATE head SET note = substr(note, 1, 60) WHERE size = 12", "the signed head of 12 entries"),
        ("INSERT INTO node VALUES (1, 0, zeroblob(32))", "nodes of the tree"),
    ],
)
def test_what_stands_beside_the_entries_is_verified_too(
    small: Path, draft: Make, connection: Connection, sql: str, wrong: str
) -> None:
    if "node" in sql:
        with CustodyLog.open(small) as log:  # room for one node
            log.append([draft(9)] * 256)
            assert verify(small).entries == 268
        sql = "UPDATE node SET hash = zeroblob(32)"
        wrong = "node 0 of tile level 1"
    connection.execute(sql)
    with pytest.raises(LogDamaged, match=wrong):
        verify(small)


def test_several_processes_verify_what_one_does(
    file: Path, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "_A_JOB", 1_000)
    with CustodyLog.open(file) as log:
        for _ in range(5):
            log.append([draft(5)] * 1_100)
    alone, together = verify(file), verify(file, jobs=2)
    assert alone == together
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("UPDATE entry SET body = x'7b7d' WHERE n = 4321")
    connection.close()
    for jobs in (1, 2):
        with pytest.raises(LogDamaged) as found:
            verify(file, jobs=jobs)
        assert found.value.entry == 4321


def test_an_index_that_hides_entries_is_found(small: Path, connection: Connection) -> None:
    connection.execute("CREATE TABLE other (subject TEXT)")
    connection.execute("CREATE INDEX empty ON other (subject)")
    connection.execute("PRAGMA writable_schema = 1")
    connection.execute(
        "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'empty') "
        "WHERE name = 'disclosure_subject'"
    )
    connection.execute("DELETE FROM sqlite_master WHERE name IN ('empty', 'other')")
    with pytest.raises(LogDamaged, match="the database is damaged"):
        verify(small)
