"""Has an older state of the log been put back by hand? Remembered heads outside the database tell.

Two files beside it remember a head that was durable: `custody.lock` (hold.py), after every commit, and
`checkpoint.cosigned`, the newest head that log witnesses cosigned, where there are any. A log must have
each of them as its beginning. Rule: whoever can write these files too (root) can put them back as well;
then only those outside notice: the log witnesses, the guard's book, the backups' manifest.
The file room.time is no such mark: room time also goes on without entries.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from controller.errors import FormatRefused, LogDamaged, ProofRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import NOTE_BYTES, SignedNote, verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.hold import Hold
from controller.ledger.private import unwaiting
from controller.ledger.subtrees import subtree
from controller.ledger.walk import Fetch, Head

COSIGNED = "checkpoint.cosigned"
_REMEDY = (
    "Keep these files as evidence and put the newest ones back; if those are lost, `ironroom restore` a "
    "backup, which continues under a new name, so that nobody can take it for the log that was here"
)


def require_not_rolled_back(fetch: Fetch, file: Path, head: Head, hold: Hold, vkey: VerifierKey) -> None:
    """Raise LogDamaged unless the log has every remembered head as its beginning; costs some 1,000 hashes."""
    for mark, where in _marks(file.parent, hold, vkey):
        if head.size < mark.size:
            wrong = (
                f"it holds {head.size} entries, and {where.name} remembers {mark.size} that were written here"
            )
            raise LogDamaged(file, f"a rolled-back log was found: {wrong}", _REMEDY)
        if _root(fetch, file, mark.size, head) != mark.root:
            wrong = f"its first {mark.size} entries are not those that {where.name} remembers"
            raise LogDamaged(file, f"another log was found: {wrong}", _REMEDY)


def _marks(folder: Path, hold: Hold, vkey: VerifierKey) -> Iterator[tuple[Head, Path]]:
    if hold.newest is not None:
        yield hold.newest, hold.file
    with suppress(FileNotFoundError, FormatRefused):  # none, or by a key before: then it says nothing
        with open(folder / COSIGNED, "rb", opener=unwaiting) as opened:
            note = SignedNote.parse(opened.read(NOTE_BYTES + 1))
        verify(note, [vkey])
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.origin == vkey.name:
            yield Head(checkpoint.size, checkpoint.root), folder / COSIGNED


def _root(fetch: Fetch, file: Path, size: int, head: Head) -> bytes:
    if size == head.size:
        return head.root
    try:
        return subtree(fetch, 0, size)
    except ProofRefused as error:
        raise LogDamaged(file, f"the tree over its first {size} entries is gone ({error})", _REMEDY) from None
