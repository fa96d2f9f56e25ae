"""What a forger with the files can do: every hash made anew, and signed with whatever key there is."""

from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import Frontier, leaf_hash

Connection = sqlite3.Connection
BODY = "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), {}) AS BLOB) WHERE n = {}"
STRANGER = Ed25519Signer.generate("ironroom/stranger")


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


def forge(connection: Connection, signer: Ed25519Signer) -> None:
    connection.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'wang', 'zhao') AS BLOB)")
    rehash(connection, signer)
