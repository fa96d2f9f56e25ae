"""The head of a log as text, before anybody signs it. Rule: three lines; whether they are true is open.

Specification: C2SP tlog-checkpoint v1.0.0, section "Note text". Origin, size, root hash in base64:

    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

An origin need not look like a name (the text warns against assuming it), only be one line; it is held
to 255 bytes, the most an ML-DSA-44 cosignature can carry. Extension lines are NOT RECOMMENDED there,
because nobody audits them; our logs write none and a checkpoint with one is refused.
"""

from dataclasses import dataclass
from typing import Self

from controller.errors import FormatRefused
from controller.ledger.formats.spelling import require_number, to_base64, to_hash, to_number
from controller.ledger.formats.verifier_key import NAME_BYTES
from controller.ledger.tree import EMPTY_ROOT, HASH_BYTES


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: `origin` names the log, `size` counts leaves, `root` has 32 bytes.

    Raises FormatRefused for an origin that is not one line of 1 to 255 bytes, a size beyond 2^63 - 1, a
    root of another length, and an empty tree whose root is not the empty root (RFC 6962 section 2.1).
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        _require_origin(self.origin)
        require_number(self.size, "the tree size")
        if len(self.root) != HASH_BYTES:
            raise FormatRefused(f"{self.origin}: a root has {HASH_BYTES} bytes, not {len(self.root)}")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise FormatRefused(f"{self.origin}: the root is not that of an empty tree")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `text()` back; raises FormatRefused for anything else, extension lines included."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise FormatRefused("a checkpoint is three lines: origin, size, root")
        return cls(lines[0], to_number(lines[1]), to_hash(lines[2]))

    def text(self) -> str:
        """The note text that is signed, its last newline included."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def _require_origin(origin: str) -> None:
    try:
        length = len(origin.encode())
    except UnicodeEncodeError:
        raise FormatRefused(f"the origin {origin[:60]!r} cannot be spelled in UTF-8") from None
    if not 0 < length <= NAME_BYTES or any(letter < " " for letter in origin):
        raise FormatRefused(f"the origin {origin[:60]!r} is not one line of 1 to {NAME_BYTES} bytes")
