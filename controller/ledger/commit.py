"""What one commit writes, inside the transaction that its caller holds. Rule: one batch, one signed head."""

import json
from collections.abc import Sequence
from typing import Any

from controller.ledger import picture_keys
from controller.ledger.batch import Batch
from controller.ledger.schema import DISCLOSURES, DISCLOSURES_BY_SUBJECT
from controller.ledger.signing import HeadSigner
from controller.ledger.walk import Head

_OF_THESE = "subject IN (SELECT value FROM json_each(?))"
_ENTRY = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)"
_NEW_HEAD = "INSERT INTO head (size, root, frontier, note) VALUES (?, ?, ?, ?)"
_MOVED_HEAD = "UPDATE head SET size = ?, root = ?, frontier = ?, note = ? WHERE size = ?"


def write(connection: Any, batch: Batch, signer: HeadSigner, moved: int | None) -> Head:
    """Write a batch and its signed head; `moved` is the size of the head's row that need not stay.

    Disclosures and picture keys of people whom the batch erases go in the same transaction: an Entry that
    says so and the data itself are never there together. So are the keys made that the batch seals with.
    """
    head = Head(batch.frontier.size, batch.frontier.root())
    connection.executemany(_ENTRY, batch.rows)
    if batch.nodes:
        connection.executemany("INSERT INTO node VALUES (?, ?, ?)", batch.nodes)
    if batch.erases:
        _erase(connection, batch.erases)
    if batch.disclosures:
        connection.executemany("INSERT INTO disclosure VALUES (?, ?, ?, ?)", batch.disclosures)
    if batch.seals:
        picture_keys.make(connection, batch.seals)
    row = (head.size, head.root, batch.frontier.to_bytes(), signer.note(head))
    if moved is None:
        connection.execute(_NEW_HEAD, row)
    else:
        connection.execute(_MOVED_HEAD, (*row, moved))
    return head


def _erase(connection: Any, subjects: Sequence[str]) -> None:
    """Take what the tables hold about these subjects out of them, and out of their pages."""
    listed = json.dumps(list(subjects))
    if _anew(connection, "disclosure", DISCLOSURES, listed):
        connection.execute(DISCLOSURES_BY_SUBJECT)
    _anew(connection, "picture_key", picture_keys.TABLE, listed)


def _anew(connection: Any, table: str, words: str, listed: str) -> bool:
    """Write a table anew without these subjects; whether it had any of theirs.

    Pages that are freed whole are overwritten whole (secure_delete); rows that are deleted one by one leave
    copies in the gaps of pages that SQLite has split or joined before.
    """
    if not connection.execute(f"SELECT 1 FROM {table} WHERE {_OF_THESE} LIMIT 1", (listed,)).fetchall():  # noqa: S608
        return False
    kept = f"SELECT * FROM {table} WHERE NOT {_OF_THESE}"  # noqa: S608
    connection.execute(words.format("kept"))
    connection.execute(f"INSERT INTO kept {kept}", (listed,))
    connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE kept RENAME TO {table}")
    return True
