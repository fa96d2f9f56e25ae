"""Whether a head is cosigned. Rule: a pure function of the request, the last head and the log's keys.

Specification: C2SP tlog-witness v1.0.0, add-checkpoint; the checks in its order, and nothing beside them.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from controller.errors import FormatRefused, ProofRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.formats.witness_wire import AddCheckpoint, Status
from controller.ledger.proofs import check_consistency


class Conflict(StrEnum):
    """Why a signed head does not go together with the one that was cosigned last."""

    SPLIT = "split"
    """The same size with another root: with the other head it proves fraud by itself."""

    FORKED = "forked"
    """A larger head without a proof that it leads on; the log must show one or has changed its past."""

    BEHIND = "behind"
    """A smaller head: an old one shown again, or a log that was put back."""


class Verdict(NamedTuple):
    """The answer's status; `why` for people; `conflict` when the head shown is to be kept as evidence."""

    status: Status
    why: str = ""
    conflict: Conflict | None = None


def judge(request: AddCheckpoint, last: Checkpoint | None, vkeys: Sequence[VerifierKey]) -> Verdict:
    """Judge a request against the head cosigned last (None: never one) and the keys of its origin."""
    head = request.checkpoint
    if not vkeys:
        return Verdict(Status.UNKNOWN_LOG, "this log is not witnessed here")
    try:
        verify(request.note, vkeys)
    except FormatRefused as error:
        return Verdict(Status.UNSIGNED, error.sentence)
    if request.old > head.size:
        return Verdict(Status.BAD_REQUEST, "the old size is larger than the new one")
    had = last.size if last else 0
    if last and head.size == had and head.root != last.root:
        return Verdict(Status.CONFLICT, "another root of the same size was cosigned", Conflict.SPLIT)
    if request.old != had:
        behind = Conflict.BEHIND if head.size < had else None
        return Verdict(Status.CONFLICT, f"the size cosigned last is {had}", behind)
    return _consistent(request, head, last)


def _consistent(request: AddCheckpoint, head: Checkpoint, last: Checkpoint | None) -> Verdict:
    if request.old == 0 and request.proof:
        return Verdict(Status.NOT_CONSISTENT, "a proof from size 0 is empty")
    try:
        if last and last.size:
            check_consistency(last.size, head.size, last.root, head.root, request.proof)
    except ProofRefused as error:
        return Verdict(Status.NOT_CONSISTENT, error.sentence, Conflict.FORKED)
    return Verdict(Status.COSIGNED)
