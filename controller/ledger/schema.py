"""The tables of the custody log and how its one writer connects. Law 5: the controller alone writes.

entry        n, at, time (ms since 1970 UTC), kind, place: copied from the body so that it can be
             searched; leaf: its RFC 6962 leaf hash; body: its canonical bytes (canonical.py)
             a pruned entry (pruning.py) has an empty body, and its leaf hash stands for it
head         size, root, frontier (tree.py) after a commit, and note: the head as a signed note
             (formats/checkpoint.py); the row of the newest commit moves with it; the rows that
             `custody_log` keeps on the way stay as anchors for checking
node         level, i, hash: the Nodes of the tree (tree.py), for proofs and tiles
disclosure   digest, subject, n, text: what personal digests stand for (disclosures.py); erasable
picture_key  subject, n, recipient, identity: what opens pictures (picture_keys.py); erasable
mark         name, value: `kept_from`, the counter before which entries may have been pruned
saved_state  size, digest, state: see saved_states.py
"""

from pathlib import Path

from sqlite_utils import Database, Migrations

from controller.errors import LogDamaged, LogDead
from controller.ledger import picture_keys
from controller.ledger.own_tables import strange
from controller.ledger.sqlite import REFUSALS, reading, sqlite3
from controller.ledger.tree import Frontier
from controller.ledger.walk import Fetch

APPLICATION_ID = 0x49524F4E
"""Bytes 68 to 71 of the file's header, "IRON": this file is a custody log and nothing else."""


DISCLOSURES = (
    "CREATE TABLE {} (digest TEXT PRIMARY KEY, subject TEXT NOT NULL, n INTEGER NOT NULL, text TEXT NOT NULL)"
    " STRICT, WITHOUT ROWID"
)
DISCLOSURES_BY_SUBJECT = "CREATE INDEX disclosure_subject ON disclosure (subject)"


def entries_heads_and_saved_states(db: Database) -> None:
    """The tables as they were in the beginning."""
    db.table("entry").create(
        {"n": int, "at": int, "time": int, "kind": str, "place": str, "leaf": bytes, "body": bytes},
        pk="n",
        not_null={"at", "time", "kind", "leaf", "body"},
        strict=True,
    )
    db.table("head").create(
        {"size": int, "root": bytes, "frontier": bytes},
        pk="size",
        not_null={"root", "frontier"},
        strict=True,
    )
    db.table("saved_state").create(
        {"size": int, "digest": bytes, "state": bytes},
        pk="size",
        not_null={"digest", "state"},
        strict=True,
    )


def signed_heads_nodes_and_disclosures(db: Database) -> None:
    """Heads signed at every commit, nodes for proofs, erasable personal data."""
    db.execute("ALTER TABLE head ADD COLUMN note BLOB")
    for table in (
        "node (level INTEGER NOT NULL, i INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, i))",
        "mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    ):
        db.execute(f"CREATE TABLE {table} STRICT, WITHOUT ROWID")
    db.execute(DISCLOSURES.format("disclosure"))
    db.execute(DISCLOSURES_BY_SUBJECT)
    db.execute("DELETE FROM saved_state")  # older ones hold names, and no entry vouches for them
    frontier = Frontier(nodes=[])
    for (leaf,) in db.execute("SELECT leaf FROM entry ORDER BY n"):
        frontier.append(leaf)
    db.conn.executemany("INSERT INTO node VALUES (?, ?, ?)", frontier.nodes or [])


def keys_of_pictures(db: Database) -> None:
    """What opens pictures, erasable like disclosures."""
    db.execute(picture_keys.TABLE.format("picture_key"))


ERASABLE = ("disclosure", "picture_key")
"""What goes when a subject is erased; each row knows the entry `n` that it came with."""

STEPS = (entries_heads_and_saved_states, signed_heads_nodes_and_disclosures, keys_of_pictures)
"""Every change of the tables, in order; a step that has been released is never edited."""

MIGRATIONS = Migrations("ironroom.custody")
for step in STEPS:
    MIGRATIONS()(step)


def connect_writer(file: Path) -> Database:
    """Open the log's file for its one writer and bring its tables up to date.

    WAL with synchronous=FULL: a commit returns after fdatasync. The writer alone moves the WAL into
    the database (wal_autocheckpoint is off: its errors would be swallowed by SQLite), nothing is mapped
    into memory, and what is deleted is overwritten (secure_delete). Raises LogDamaged when the file is
    not a custody log of this or an older version, LogDead when the disk refuses.
    """
    try:
        connection = sqlite3.connect(file, check_same_thread=False, timeout=5)
        db = Database(connection, execute_plugins=False)
        for setting in (
            "mmap_size = 0",
            "journal_mode = WAL",
            "synchronous = FULL",
            "wal_autocheckpoint = 0",
            "secure_delete = ON",
        ):
            db.execute(f"PRAGMA {setting}").fetchall()
        _require_ours(db, file)
        if _steps_done(db, file) != {step.__name__ for step in STEPS}:
            MIGRATIONS.apply(db)
        require_own_tables(lambda sql, values: db.execute(sql, values).fetchall(), file)
    except sqlite3.OperationalError as error:
        raise LogDead(f"{file}: the log cannot be opened: {error}.") from error
    except REFUSALS as error:
        raise LogDamaged(file, f"this is no readable database ({error})") from error
    return db


def require_own_tables(fetch: Fetch, file: Path) -> None:
    """Raise LogDamaged when the database holds more than a log's tables, or other ones (own_tables.py)."""
    with reading(file):
        wrong = strange(fetch, MIGRATIONS.apply)
    if wrong:
        raise LogDamaged(file, f"the database holds {wrong}")


def _require_ours(db: Database, file: Path) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise LogDamaged(file, "this database is not a custody log")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _steps_done(db: Database, file: Path) -> set[str]:
    with reading(file):  # the table of sqlite-utils, read here because its own reader trusts it
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchall():
            return set()
        rows = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (MIGRATIONS.name,))
        done = {name for (name,) in rows.fetchall()}
    unknown = done - {step.__name__ for step in STEPS}
    if unknown:
        words = ", ".join(sorted(map(str, unknown)))
        raise LogDamaged(file, f"a newer ironroom wrote it ({words})", "Use that version again")
    return done
