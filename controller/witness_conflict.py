"""A log witness contradicts our log: what signed heads show it, and how it is told. Rule: evidence first."""

from __future__ import annotations

from collections.abc import Callable

from controller.core.custody import LONGEST_TEXT
from controller.core.events import LogNews
from controller.core.words import Kind
from controller.errors import ProofRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote
from controller.ledger.proofs import Subtree
from controller.ledger.tree import EMPTY_ROOT
from controller.witness_call import Conflict, WitnessCall
from controller.witness_memory import WitnessMemory


def contradicts(note: SignedNote, ours: SignedNote, subtree: Subtree) -> bool:
    """Whether a signed head of our log's name cannot belong to the log that our head is of."""
    theirs, head = Checkpoint.parse(note.text), Checkpoint.parse(ours.text)
    if theirs.origin != head.origin:
        return False
    return theirs.size > head.size or root_at(theirs.size, subtree) != theirs.root


def root_at(size: int, subtree: Subtree) -> bytes:
    """The root that our log had when it had so many entries; raises ProofRefused when it never had."""
    return subtree(0, size) if size else EMPTY_ROOT


def evidence(
    call: WitnessCall, memory: WitnessMemory, ours: SignedNote, conflict: Conflict, subtree: Subtree
) -> LogNews:
    """Keep the two heads as files, and answer the news of it; raises OSError when the disk refuses."""
    name, origin = call.witness.name, Checkpoint.parse(ours.text).origin
    candidates: tuple[Callable[[], SignedNote | None], ...] = (
        lambda: memory.note(name),
        lambda: call.newest(origin),
    )
    theirs = next((one for get in candidates if (one := get()) and _against(one, ours, subtree)), None)
    said = f"{call.witness.vkey.name}: {conflict.against}; size {conflict.size}"
    memory.keep_fraud(name, ours, theirs, said)
    fields = {"log_witness": name, "ours": _text(ours), "theirs": _text(theirs) if theirs else said}
    return LogNews(0, Kind.LOG_CONFLICT, "", fields)


def _against(note: SignedNote, ours: SignedNote, subtree: Subtree) -> bool:
    try:
        return contradicts(note, ours, subtree)
    except ProofRefused:
        return False


def _text(note: SignedNote) -> str:
    whole = note.to_bytes().decode()
    return whole if len(whole.encode()) <= LONGEST_TEXT else note.text
