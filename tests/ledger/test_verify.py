"""Nothing in a log can be changed without being found, and the first wrong entry is named."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from controller.errors import IronroomError, LogDamaged, LogMissing
from controller.ledger import custody_log
from controller.ledger import verify as verifying
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.log_key import load_key
from controller.ledger.reading import LogReader
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import EMPTY_ROOT, Frontier, leaf_hash
from controller.ledger.verify import verify

Make = Callable[..., dict[str, object]]
Connection = sqlite3.Connection
STRANGER = Ed25519Signer.generate("ironroom/stranger")


@pytest.fixture
def small(file: Path, draft: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed log of 12 entries in 8 commits, with several stored heads and a saved state."""
    monkeypatch.setattr(custody_log, "ANCHOR_EVERY", 4)
    with CustodyLog.open(file) as log:
        for at in range(4):
            log.append([draft(at, kind=f"k{at}")])
            log.append([draft(at, reason="late"), draft(at, personal={f"v{at}": {"name": "Anna"}})])
        log.save_state(11, b"room")
    return file


@pytest.fixture
def connection(small: Path) -> Iterator[Connection]:
    opened = sqlite3.connect(small, isolation_level=None)
    yield opened
    opened.close()


def rehash(connection: Connection, signer: Ed25519Signer = STRANGER) -> None:
    """What a forger would do: give all leaves, heads and frontiers new values that fit, and sign them."""
    frontier = Frontier()
    sizes = {size for (size,) in connection.execute("SELECT size FROM head")}
    for n, body in connection.execute("SELECT n, body FROM entry ORDER BY n").fetchall():
        frontier.append(leaf_hash(body))
        connection.execute("UPDATE entry SET leaf = ? WHERE n = ?", (leaf_hash(body), n))
        if frontier.size in sizes:
            connection.execute(
                "UPDATE head SET root = ?, frontier = ?, note = ? WHERE size = ?",
                (frontier.root(), frontier.to_bytes(), note(frontier, signer), frontier.size),
            )


def note(frontier: Frontier, signer: Ed25519Signer) -> bytes:
    text = Checkpoint(signer.vkey.name, frontier.size, frontier.root()).text()
    return signed(text, signer).to_bytes()


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


BODY = "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), {}) AS BLOB) WHERE n = {}"
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


def forge(connection: Connection, signer: Ed25519Signer) -> None:
    connection.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'wang', 'zhao') AS BLOB)")
    rehash(connection, signer)


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
