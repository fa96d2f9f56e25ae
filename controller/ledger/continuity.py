"""Whether a log continues a head that somebody remembered, and the proof when it does not. Rule: no storage.

Two heads of one size and different roots, both signed by the log, are a proof of fraud by themselves. Where
the log is larger than the remembered head, a third file makes it one: the consistency proof (RFC 6962
section 2.1.2) that the newer head commits to another root of the older size, one hash a line in base64:

    old size 5
    old root of the newer head 8QIcgKDqQ1q5+lA5cVDQlLZ6S2jmxw0tpdMyKb1HZO4=
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from controller.errors import LogDamaged, UserMistake
from controller.ledger.export_folder import FolderWriter
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.spelling import to_base64
from controller.ledger.proofs import Subtree, check_consistency, consistency_proof

OURS, THEIRS, PROOF, README = "ours.checkpoint", "theirs.checkpoint", "consistency.proof", "README.txt"


class Verdict(StrEnum):
    """What a remembered head and the log's newest one are to each other."""

    CONTINUED = "continued"
    ROLLED_BACK = "rolled_back"
    SPLIT = "split"
    REWRITTEN = "rewritten"


SENTENCES = {
    Verdict.CONTINUED: "the log continues the remembered head of {old:,}: {more:,} entries since",
    Verdict.ROLLED_BACK: (
        "the log ends with {new:,} entries, but a head of {old:,} was signed: "
        "it was rolled back, or its tail is gone"
    ),
    Verdict.SPLIT: "two histories: both heads count {old:,} entries and their roots differ",
    Verdict.REWRITTEN: (
        "history was rewritten: the first {old:,} of its {new:,} entries are not those of the remembered head"
    ),
}
"""What is said of each."""

PROVEN = {
    Verdict.ROLLED_BACK: (
        "Proven: the log's key signed a head of {old:,} entries, and later the log showed only {new:,}. Not "
        "proven by these two files: that these {new:,} entries differ from the first {new:,} of the larger "
        "tree; for that the larger tree is needed."
    ),
    Verdict.SPLIT: (
        "Proven by the two signatures alone: the log's key signed two different trees of {old:,} entries. No "
        "honest log can do that."
    ),
    Verdict.REWRITTEN: (
        "Proven: the log's key signed a head of {old:,} entries (theirs.checkpoint) and a head of {new:,} "
        "(ours.checkpoint), and consistency.proof shows by RFC 9162 section 2.1.4.2 that the head of {new:,} "
        "stands on another root of {old:,} entries. No honest log can do that. Without consistency.proof, or "
        "an export of the log, the two heads alone would not show it: their sizes differ."
    ),
}
"""What the kept files prove, and what they do not."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict on the remembered head (`theirs`) and the log's newest one (`ours`), with what proves it.

    `root_then` is the root that the log has today over as many entries as the remembered head counts.
    """

    verdict: Verdict
    ours: SignedNote
    theirs: SignedNote
    old: int
    new: int
    root_then: bytes = b""
    proof: tuple[bytes, ...] = ()

    @property
    def sentence(self) -> str:
        """The verdict in a sentence."""
        return SENTENCES[self.verdict].format(old=self.old, new=self.new, more=self.new - self.old)


def compare(ours: SignedNote, theirs: SignedNote, subtree: Subtree, where: Path) -> Comparison:
    """Compare a log's newest head and a remembered one; both signatures were checked before.

    `subtree` asks the log's own tree, which must give the newest head's root. Raises UserMistake when the
    heads are of two logs, LogDamaged when the tree is not that of its head.
    """
    newest, older = Checkpoint.parse(ours.text), Checkpoint.parse(theirs.text)
    if newest.origin != older.origin:
        raise UserMistake(f"the remembered head is of {older.origin}, the log is {newest.origin}")
    if subtree(0, newest.size) != newest.root:
        raise LogDamaged(where, f"the tree does not give the root signed for its {newest.size} entries")
    if older.size > newest.size:
        return Comparison(Verdict.ROLLED_BACK, ours, theirs, older.size, newest.size)
    root_then = subtree(0, older.size)
    proof = tuple(consistency_proof(older.size, newest.size, subtree)) if older.size else ()
    if older.size:
        check_consistency(older.size, newest.size, root_then, newest.root, proof)
    if root_then == older.root:
        verdict = Verdict.CONTINUED
    else:
        verdict = Verdict.SPLIT if older.size == newest.size else Verdict.REWRITTEN
    return Comparison(verdict, ours, theirs, older.size, newest.size, root_then, proof)


def keep_evidence(comparison: Comparison, folder: Path) -> None:
    """Keep both heads, and what else proves the verdict, durably in a new or empty folder.

    Raises UserMistake when there is something in it.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UserMistake(f"{folder}: there is something in it already; name a new or an empty folder")
    writer = FolderWriter(folder)
    writer.write(OURS, comparison.ours.to_bytes())
    writer.write(THEIRS, comparison.theirs.to_bytes())
    if comparison.verdict is Verdict.REWRITTEN:
        lines = [
            f"old size {comparison.old}",
            f"old root of the newer head {to_base64(comparison.root_then)}",
            *map(to_base64, comparison.proof),
        ]
        writer.write(PROOF, "".join(f"{line}\n" for line in lines).encode())
    proven = PROVEN[comparison.verdict].format(old=comparison.old, new=comparison.new)
    writer.write(README, f"{comparison.sentence}.\n{proven}\n".encode())
    writer.sync()
