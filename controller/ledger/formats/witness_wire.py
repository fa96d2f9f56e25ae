"""What a log and a log witness say to each other. Rule: bodies and status codes; no connection, no judgement.

Specification: C2SP tlog-witness v1.0.0, section "add-checkpoint". A request's body, POSTed to
<submission prefix>/add-checkpoint: the size the log believes was cosigned last, the consistency proof
from there (RFC 6962 section 2.1.2, empty when it is 0), an empty line, the checkpoint:

    old 20852014
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=

    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5...

The answer with status 200 is one or more signature lines, with 409 the size cosigned last and a newline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import NOTE_BYTES, Signature, SignedNote, signature_lines
from controller.ledger.formats.spelling import require_number, to_base64, to_hash, to_number, to_text
from controller.ledger.tree import HASH_BYTES

ADD_CHECKPOINT = "add-checkpoint"
"""The call's path below the submission prefix."""

SIZE_TYPE = "text/x.tlog.size"
"""The Content-Type that an answer 409 has."""

PROOF_HASHES = 63
"""A client MUST NOT send more hashes."""

REQUEST_BYTES = NOTE_BYTES + 4096
"""A longer request is not read: 63 hashes of 45 bytes, the old size, and the longest note."""

_SIZE_BYTES = 20  # 19 digits and the newline


class Status(IntEnum):
    """The status codes of an answer, each with the one thing it means."""

    COSIGNED = 200
    """The checkpoint was checked and is durably remembered; the body holds cosignatures."""

    BAD_REQUEST = 400
    """The body is not spelled as above, or the old size is larger than the checkpoint's."""

    UNSIGNED = 403
    """No trusted key of that origin signed the checkpoint, or its signature does not hold."""

    UNKNOWN_LOG = 404
    """The log witness does not serve the log of that origin."""

    CONFLICT = 409
    """The old size is not what was cosigned last (the body tells that), or sizes agree and roots differ."""

    NOT_CONSISTENT = 422
    """The consistency proof does not lead from what was cosigned last to this checkpoint."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The request: `old` size, `proof` of at most 63 hashes, `note` a signed checkpoint.

    Raises FormatRefused for what the spelling cannot carry and for a note that is no checkpoint. Whether
    old size, proof and checkpoint fit together is for the log witness to judge (see Status).
    """

    old: int
    proof: tuple[bytes, ...]
    note: SignedNote

    def __post_init__(self) -> None:
        require_number(self.old, "the old size")
        if len(self.proof) > PROOF_HASHES or any(len(one) != HASH_BYTES for one in self.proof):
            raise FormatRefused(f"a consistency proof is at most {PROOF_HASHES} hashes of {HASH_BYTES} bytes")
        Checkpoint.parse(self.note.text)

    @classmethod
    def parse(cls, octets: bytes) -> Self:
        """Read `to_bytes` back; raises FormatRefused for anything else."""
        head, parted, note = to_text(octets, REQUEST_BYTES, "a request").partition("\n\n")
        old, *proof = head.split("\n")
        if not parted or not old.startswith("old "):
            raise FormatRefused("a request is a line with the old size, a proof, an empty line and a note")
        size = to_number(old.removeprefix("old "))
        return cls(size, tuple(to_hash(line) for line in proof), SignedNote.parse(note.encode()))

    def to_bytes(self) -> bytes:
        """The body as it is sent."""
        head = "".join([f"old {self.old}\n", *(f"{to_base64(one)}\n" for one in self.proof), "\n"])
        return head.encode() + self.note.to_bytes()

    @property
    def checkpoint(self) -> Checkpoint:
        """The head that the note tells of; true only once a signature verified."""
        return Checkpoint.parse(self.note.text)


def encode_cosignatures(cosignatures: Sequence[Signature]) -> bytes:
    """The body of an answer 200: one line each."""
    if not cosignatures:
        raise FormatRefused("an answer has at least one cosignature")
    return "".join(f"{line}\n" for line in cosignatures).encode()


def decode_cosignatures(octets: bytes) -> tuple[Signature, ...]:
    """Read the body of an answer 200; nothing is verified: join it to the note, then `verify` that."""
    return signature_lines(to_text(octets, NOTE_BYTES, "an answer"))


def encode_size(size: int) -> bytes:
    """The body of an answer 409: the size cosigned last, and a newline."""
    require_number(size, "the tree size")
    return b"%d\n" % size


def decode_size(octets: bytes) -> int:
    """Read the body of an answer 409; raises FormatRefused for anything else."""
    text = to_text(octets, _SIZE_BYTES, "an answer")
    if not text.endswith("\n"):
        raise FormatRefused("the size has no newline behind it")
    return to_number(text.removesuffix("\n"))
