"""Nothing in a log can be changed without being found, and the first wrong entry is named."""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from controller.errors import IronroomError, LogDamaged, LogMissing
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.tree import EMPTY_ROOT
from controller.ledger.verify import verify
from tests.ledger.forger import BODY, Connection

Make = Callable[..., dict[str, object]]


def test_a_whole_log_verifies_and_the_report_says_what_was_read(small: Path) -> None:
    with LogReader(small) as reader:
        head = reader.head()
    seen: list[tuple[int, int]] = []
    report = verify(small, lambda done, of: seen.append((done, of)))
    assert (report.entries, report.root) == head
    assert report.heads >= 3
    assert seen[-1] == (12, 12)


def test_an_empty_log_verifies(log: CustodyLog) -> None:
    report = verify(log.file)
    assert (report.entries, report.root, report.heads) == (0, EMPTY_ROOT, 0)


def test_a_log_is_verified_while_the_controller_writes(log: CustodyLog, draft: Make) -> None:
    log.append([draft(at) for at in range(2500)])
    sizes: list[int] = []

    def write(_done: int, _of: int) -> None:
        log.append([draft(3000)])
        sizes.append(log.size)

    assert verify(log.file, write).entries == 2500
    assert sizes[-1] > 2500
    assert verify(log.file).entries == sizes[-1]


def test_no_log_is_not_a_verified_log(tmp_path: Path) -> None:
    with pytest.raises(LogMissing):
        verify(tmp_path / "custody.db")


ADD = "INSERT INTO entry SELECT 12, at, time, kind, place, leaf, body FROM entry WHERE n = 11"
SWAP = "UPDATE entry SET body = (SELECT e.body FROM entry e WHERE e.n = 11 - entry.n) WHERE n IN (5, 6)"
TAMPERINGS = [
    ("a body is another lawful body", BODY.format("'wang', 'zhao'", 5), 5),
    ("a leaf is changed", "UPDATE entry SET leaf = zeroblob(32) WHERE n = 5", 5),
    ("two bodies change places", SWAP, 5),
    ("a kind is changed where it is searched", "UPDATE entry SET kind = 'refused' WHERE n = 5", 5),
    ("a place is changed where it is searched", "UPDATE entry SET place = 'cellar' WHERE n = 5", 5),
    ("a place is hidden from search", "UPDATE entry SET place = NULL WHERE n = 5", 5),
    ("a time is changed where it is searched", "UPDATE entry SET time = time + 1 WHERE n = 5", 5),
    ("a room time is changed where it is searched", "UPDATE entry SET at = at + 1 WHERE n = 5", 5),
    ("the first entry is gone", "DELETE FROM entry WHERE n = 0", 0),
    ("an entry in the middle is gone", "DELETE FROM entry WHERE n = 5", 5),
    ("the last entry is gone", "DELETE FROM entry WHERE n = 11", 11),
    ("the last entries are gone", "DELETE FROM entry WHERE n > 6", 7),
    ("all entries are gone", "DELETE FROM entry", 0),
    ("an entry was added", ADD, 12),
    ("a counter is moved away", "UPDATE entry SET n = 40 WHERE n = 11", 12),
    ("the newest head is gone", "DELETE FROM head WHERE size = 12", 9),
    ("all heads are gone", "DELETE FROM head", 0),
    ("a head's root is changed", "UPDATE head SET root = zeroblob(32) WHERE size = 12", None),
    ("an older head's root is changed", "UPDATE head SET root = zeroblob(32) WHERE size = 4", None),
    ("a head's frontier is cut", "UPDATE head SET frontier = CAST(substr(frontier, 2) AS BLOB)", None),
    ("a head's frontier is empty", "UPDATE head SET frontier = x''", None),
    ("a head's size is changed", "UPDATE head SET size = 11 WHERE size = 12", None),
    ("the table of heads is gone", "DROP TABLE head", None),
]


@pytest.mark.parametrize(
    ("sql", "entry"), [row[1:] for row in TAMPERINGS], ids=[row[0] for row in TAMPERINGS]
)
def test_a_tampering_is_found_at_its_entry(
    small: Path, connection: Connection, sql: str, entry: int | None
) -> None:
    connection.execute(sql)
    with pytest.raises(LogDamaged) as found:
        verify(small)
    assert entry is None or found.value.entry == entry
    assert str(small) in str(found.value)
    assert "restore the last backup" in found.value.remedy


def test_every_changed_byte_of_an_entry_is_found_and_the_entry_named(small: Path) -> None:
    whole = small.read_bytes()
    with LogReader(small) as reader:
        rows = reader.fetch("SELECT n, leaf, body FROM entry WHERE n IN (0, 7)", ())
    for n, leaf, body in rows:
        begin, stored = whole.index(leaf + body), leaf + body
        for at in range(begin, begin + len(stored)):
            small.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
            with pytest.raises(LogDamaged) as found:
                verify(small)
            assert found.value.entry == n


def test_a_changed_byte_anywhere_in_the_file_is_found_or_changes_nothing_that_is_read(small: Path) -> None:
    whole = small.read_bytes()
    evidence = everything(small)
    dice = random.Random(62)  # noqa: S311 — reproducible damage
    found = 0
    for at in [*range(100), *dice.sample(range(len(whole)), 400)]:
        small.write_bytes(whole[:at] + bytes([whole[at] ^ dice.randrange(1, 256)]) + whole[at + 1 :])
        try:
            verify(small)
        except IronroomError:
            found += 1
            continue
        assert everything(small) == evidence
    assert found > 50


def everything(file: Path) -> tuple[object, ...]:
    with LogReader(file) as reader:
        return reader.head(), list(reader.entries()), list(reader.entries(kind="k1"))


def test_a_torn_file_is_found(small: Path) -> None:
    whole, evidence = small.read_bytes(), everything(small)
    for length in range(1, len(whole), 1024):
        small.write_bytes(whole[:length])
        if length > len(whole) - 4096:  # in the last page there may be nothing but zeros
            with suppress(IronroomError):
                verify(small)
                assert everything(small) == evidence
            continue
        with pytest.raises(IronroomError):
            verify(small)


@pytest.mark.parametrize("n", [9, 10, 11])
@pytest.mark.parametrize(
    "sql", ["UPDATE entry SET leaf = zeroblob(32) WHERE n = ?", "UPDATE entry SET body = x'00' WHERE n = ?"]
)
def test_a_damaged_tail_is_refused_when_the_log_is_opened(
    small: Path, connection: Connection, n: int, sql: str
) -> None:
    connection.execute(sql, (n,))
    connection.close()
    with pytest.raises(LogDamaged, match=f"entry {n}"):
        CustodyLog.open(small)


@pytest.mark.parametrize(
    "sql", [row[1] for row in TAMPERINGS if "gone" in row[0] or "added" in row[0] or "away" in row[0]]
)
def test_a_log_with_a_gap_or_a_wrong_end_is_refused_when_it_is_opened(
    small: Path, connection: Connection, sql: str
) -> None:
    connection.execute(sql)
    connection.close()
    with pytest.raises(LogDamaged):
        CustodyLog.open(small)
