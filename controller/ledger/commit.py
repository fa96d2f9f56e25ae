"""What one commit writes, inside the transaction that its caller holds. Rule: one batch, one signed head."""

from typing import Any

from controller.ledger.batch import Batch
from controller.ledger.signing import HeadSigner
from controller.ledger.walk import Head

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
    for subject in batch.erases:
        connection.execute("DELETE FROM disclosure WHERE subject = ?", (subject,))
    if batch.disclosures:
        connection.executemany("INSERT INTO disclosure VALUES (?, ?, ?, ?)", batch.disclosures)
    row = (head.size, head.root, batch.frontier.to_bytes(), signer.note(head))
    if moved is None:
        connection.execute(_NEW_HEAD, row)
    else:
        connection.execute(_MOVED_HEAD, (*row, moved))
    return head
