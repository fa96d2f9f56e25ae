"""An export of a log that was restored: each key is vouched for from outside, the gap is where it says."""

from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger.canonical import decode, encode
from controller.ledger.custody_log import CustodyLog
from controller.ledger.export_check import verify_export
from controller.ledger.export_tree import ExportTree
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.policy import Policy, PolicyLog
from controller.ledger.formats.signer import Ed25519Signer, Signer
from controller.ledger.key_trail import rotation
from tests.ledger.export.exporting import exported
from tests.outside.forgery import ORIGIN, bodies, forge, sign

FIRST = Ed25519Signer.generate(ORIGIN)
AGAIN, ROTATED = (Ed25519Signer.generate(f"{ORIGIN}/r2-0123abcd") for _ in range(2))
AT = 300
"""The entry that says that the log was restored."""


def restored(grown: CustodyLog, folder: Path, head: str = "") -> None:
    """Write an export of a log that was restored at entry 300, and whose key was rotated then."""
    exported(grown, folder)
    entries = bodies(folder)
    entries[0] = changed(entries[0], vkey=str(FIRST.vkey))
    forge(folder, entries, FIRST)
    root = ExportTree(folder).subtree(0, AT).hex()
    entries[AT] = changed(entries[AT], kind="restored", old_size=AT, old_head=head or root)
    entries[AT + 1] = changed(entries[AT + 1], kind="log_key", vkey=str(AGAIN.vkey))
    entries[AT + 2] = changed(entries[AT + 2], kind="key_rotated", **rotation(AGAIN, ROTATED))
    forge(folder, entries, ROTATED)
    found = ExportTree(folder).head
    sign(folder, Checkpoint(ROTATED.vkey.name, found.size, found.root), ROTATED)


def changed(body: bytes, **fields: object) -> bytes:
    return encode({**decode(body), **fields})


def trusting(*signers: Signer) -> Policy:
    return Policy(tuple(PolicyLog(one.vkey) for one in signers), (), (), "none")


def test_a_restored_log_whose_key_was_rotated_is_accepted_by_who_knows_both(
    grown: CustodyLog, folder: Path
) -> None:
    restored(grown, folder)
    assert verify_export(folder, trusting(FIRST, AGAIN, ROTATED)).entries == 600
    with pytest.raises(LogDamaged, match="nobody outside the log vouches"):
        verify_export(folder, trusting(FIRST, ROTATED))


def test_a_restoration_of_another_head_is_refused(grown: CustodyLog, folder: Path) -> None:
    restored(grown, folder, "00" * 32)
    with pytest.raises(LogDamaged, match="restoration in entry 300 is of another head") as refused:
        verify_export(folder, trusting(FIRST, AGAIN, ROTATED))
    assert refused.value.entry == AT
