"""What one commit writes, inside the transaction that its caller holds. Rule: one batch, one signed head."""

import json
from collections.abc import Sequence
from typing import Any

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

    Disclosures of people whom the batch erases go in the same transaction: an Entry that says so and the
    data itself are never there together.
    """
    head = Head(batch.frontier.size, batch.frontier.root())
    connection.executemany(_ENTRY, batch.rows)
    if batch.nodes:
        connection.executemany("INSERT INTO node VALUES (?, ?, ?)", batch.nodes)
    if batch.erases:
        _erase(connection, batch.erases)
    if batch.disclosures:
        connection.executemany("INSERT INTO disclosure VALUES (?, ?, ?, ?)", batch.disclosures)
    row = (head.size, head.root, batch.frontier.to_bytes(), signer.note(head))
    if moved is None:
        connection.execute(_NEW_HEAD, row)
    else:
        connection.execute(_MOVED_HEAD, (*row, moved))
    return head


def _erase(connection: Any, subjects: Sequence[str]) -> None:
    """Write the table of disclosures anew without these subjects, if it has any of theirs.

    Pages that are freed whole are overwritten whole (secure_delete); rows that are deleted one by one leave
    copies in the gaps of pages that SQLite has split or joined before.
    """
    listed = json.dumps(list(subjects))
    if connection.execute(f"SELECT 1 FROM disclosure WHERE {_OF_THESE} LIMIT 1", (listed,)).fetchall():  # noqa: S608
        kept = f"SELECT * FROM disclosure WHERE NOT {_OF_THESE}"  # noqa: S608
        connection.execute(DISCLOSURES.format("kept"))
        connection.execute(f"INSERT INTO kept {kept}", (listed,))
        connection.execute("DROP TABLE disclosure")
        connection.execute("ALTER TABLE kept RENAME TO disclosure")
        connection.execute(DISCLOSURES_BY_SUBJECT)
