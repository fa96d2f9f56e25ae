"""Who signs the heads of a log, and whether the newest head was signed so. Rule: every commit is signed.

Specification: C2SP tlog-checkpoint v1.0.0: a signed note whose text is origin, size and root. A log's
origin is the name of its key. At a rotation one head is signed by both keys, the old one first.
"""

from pathlib import Path

from controller.errors import FormatRefused, LogDamaged
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.signer import Signer, signed
from controller.ledger.log_key import KeyStore
from controller.ledger.restored import pending, require_key
from controller.ledger.walk import Fetch, Head

_NO_KEY = "the key that signs this log is gone: {} is missing, or what the site file says of it is wrong"
_PUT_BACK = "Put the key back from the backup; a log is never signed by another key without an Entry of it"
_RESTORE = "Keep the files as evidence; put back the key that signed last, or restore the last good backup"


class HeadSigner:
    """Spells and signs heads; `change` puts another key behind it, and one head carries both."""

    def __init__(self, signer: Signer) -> None:
        self.signer = signer
        self._leaving: tuple[Signer, ...] = ()

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.signer.vkey.name

    def note(self, head: Head) -> bytes:
        """The head as a signed note."""
        text = Checkpoint(self.origin, head.size, head.root).text()
        return signed(text, *self._leaving, self.signer).to_bytes()

    def change(self, coming: Signer) -> None:
        """From the next head on another key signs; that one head is signed by the old key too."""
        if coming.vkey.name != self.origin:
            raise ValueError(f"the log is {self.origin}, the new key is for {coming.vkey.name}")
        self._leaving, self.signer = (self.signer,), coming

    def changed(self) -> None:
        """The head with both signatures is durable."""
        self._leaving = ()


def newest_note(fetch: Fetch) -> bytes | None:
    """The newest head as a signed note, None in an empty log and in one of an older version."""
    rows = fetch("SELECT note FROM head ORDER BY size DESC LIMIT 1", ())
    return None if not rows or rows[0][0] is None else bytes(rows[0][0])


def signer_of(fetch: Fetch, file: Path, head: Head, origin: str, keys: KeyStore) -> HeadSigner:
    """The signer of a log that is being opened: its own key, or a new one in a new or restored log.

    Raises LogDamaged when the key is gone or the newest head was not signed by it, LogExposed when others
    can touch the key.
    """
    note = newest_note(fetch)
    if mark := pending(file.parent, head):
        return HeadSigner(require_key(file.parent, mark, keys.current()))
    if note is not None:
        keys.settle(last_signer(file, note))
    key = keys.current()
    if key is None and note is not None:
        raise LogDamaged(file, _NO_KEY.format(file.parent / "log.key"), _PUT_BACK)
    signer = HeadSigner(key or keys.begin(origin))
    if note is not None:
        _require_ours(file, note, fetch, signer)
    return signer


def last_signer(file: Path, note: bytes) -> bytes:
    """The ID of the key that signed a head last (of two, the one that came); raises LogDamaged."""
    try:
        return SignedNote.parse(note).signatures[-1].key_id
    except FormatRefused as error:
        raise LogDamaged(file, f"the newest head is no signed note ({error})", _RESTORE) from None


def _require_ours(file: Path, octets: bytes, fetch: Fetch, signer: HeadSigner) -> None:
    ((size, root),) = fetch("SELECT size, root FROM head ORDER BY size DESC LIMIT 1", ())
    try:
        note = SignedNote.parse(octets)
        verify(note, [signer.signer.vkey])
    except FormatRefused as error:
        wrong = f"the newest head is not signed by {signer.signer.vkey.name}'s key ({error})"
        raise LogDamaged(file, wrong, _RESTORE) from None
    if note.text != Checkpoint(signer.origin, size, root).text():
        raise LogDamaged(file, "the newest head's signature is over another head", _RESTORE)
