"""The heads of a log that others can check, and the keys they are checked with. Reads only.

Rule: a cosigned head from the file beside the log counts only when it is a head of this very log.
"""

from controller.errors import FormatRefused, LogDamaged, LogExposed, UserMistake
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import NOTE_BYTES, SignedNote, verify
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_places import key_beside
from controller.ledger.key_trail import KEY_KINDS, key_of, require_trail
from controller.ledger.private import unwaiting
from controller.ledger.reading import LogReader
from controller.ledger.restored import known
from controller.ledger.walk import decoded

COSIGNED = "checkpoint.cosigned"
"""Beside custody.db: the newest head that log witnesses have cosigned, the log's own signature first."""

_KEYS = "SELECT n, body FROM entry WHERE kind IN (?, ?, ?) AND body != x'' ORDER BY n"


def newest_head(reader: LogReader) -> tuple[SignedNote, Checkpoint]:
    """The newest signed head; raises UserMistake for an empty log, LogDamaged for what is none."""
    octets = reader.note()
    if octets is None:
        raise UserMistake(f"{reader.file}: the log has no signed head yet, because it has no entry")
    try:
        note = SignedNote.parse(octets)
        return note, Checkpoint.parse(note.text)
    except FormatRefused as error:
        raise LogDamaged(reader.file, f"the newest head is no signed note ({error})") from None


def log_keys(reader: LogReader) -> list[VerifierKey]:
    """Every key that the log's own entries name, oldest first, else the public half of the key beside it.

    Raises LogDamaged when a rotation is not signed by both its keys, or a key that began after a restoration
    is not in the mark beside the log; UserMistake when no key is known.
    """
    rows = reader.fetch(_KEYS, KEY_KINDS)
    trail = [key_of(reader.file, n, decoded(reader.file, n, body)) for n, body in rows]
    if trail:  # entries about keys are never pruned
        require_trail(reader.file, trail, known(reader.file.parent))
    if trail:
        return [VerifierKey.parse(one.key) for one in trail if one.key]
    try:
        vkey = key_beside(reader.file.parent)
    except LogExposed:
        vkey = None
    if vkey is None:
        raise UserMistake(f"{reader.file}: no entry names the log's key; give it with --vkey or --policy")
    return [vkey]


def signing_key(reader: LogReader, note: SignedNote, keys: list[VerifierKey]) -> VerifierKey:
    """Which of a log's keys signed this head, the newer one of two; raises LogDamaged when none did."""
    try:
        return verify(note, keys)[-1]
    except FormatRefused as error:
        wrong = f"the newest head is not signed by a key that its entries name ({error})"
        raise LogDamaged(reader.file, wrong) from None


def cosigned_head(reader: LogReader, keys: list[VerifierKey]) -> tuple[SignedNote, Checkpoint] | None:
    """The head with cosignatures from the file beside the log, None where there is no such file.

    Raises LogDamaged when it is no head of this log or not signed by one of its `keys`.
    """
    file = reader.file.parent / COSIGNED
    try:
        with open(file, "rb", opener=unwaiting) as opened:
            octets = opened.read(NOTE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserMistake(f"{file}: it cannot be read ({error.strerror})") from None
    try:
        note = SignedNote.parse(octets)
        head = Checkpoint.parse(note.text)
        verify(note, keys)
    except FormatRefused as error:
        raise LogDamaged(file, f"this is no signed head of the log ({error})") from None
    if head.size > reader.count() or reader.subtree(0, head.size) != head.root:
        raise LogDamaged(file, f"its head of {head.size} entries is not a head of this log")
    return note, head


def provable_head(reader: LogReader, keys: list[VerifierKey], n: int) -> tuple[SignedNote, Checkpoint]:
    """The head for a receipt of entry `n`: the cosigned one where it covers the entry, else the newest."""
    cosigned = cosigned_head(reader, keys)
    if cosigned and n < cosigned[1].size:
        return cosigned
    return newest_head(reader)
