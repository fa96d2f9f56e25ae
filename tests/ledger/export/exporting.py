"""A log worth exporting, and how the tests export and verify it."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.ledger.custody_log import CustodyLog
from controller.ledger.export import Exported, export
from controller.ledger.export_check import ExportReport, verify_export
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import Signature, SignedNote
from controller.ledger.formats.policy import Policy, PolicyLog, PolicyWitness
from controller.ledger.reading import LogReader

Make = Callable[..., dict[str, object]]
PICTURE = b"a picture"
DIGEST = sha256(PICTURE).hexdigest()
_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
COSIGNER = Cosigner("office.example/w1", _PRIVATE, lambda: 1_700_000_000)


def exported(
    log: CustodyLog, folder: Path, policy: Policy | None = None, *, personal: bool = False
) -> Exported:
    with LogReader(log.file) as reader:
        return export(reader, folder, policy, lambda _done, _all: None, personal=personal)


def verified(log: CustodyLog, folder: Path, jobs: int = 1) -> ExportReport:
    return verify_export(folder, trusting(log), jobs=jobs)


def trusting(log: CustodyLog, witnesses: Sequence[PolicyWitness] = (), quorum: str = "none") -> Policy:
    return Policy((PolicyLog(log.vkey),), tuple(witnesses), (), quorum)


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def cosign(log: CustodyLog, change: Callable[[str], str] = str) -> None:
    octets = log.note()
    assert octets is not None
    note = SignedNote.parse(octets)
    text = change(note.text)
    own = Signature.by(log.vkey, log.signer.sign(text.encode()))
    joined = SignedNote(text, (own, Signature.by(COSIGNER.vkey, COSIGNER.sign(text.encode()))))
    (log.file.parent / "checkpoint.cosigned").write_bytes(joined.to_bytes())
