"""How far the log is signed and cosigned. Rule: reads only; what cannot be read is said, not hidden."""

from __future__ import annotations

from dataclasses import dataclass

from controller.errors import IronroomError, LogDamaged
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.receipt import Receipt
from controller.ledger.proofs import inclusion_proof
from controller.ledger.reading import LogReader
from controller.ledger.signed_head import cosigned_head, newest_head, provable_head
from controller.ledger.slip import Cosigner, Slip
from web.review.kept import kept


@dataclass(frozen=True, slots=True)
class Heads:
    """The newest signed head and the newest cosigned one; ``wrong`` says why one cannot be told.

    ``damaged``: because the log is not what it was, and not because a file cannot be read.
    """

    newest: Checkpoint | None = None
    cosigned: Checkpoint | None = None
    cosigners: tuple[Cosigner, ...] = ()
    keys: tuple[str, ...] = ()
    wrong: str = ""
    damaged: bool = False

    def state(self, n: int) -> str:
        """cosigned, signed, or written (its head is on its way)."""
        if self.cosigned and n < self.cosigned.size:
            return "cosigned"
        return "signed" if self.newest and n < self.newest.size else "written"

    @property
    def signed(self) -> int:
        """Entries under a signed head."""
        return self.newest.size if self.newest else 0

    @property
    def witnessed(self) -> int:
        """Entries under a cosigned head."""
        return self.cosigned.size if self.cosigned else 0


def heads(reader: LogReader) -> Heads:
    """The heads as they are now."""
    try:
        keys = kept().keys(reader)
        cosigned = cosigned_head(reader, keys)
        newest = newest_head(reader)[1]
    except IronroomError as error:
        return Heads(wrong=str(error), damaged=isinstance(error, LogDamaged))
    cosigners = Slip(cosigned[0], "").cosigners if cosigned else []
    vkeys = tuple(str(key) for key in keys)
    return Heads(newest, cosigned[1] if cosigned else None, tuple(cosigners), vkeys)


def receipt(reader: LogReader, n: int) -> bytes:
    """A receipt of an Entry (C2SP tlog-proof); raises LogDamaged, UserMistake where no head is signed."""
    note, head = provable_head(reader, kept().keys(reader), n)
    return Receipt(n, tuple(inclusion_proof(n, head.size, reader.subtree)), note).to_bytes()


def newest_slip(reader: LogReader) -> Slip:
    """The newest head for paper, the cosigned note where it is the same head."""
    note, head = newest_head(reader)
    cosigned = cosigned_head(reader, kept().keys(reader))
    chosen: SignedNote = cosigned[0] if cosigned and cosigned[1] == head else note
    last = next(reader.entries(after=head.size - 2, before=head.size), {})
    return Slip(chosen, str(last.get("time", "")))
