"""Whether a policy accepts a log's heads, and up to where enough log witnesses have cosigned. Rule: no files.

The newest head is signed by the log at once and cosigned a moment later; so the quorum may stand on an
older head, where that is a head of the same tree. What came after it is signed by the log alone.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from controller.errors import FormatRefused, LogDamaged
from controller.ledger.export_folder import ASK_AGAIN
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.policy import NONE, Policy, satisfied
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.proofs import Subtree

SignedHead = tuple[SignedNote, Checkpoint]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The keys of the log that signed its newest head, and how many entries stand under a quorum."""

    vkeys: tuple[VerifierKey, ...]
    witnessed: int


def accepted(
    policy: Policy, where: Path, newest: SignedHead, cosigned: SignedHead | None, subtree: Subtree
) -> Accepted:
    """Check a log's newest head, and an older cosigned one, against a policy; `where` names them in errors.

    Raises LogDamaged when no listed key signed the newest head, a cosigned head is none of this tree, or
    the policy asks for a quorum and neither head has it.
    """
    try:
        satisfied(replace(policy, quorum=NONE), newest[0])
        vkeys = tuple(verify(newest[0], [log.vkey for log in policy.logs]))
    except FormatRefused as error:
        raise LogDamaged(where, f"the signed head is not accepted ({error})", ASK_AGAIN) from None
    if cosigned and not _is_older(cosigned[1], newest[1], subtree):
        wrong = f"the cosigned head of {cosigned[1].size} entries is another history"
        raise LogDamaged(where, wrong, ASK_AGAIN)
    return Accepted(vkeys, _witnessed(policy, where, [newest, *([cosigned] if cosigned else [])]))


def _is_older(cosigned: Checkpoint, newest: Checkpoint, subtree: Subtree) -> bool:
    is_ours = cosigned.origin == newest.origin and cosigned.size <= newest.size
    return is_ours and subtree(0, cosigned.size) == cosigned.root


def _witnessed(policy: Policy, where: Path, heads: list[SignedHead]) -> int:
    if policy.quorum == NONE:
        return 0
    why = ""
    for note, head in heads:
        try:
            satisfied(policy, note)
        except FormatRefused as error:
            why = why or str(error)
        else:
            return head.size
    raise LogDamaged(where, f"no head is witnessed as the policy demands ({why})", ASK_AGAIN)
