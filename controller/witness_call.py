"""What a log asks a log witness, and what the answer means. Rule: one head, one witness, a value comes back.

Specification: C2SP tlog-witness v1.0.0, add-checkpoint. An answer 409 tells a size and is not signed: on a
plain http line anybody in between can say one, which costs an alarm or a start, never an opening.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from controller.clock import system_wall_ms
from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.cosignature import check_cosignature, timestamp_of
from controller.ledger.formats.note import NOTE_BYTES, Signature, SignedNote, verify
from controller.ledger.formats.witness_wire import (
    ADD_CHECKPOINT,
    SIZE_TYPE,
    AddCheckpoint,
    Status,
    decode_cosignatures,
    decode_size,
)
from controller.site_log import LogWitness
from controller.witness_line import Answer, Line, WitnessSilentError

ANSWER_BYTES = 64 * 1024
"""Cosignatures of some ML-DSA-44 keys; a longer answer is not read."""

CLOCKS_APART_S = 86_400
"""A cosignature whose time is further from our clock is not believed."""

_ROUNDS = 3  # each 409 tells a new size; one that goes on telling others is broken

Proof = Callable[[int, int], Sequence[bytes]]
"""Consistency proof (RFC 6962 section 2.1.2) between two sizes of our log."""


class Against(StrEnum):
    """How a log witness contradicts our head."""

    BEHIND = "it has cosigned more entries than our log has"
    SPLIT = "it has cosigned another head of the same size"
    FORKED = "it has cosigned a head that our log does not continue"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """It cosigned our head; the signature was checked."""

    signature: Signature


@dataclass(frozen=True, slots=True)
class Silent:
    """It did not answer, or not in a way that means anything; `why` is short."""

    why: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """It contradicts our head: it has cosigned `size` entries, by what it says."""

    against: Against
    size: int


Outcome = Cosigned | Silent | Conflict


class WitnessCall:
    """Asks one log witness, over one line, one head at a time."""

    def __init__(self, witness: LogWitness) -> None:
        self.witness = witness
        self._line = Line(witness.url)

    def ask(self, note: SignedNote, had: int, prove: Proof) -> Outcome:
        """Ask it to cosign a head; `had` is the size it cosigned last as far as we know (0: never)."""
        size = Checkpoint.parse(note.text).size
        try:
            return self._asked(note, size, min(had, size), prove)
        except (WitnessSilentError, FormatRefused) as error:
            return Silent(str(error))

    def newest(self, origin: str) -> SignedNote | None:
        """The head of this origin that it cosigned last, with its cosignature; None when it does not tell."""
        try:
            path = f"checkpoint/{sha256(origin.encode()).hexdigest()}"
            answer = self._line.call("GET", path, None, NOTE_BYTES)
            if answer.status != Status.COSIGNED:
                return None
            note = SignedNote.parse(answer.body)
            verify(note, [self.witness.vkey])
            return note if Checkpoint.parse(note.text).origin == origin else None
        except (WitnessSilentError, FormatRefused):
            return None

    def hang_up(self) -> None:
        """End a call under way, from any thread; no further one succeeds."""
        self._line.hang_up()

    def close(self) -> None:
        """Let go of the connection, between calls."""
        self._line.close()

    def _asked(self, note: SignedNote, size: int, old: int, prove: Proof) -> Outcome:
        for _ in range(_ROUNDS):
            proof = tuple(prove(old, size)) if 0 < old < size else ()
            body = AddCheckpoint(old, proof, note).to_bytes()
            answer = self._line.call("POST", ADD_CHECKPOINT, body, ANSWER_BYTES)
            if answer.status == Status.COSIGNED:
                return Cosigned(self._cosignature(note, answer.body))
            if answer.status == Status.NOT_CONSISTENT and 0 < old < size:
                return Conflict(Against.FORKED, old)
            if answer.status != Status.CONFLICT:
                return Silent(_refusal(answer))
            told = _size(answer, old, size)
            if told > size:
                return Conflict(Against.BEHIND, told)
            if told == old:
                return Conflict(Against.SPLIT, old) if old == size else Silent("it contradicts itself")
            old = told
        return Silent("it tells another size each time")

    def _cosignature(self, note: SignedNote, body: bytes) -> Signature:
        vkey = self.witness.vkey
        for signature in decode_cosignatures(body):
            if (signature.name, signature.key_id) == (vkey.name, vkey.key_id):
                check_cosignature(vkey, note.text.encode(), signature.signature)
                apart = abs(timestamp_of(signature.signature) - system_wall_ms() // 1000)
                if apart > CLOCKS_APART_S:
                    raise FormatRefused(f"{vkey.name}: its clock and ours are {apart // 3600} hours apart")
                return signature
        raise FormatRefused(f"it does not sign with the key {vkey.name}+{vkey.key_id.hex()}")


def _size(answer: Answer, old: int, size: int) -> int:
    """What a 409 tells; where heads of one size differ the specification asks for no body."""
    if answer.kind != SIZE_TYPE and old == size:
        return old
    if answer.kind != SIZE_TYPE:
        raise FormatRefused(f"it answers 409 as {answer.kind[:40]!r}, not as {SIZE_TYPE}")
    return decode_size(answer.body)


def _refusal(answer: Answer) -> str:
    meaning = {
        Status.BAD_REQUEST: "it does not understand us",
        Status.UNSIGNED: "it does not know this log's key",
        Status.UNKNOWN_LOG: "it does not know this log",
    }
    meant = {int(status): f": {words}" for status, words in meaning.items()}
    return f"it answers {answer.status}{meant.get(answer.status, '')}"
