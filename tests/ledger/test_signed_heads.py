"""Every commit signs its head; a log is opened by its own key alone, and a key changes only by both."""

from collections.abc import Callable
from contextlib import closing
from itertools import combinations_with_replacement
from pathlib import Path

import pytest

from controller.errors import LogDamaged, LogExposed
from controller.ledger.batch import compose
from controller.ledger.commit import write
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.signer import Ed25519Signer, Signer
from controller.ledger.key_trail import rotation
from controller.ledger.log_key import KEY, NEXT, FileKeys, begin_key
from controller.ledger.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof
from controller.ledger.reading import LogReader
from controller.ledger.signing import HeadSigner
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import Frontier, leaf_hash
from controller.ledger.verify import verify as verify_log

Make = Callable[..., dict[str, object]]


def test_every_commit_leaves_a_head_that_the_logs_key_signed(log: CustodyLog, draft: Make) -> None:
    assert log.note() is None
    for at in range(3):
        log.append([draft(at)])
        note = SignedNote.parse(log.note() or b"")
        assert verify(note, [log.vkey]) == [log.vkey]
        assert Checkpoint.parse(note.text) == Checkpoint(log.vkey.name, at + 1, log.root)
        with LogReader(log.file) as reader:
            assert reader.note() == log.note()


def test_a_new_log_has_the_name_it_was_given(file: Path, draft: Make) -> None:
    with CustodyLog.open(file, origin="bank.example/vault") as log:
        assert log.vkey.name == "bank.example/vault"
        log.append([draft()])
    with CustodyLog.open(file, origin="another") as log:
        assert log.vkey.name == "bank.example/vault"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(file: Path, draft: Make, mode: int) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    (file.parent / KEY).chmod(mode)
    with pytest.raises(LogExposed, match="chmod 600"):
        CustodyLog.open(file)


def test_a_log_whose_key_is_gone_is_not_signed_by_a_new_one(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    (file.parent / KEY).unlink()
    with pytest.raises(LogDamaged, match="is missing"):
        CustodyLog.open(file)
    assert not (file.parent / KEY).exists()


def test_a_log_is_not_opened_with_another_key(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
        name = log.vkey.name
    (file.parent / KEY).unlink()
    begin_key(file.parent, name)
    with pytest.raises(LogDamaged, match="is not signed by"):
        CustodyLog.open(file)


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+x+00000000+AA", "x" * 5000, "\x00\xff"])
def test_a_damaged_key_is_told_and_never_shown(file: Path, draft: Make, text: str) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    (file.parent / KEY).write_text(text)
    with pytest.raises(LogDamaged, match="no signing key"):
        CustodyLog.open(file)


def test_one_head_carries_both_keys_when_the_key_changes(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        old = log.vkey
        log.append([draft(kind="log_key", vkey=str(old))])
        coming = FileKeys(file.parent).begin_next()
        fields = rotation(log.signer, coming)
        log.change_key(coming)
        log.append([draft(kind="key_rotated", **fields)])
        both = SignedNote.parse(log.note() or b"")
        assert verify(both, [old, coming.vkey]) == [old, coming.vkey]
    with CustodyLog.open(file) as log:  # a power cut before the new key had its name
        assert log.vkey == coming.vkey
        log.append([draft(1)])
        assert verify(SignedNote.parse(log.note() or b""), [old, coming.vkey]) == [coming.vkey]
    report = verify_log(file)
    assert (report.entries, report.vkey) == (3, str(coming.vkey))


def test_a_key_that_never_signed_a_head_goes_at_the_next_start(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
        vkey = log.vkey
    begin_key(file.parent, vkey.name, NEXT)
    with CustodyLog.open(file) as log:
        assert log.vkey == vkey
    assert not (file.parent / NEXT).exists()


def test_a_change_of_key_that_the_old_key_did_not_sign_is_found(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        thief = Ed25519Signer.generate(log.vkey.name)
        fields = rotation(thief, thief) | {"old": str(log.vkey)}
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
        log.append([draft(kind="key_rotated", **fields)])
    with pytest.raises(LogDamaged, match="not signed by both keys"):
        verify_log(file)


def test_a_change_of_key_from_one_that_was_not_in_use_is_found(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        one, two = (Ed25519Signer.generate(log.vkey.name) for _ in range(2))
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
        log.append([draft(kind="key_rotated", **rotation(one, two))])
    with pytest.raises(LogDamaged, match="not from the one in use"):
        verify_log(file)


def test_proofs_come_out_of_the_stored_nodes_for_every_size(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        roots = {}
        for size in (1, 2, 255, 256, 257, 700, 1025):
            log.append([draft()] * (size - log.size))
            roots[size] = log.root
        leaves = [leaf_hash(body) for (body,) in LogReader(file).fetch("SELECT body FROM entry", ())]
        for (old, old_root), (new, new_root) in combinations_with_replacement(roots.items(), 2):
            proof = consistency_proof(old, new, log.subtree)
            check_consistency(old, new, old_root, new_root, proof)
        for size, root in roots.items():
            for n in {0, size // 2, size - 1}:
                check_inclusion(leaves[n], n, size, root, inclusion_proof(n, size, log.subtree))


def thief_appends(file: Path, draft: Make, signer: Signer | None) -> None:
    """Who has the files adds an entry and signs it with a key that is not in use any more, or not at all."""
    with closing(sqlite3.connect(file)) as connection, connection:
        ((edge,),) = connection.execute("SELECT frontier FROM head ORDER BY size DESC LIMIT 1")
        batch = compose([draft(who=["mallory"])], Frontier.from_bytes(edge), 0)
        write(connection, batch, HeadSigner(signer or Ed25519Signer.generate("x")), None)
        if signer is None:
            connection.execute("UPDATE head SET note = NULL")


def test_a_head_by_a_key_that_was_rotated_away_is_refused(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        old = log.signer
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
        coming = FileKeys(file.parent).begin_next()
        fields = rotation(old, coming)
        log.change_key(coming)
        log.append([draft(kind="key_rotated", **fields)])
    assert verify_log(file, trusted=[old.vkey, coming.vkey]).signed == 1
    thief_appends(file, draft, old)
    for trusted in ([], [old.vkey, coming.vkey]):
        with pytest.raises(LogDamaged, match="no longer in use"):
            verify_log(file, trusted=trusted)


def test_a_log_without_signatures_is_refused_by_whoever_knows_its_key(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(kind="log_key", vkey=str(log.vkey))])
    thief_appends(file, draft, None)
    for trusted in ([], [log.vkey]):
        with pytest.raises(LogDamaged, match="newest head, of 2 entries, is not signed"):
            verify_log(file, trusted=trusted)
