"""A restored log is never a fork of the old one, and nobody in it who was erased since."""

from __future__ import annotations

import pytest

from controller.backup_manifest import MANIFEST
from controller.cli import main
from controller.errors import EntryRefused, LogDamaged
from controller.ledger import restored
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from tests.backup.vault import (
    ORIGIN,
    Erase,
    Vault,
    append,
    begin,
    draft,
    key,
    names,
    note,
    run,
)


def test_the_restored_log_goes_on_under_another_name_and_key(vault: Vault) -> None:
    new = vault.restored(vault.made())
    with CustodyLog.open(new / "custody.db") as log:
        assert log.vkey.name.startswith(f"{ORIGIN}/r2-")
        assert restored.follows(log.vkey.name, ORIGIN)
    begin(new)
    checkpoint = Checkpoint.parse(SignedNote.parse(note(new)).text)
    assert (checkpoint.origin, checkpoint.size) == (key(new).split("+")[0], 15)
    assert key(new) != key(vault.data)


def test_two_restorations_of_one_backup_have_two_names(vault: Vault) -> None:
    file = vault.made()
    first = key(vault.restored(file))
    assert vault.restore(file, "--data", vault.data.parent / "again").exit_code == 0
    assert first.split("+")[0] != key(vault.data.parent / "again").split("+")[0]


def test_nothing_is_written_into_a_restored_log_before_it_says_so(vault: Vault) -> None:
    new = vault.restored(vault.made())
    with CustodyLog.open(new / "custody.db") as log:
        with pytest.raises(EntryRefused, match="`restored` comes first"):
            log.append([draft()])
        assert log.size == 13
    begin(new)
    with CustodyLog.open(new / "custody.db") as log:
        assert log.append([draft()]) == [15]


def test_a_restored_log_verifies_only_where_somebody_outside_names_its_key(vault: Vault) -> None:
    new = vault.restored(vault.made())
    begin(new)
    with pytest.raises(LogDamaged, match="nobody outside the log vouches"):
        verify(new / "custody.db")
    with pytest.raises(LogDamaged, match="vouches"):
        verify(new / "custody.db", trusted=[VerifierKey.parse(key(vault.data))])
    assert verify(new / "custody.db", restored=restored.known(new)).entries == 15
    both = [VerifierKey.parse(key(folder)) for folder in (vault.data, new)]
    assert verify(new / "custody.db", trusted=both).vkey == key(new)


def test_a_new_key_without_a_restoration_is_never_believed(vault: Vault) -> None:
    append(vault.data, draft("log_key", vkey=key(vault.data)))
    with pytest.raises(LogDamaged, match="not from the one in use"):
        verify(vault.data / "custody.db", restored=[VerifierKey.parse(key(vault.data))])


def test_a_restored_log_is_exported_and_the_export_verifies_by_its_new_key(vault: Vault) -> None:
    new = vault.restored(vault.made())
    begin(new)
    out = new.parent / "exported"
    assert run(main, "log", "export", out, "--data", new).exit_code == 0
    told = run(main, "log", "verify", out, "--policy", out / "policy")
    assert (told.exit_code, key(new) in told.stdout) == (0, True), told.output


def test_a_restored_log_is_backed_up_and_restored_again(vault: Vault) -> None:
    new = vault.restored(vault.made())
    begin(new)
    second = Vault(new, vault.medium, vault.key, vault.recipient)
    result = second.restore(second.made(), "--data", new.parent / "third", "--live", new)
    assert result.exit_code == 0, result.output
    begin(new.parent / "third")
    assert key(new.parent / "third").startswith(f"{ORIGIN}/r3-")
    assert verify(new.parent / "third" / "custody.db", restored=restored.known(new.parent / "third"))


def test_a_mark_beside_another_log_opens_nothing(vault: Vault) -> None:
    new = vault.restored(vault.made())
    mark = restored.load(new)
    assert mark is not None
    content = (new / restored.RESTORED).read_bytes()
    (new / restored.RESTORED).write_bytes(content.replace(mark.old_head.encode(), b"0" * 64))
    with pytest.raises(LogDamaged, match="not the one that was restored"):
        CustodyLog.open(new / "custody.db")
    (new / restored.RESTORED).write_bytes(content.replace(b"\n", b""))
    with pytest.raises(LogDamaged, match="no mark"):
        CustodyLog.open(new / "custody.db")


def test_a_person_erased_since_is_gone_by_the_live_log(vault: Vault, erase: Erase) -> None:
    file = vault.made()
    (vault.medium / MANIFEST).unlink()
    with LogReader(vault.data / "custody.db") as reader:
        ((text,),) = reader.fetch("SELECT text FROM disclosure WHERE subject = 'v17'", ())
    assert text.encode() in (vault.data / "custody.db").read_bytes()
    erase(vault.data)
    new = vault.restored(file, "--live", vault.data)
    assert names(new) == [{"v17": {"_erased": 1}}]
    assert all(text.encode() not in path.read_bytes() for path in new.iterdir() if path.is_file())
    mark = restored.load(new)
    assert mark is not None
    assert "erased again: v17" in mark.gap


def test_a_picture_key_erased_since_is_gone_and_the_others_still_open(vault: Vault, erase: Erase) -> None:
    append(vault.data, draft("snapshot", seals=["v17", "li"]))
    with LogReader(vault.data / "custody.db") as reader:
        before, (kept,) = reader.picture_identities(["v17"]), reader.picture_identities(["li"])
    file = vault.made()
    erase(vault.data)
    append(vault.data, draft("snapshot", seals=["v17"]))
    new = vault.restored(file, "--live", vault.data)
    with LogReader(new / "custody.db") as reader:
        assert reader.picture_identities(["v17"]) == []
        assert reader.picture_identities(["li"]) == [kept]
    assert len(before) == 1
    assert all(before[0].encode() not in path.read_bytes() for path in new.iterdir() if path.is_file())


def test_a_picture_key_made_after_an_erasure_under_the_same_word_stays(vault: Vault, erase: Erase) -> None:
    append(vault.data, draft("snapshot", seals=["v17"]))
    erase(vault.data)
    append(vault.data, draft("snapshot", seals=["v17"]))
    with LogReader(vault.data / "custody.db") as reader:
        fresh = reader.picture_identities(["v17"])
    with LogReader(vault.restored(vault.made()) / "custody.db") as reader:
        assert reader.picture_identities(["v17"]) == fresh != []


def test_a_person_erased_since_is_gone_by_the_manifest_of_a_later_backup(vault: Vault, erase: Erase) -> None:
    file = vault.made()
    erase(vault.data)
    vault.made()
    assert names(vault.restored(file)) == [{"v17": {"_erased": 1}}]


def test_what_came_after_an_erasure_under_the_same_word_stays(vault: Vault, erase: Erase) -> None:
    erase(vault.data)
    append(vault.data, draft(personal={"v17": {"name": "another"}}))
    assert names(vault.restored(vault.made())) == [{"v17": {"_erased": 1}}, {"v17": {"name": "another"}}]


def test_without_manifest_and_live_log_it_is_said_that_erasures_are_unknown(vault: Vault) -> None:
    file = vault.made()
    (vault.medium / MANIFEST).unlink()
    assert "NOT proven: whose personal data was erased since" in vault.restore(file, "--drill").stdout


def test_a_restored_log_opens_by_the_key_of_its_restoration_alone(vault: Vault) -> None:
    new = vault.restored(vault.made())
    (new / "log.key").write_bytes((vault.data / "log.key").read_bytes())
    with pytest.raises(LogDamaged, match=r"not here.*\[log\] in the site file"):
        CustodyLog.open(new / "custody.db")
