"""What a restored log is proven to be, against what is known of the live one; and what stays unproven.

Rule: a sentence says no more than was checked. A signed head alone, newer than the backup, proves nothing
about the entries of the backup: for that the live log itself must give the hashes between (RFC 9162, 2.1.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from controller.errors import FormatRefused, ProofRefused, RestoreRefused, UserMistake
from controller.ledger import restored
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_trail import KEY_KINDS, key_of, require_trail
from controller.ledger.proofs import check_consistency, consistency_proof
from controller.ledger.reading import LogReader
from controller.ledger.walk import Head, decoded

LONGEST = 65_536
_KEYS = "SELECT n, body FROM entry WHERE kind IN (?, ?, ?) AND body != x'' ORDER BY n"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven, what was not ("" when nothing is open), and the entries of the newer head."""

    proven: str
    open: str
    size: int


def by_live(live: Path, backup: LogReader) -> Proof:
    """Prove a backup the beginning of the live log in a folder (or the live log the beginning of it)."""
    with LogReader(live / "custody.db") as reader:
        keys = named_keys(reader, live)
        now = _signed(reader.note() or b"", keys, f"the newest head in {live}")
        then = backup.head()
        old, new, tree = (then, now, reader) if then.size <= now.size else (now, then, backup)
        try:
            _require_beginning(old, new, tree)
        except ProofRefused as error:
            raise RestoreRefused(
                f"the backup is not of the log in {live}: {error}. Keep both: one of them was changed"
            ) from None
    if tree is backup and old.size < new.size:
        lacks = f"the log in {live} lacks {new.size - old.size} entries that were in it once"
        return Proof(f"the log in {live} is the beginning of the backup", lacks, new.size)
    return Proof(
        f"the backup is the beginning of the log in {live}, signed, of {now.size} entries", "", now.size
    )


def by_head(file: Path, backup: LogReader, keys: Sequence[VerifierKey]) -> Proof:
    """Hold a backup against a signed head that somebody kept; RestoreRefused when they contradict."""
    try:
        with file.open("rb") as opened:
            octets = opened.read(LONGEST)
    except OSError as error:
        raise UserMistake(f"{file}: the head cannot be read ({error.strerror})") from None
    head, own = _signed(octets, keys, str(file)), backup.head()
    if head.size > own.size:
        gap = f"that the backup is the beginning of those {head.size} entries: give --live for that"
        return Proof(f"{file} is a head of {head.size} entries, signed by this log's key", gap, head.size)
    if backup.subtree(0, head.size) != head.root:
        raise RestoreRefused(
            f"{file}: the backup's first {head.size} entries are not those of this signed head. Keep both as "
            "evidence: the log was changed"
        )
    same = (
        "is the whole backup" if head.size == own.size else f"is in the backup, {own.size - head.size} behind"
    )
    return Proof(f"the head of {head.size} entries in {file} {same}", "", own.size)


def named_keys(reader: LogReader, folder: Path) -> list[VerifierKey]:
    """The keys that a log names, each vouched for by the one before it, or by the box after a restoration."""
    trail = [
        key_of(reader.file, n, decoded(reader.file, n, body)) for n, body in reader.fetch(_KEYS, KEY_KINDS)
    ]
    outside = restored.known(folder)
    require_trail(reader.file, trail, outside)
    return [VerifierKey.parse(one.key) for one in trail if one.key] + outside


def _require_beginning(old: Head, new: Head, tree: LogReader) -> None:
    """Raise ProofRefused unless the tree, which has the new head, continues the old one."""
    if tree.subtree(0, old.size) != old.root:
        raise ProofRefused(f"the first {old.size} entries differ")
    proof = consistency_proof(old.size, new.size, tree.subtree)
    check_consistency(old.size, new.size, old.root, new.root, proof)


def _signed(octets: bytes, keys: Sequence[VerifierKey], what: str) -> Head:
    try:
        note = SignedNote.parse(octets)
        checkpoint = Checkpoint.parse(note.text)
        signers = verify(note, keys)
    except FormatRefused as error:
        raise RestoreRefused(f"{what} is not signed by this log's key ({error})") from None
    if checkpoint.origin not in {signer.name for signer in signers} or not checkpoint.size:
        raise RestoreRefused(f"{what} is a head of {checkpoint.origin}, and not of this log")
    return Head(checkpoint.size, checkpoint.root)
