"""A receipt: one entry is in the log, provable without the log. Rule: a policy judges, no byte is trusted.

Specification: C2SP tlog-proof, first line `c2sp.org/tlog-proof@v1`; files end in `.tlog-proof`. Then
extra data if there is any (base64; not authenticated, never to be trusted), the entry's index, the
inclusion proof from the leaf's sibling upwards (RFC 6962 section 2.1.1), an empty line, the checkpoint:

    c2sp.org/tlog-proof@v1
    index 73894
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
    B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

    example.com/fancylog
    109482
    sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

    — example.com/fancylog hI2DJw...
    — witness1.example mJirIklj...
"""

from dataclasses import dataclass
from typing import Self

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import NOTE_BYTES, SignedNote
from controller.ledger.formats.policy import Policy, satisfied
from controller.ledger.formats.spelling import (
    from_base64,
    require_number,
    to_base64,
    to_hash,
    to_number,
    to_text,
)
from controller.ledger.proofs import check_inclusion
from controller.ledger.tree import HASH_BYTES, leaf_hash

FIRST_LINE = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"

PROOF_HASHES = 63
"""A tree of fewer than 2^63 leaves is not higher."""

EXTRA_BYTES = 65_535
"""More extra data is not read: it holds at most an entry."""

RECEIPT_BYTES = NOTE_BYTES + 2 * EXTRA_BYTES
"""A longer receipt is not read."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry's `index`, its inclusion `proof`, the signed checkpoint as `note`, and opaque `extra` data.

    Raises FormatRefused for numbers and hashes that the spelling cannot carry and for a note that is no
    checkpoint. Nothing is verified: that is `check`.
    """

    index: int
    proof: tuple[bytes, ...]
    note: SignedNote
    extra: bytes = b""

    def __post_init__(self) -> None:
        require_number(self.index, "the index")
        if len(self.proof) > PROOF_HASHES or any(len(one) != HASH_BYTES for one in self.proof):
            raise FormatRefused(f"an inclusion proof is at most {PROOF_HASHES} hashes of {HASH_BYTES} bytes")
        if len(self.extra) > EXTRA_BYTES:
            raise FormatRefused(f"a receipt has at most {EXTRA_BYTES} bytes of extra data")
        Checkpoint.parse(self.note.text)

    @classmethod
    def parse(cls, octets: bytes) -> Self:
        """Read `to_bytes` back; raises FormatRefused for anything else."""
        head, parted, note = to_text(octets, RECEIPT_BYTES, "a receipt").partition("\n\n")
        first, *lines = head.split("\n")
        if not parted or first != FIRST_LINE:
            raise FormatRefused(f"a receipt begins with {FIRST_LINE} and has an empty line")
        extra = _labelled("extra", lines.pop(0)) if lines and lines[0].startswith("extra ") else None
        if extra == "" or not lines:
            raise FormatRefused("a receipt has no empty extra data, and has an index")
        index = to_number(_labelled("index", lines.pop(0)))
        proof = tuple(to_hash(line) for line in lines)
        return cls(index, proof, SignedNote.parse(note.encode()), from_base64(extra) if extra else b"")

    def to_bytes(self) -> bytes:
        """The whole receipt as it is kept in a file."""
        extra = [f"extra {to_base64(self.extra)}"] if self.extra else []
        lines = [FIRST_LINE, *extra, f"index {self.index}", *map(to_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.note.to_bytes()


def check(receipt: Receipt, entry: bytes, policy: Policy) -> Checkpoint:
    """Check that exactly these bytes are the receipt's entry, in a log the policy trusts; answers its head.

    Raises FormatRefused when the policy is not satisfied, ProofRefused when the proof does not lead from
    the entry to the checkpoint's root. The extra data is not looked at.
    """
    checkpoint = satisfied(policy, receipt.note)
    check_inclusion(leaf_hash(entry), receipt.index, checkpoint.size, checkpoint.root, receipt.proof)
    return checkpoint


def _labelled(label: str, line: str) -> str:
    if not line.startswith(f"{label} "):
        raise FormatRefused(f"{line[:60]!r} is not the line of the {label}")
    return line.removeprefix(f"{label} ")
