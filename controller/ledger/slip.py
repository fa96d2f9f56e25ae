"""The slip for the guard's book: the log's newest head on paper, for hand and for camera. Rule: no storage.

What the book holds nobody can change on a computer. Three ways back from it, each weaker and shorter:

    the QR code      the whole signed note: origin, size, root, signatures
    the root         SHA-256 of the tree in 16 groups of 4 hexadecimal digits, beside the size
    the code         7K2M-9QXA-…: 80 bits of SHA-256 over the checkpoint's text, in Crockford's base 32
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.cosignature import timestamp_of
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.spelling import to_number
from controller.ledger.proofs import Subtree
from controller.ledger.tree import HASH_BYTES

QR_BYTES = 520
"""Of a longer note the QR code leaves out the longest cosignatures: its modules would be too fine."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
_CODE_BYTES, _CODE_LETTERS = 10, 16


@dataclass(frozen=True, slots=True)
class Cosigner:
    """Who cosigned, and when (POSIX seconds)."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Slip:
    """A head as it is written on paper; `time` is that of its last entry, as that entry tells it."""

    note: SignedNote
    time: str

    @property
    def head(self) -> Checkpoint:
        """Origin, size and root."""
        return Checkpoint.parse(self.note.text)

    @property
    def code(self) -> str:
        """The code, in groups of four."""
        return code_of(self.note.text)

    @property
    def root_groups(self) -> list[list[str]]:
        """The root as four lines of four groups of four hexadecimal digits."""
        digits = self.head.root.hex().upper()
        groups = [digits[at : at + 4] for at in range(0, 2 * HASH_BYTES, 4)]
        return [groups[at : at + 4] for at in range(0, 16, 4)]

    @property
    def cosigners(self) -> list[Cosigner]:
        """Whose signatures stand beside the log's own; they are verified with the QR code, not here."""
        others = [one for one in self.note.signatures if one.name != self.head.origin]
        return [Cosigner(one.name, timestamp_of(one.signature)) for one in others]

    @property
    def qr_text(self) -> bytes:
        """What the QR code says: the note, with as many cosignatures as it can hold."""
        note = self.note
        while len(note.to_bytes()) > QR_BYTES and len(note.signatures) > 1:
            longest = max(note.signatures[1:], key=lambda one: len(one.signature))
            note = SignedNote(note.text, tuple(one for one in note.signatures if one is not longest))
        return note.to_bytes()


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied by hand: a size, and the root or the code."""

    size: int
    root: bytes = b""
    code: str = ""

    def agrees(self, origin: str, subtree: Subtree) -> bool:
        """Whether the log had this head when it had so many entries; raises ProofRefused if it never had."""
        root = subtree(0, self.size)
        if self.root:
            return self.root == root
        return self.code == code_of(Checkpoint(origin, self.size, root).text())


def code_of(text: str) -> str:
    """The code of a checkpoint's text: 16 letters in groups of four."""
    number = int.from_bytes(sha256(text.encode()).digest()[:_CODE_BYTES], "big")
    return _grouped("".join(_LETTERS[number >> 5 * at & 31] for at in reversed(range(_CODE_LETTERS))))


def copied(text: str) -> Copied:
    """Read "SIZE CODE" or "SIZE ROOT" as hands write it: any case, any signs between groups, "1 234" too.

    Raises FormatRefused for anything else.
    """
    words = [word for word in re.split(r"[\W_]+", text.upper()) if word]
    for taken in range(1, len(words)):
        if taken > 1 and not (len(words[0]) <= 3 and re.fullmatch("[0-9]{3}", words[taken - 1])):
            break
        size, letters = "".join(words[:taken]), "".join(words[taken:])
        if re.fullmatch(f"[0-9A-F]{{{2 * HASH_BYTES}}}", letters):
            return Copied(to_number(size), root=bytes.fromhex(letters))
        letters = letters.translate(_ALIKE)
        if len(letters) == _CODE_LETTERS and not set(letters) - set(_LETTERS):
            return Copied(to_number(size), code=_grouped(letters))
    raise FormatRefused("this is no number of entries with a code or root behind it")


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + 4] for at in range(0, _CODE_LETTERS, 4))
