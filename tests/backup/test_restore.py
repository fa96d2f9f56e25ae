"""A backup comes back whole, proven as far as it can be, without whom was erased, and never as a fork."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pyrage
import pytest
from pyrage import x25519

from controller.backup_manifest import MANIFEST
from controller.backup_tar import ABOUT, LOG, Packed, member
from controller.cli import main
from controller.errors import EntryRefused, LogDamaged
from controller.ledger import restored
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from tests.backup.vault import ORIGIN, Vault, append, draft, run

Erase = Callable[[Path], None]


def refused(vault: Vault, file: Path, *more: object, code: int = 1) -> str:
    """What a restoration said that was none; nothing of it is left."""
    new = vault.data.parent / "new"
    before = set(vault.data.parent.iterdir())
    result = vault.restore(file, "--data", new, *more)
    assert result.exit_code == code, result.output
    assert set(vault.data.parent.iterdir()) == before
    return result.stderr


def names(data: Path) -> list[object]:
    """What the log in a folder still discloses about people."""
    with LogReader(data / "custody.db") as reader:
        told = [entry.get("personal") for entry in reader.entries() if entry["kind"] != "evidence_read"]
    return [one for one in told if one]


def note(data: Path) -> bytes:
    with LogReader(data / "custody.db") as reader:
        return reader.note() or b""


def key(data: Path) -> str:
    with CustodyLog.open(data / "custody.db") as log:
        return str(log.vkey)


def begin(data: Path) -> None:
    """What a start does first with a restored log."""
    with CustodyLog.open(data / "custody.db") as log:
        assert log.restored is not None
        log.append([draft("restored", **log.restored.fields)])
        log.append([draft("log_key", vkey=str(log.vkey))])


def test_what_was_backed_up_comes_back(vault: Vault) -> None:
    before = names(vault.data)
    new = vault.restored(vault.made())
    assert names(new) == before == [{"v17": {"name": "Anna Möller"}}]
    assert (new / "pepper").read_bytes() == b"p" * 32
    assert (new / "keys" / "r1.key").read_bytes() == b"0" * 32
    assert (new / "policies" / f"{'ab' * 8}.toml").read_bytes() == b"x" * 150_000
    modes = {path.stat().st_mode & 0o777 for path in new.rglob("*") if path.is_file()}
    assert (modes, new.stat().st_mode & 0o777) == ({0o600}, 0o700)
    assert not (new / ABOUT).exists()


def test_what_debians_age_sealed_is_restored(vault: Vault, tmp_path: Path) -> None:
    file = vault.made()
    opened = subprocess.run(["age", "-d", "-i", vault.key, file], capture_output=True, check=True).stdout
    foreign = tmp_path / "foreign.age"
    subprocess.run(["age", "-r", vault.recipient, "-o", foreign], input=opened, check=True)
    assert verify(vault.restored(foreign) / "custody.db").entries == 13


def test_a_drill_does_it_all_and_leaves_nothing(vault: Vault, monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "drill").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "drill"))
    assert gettempdir() == str(tmp_path / "drill")
    result = vault.restore(vault.made(), "--drill", "--live", vault.data, "--vkey", key(vault.data))
    assert (result.exit_code, "NOT proven" in result.stdout) == (0, False), result.output
    assert "proven: the backup is the beginning of the log" in result.stdout
    assert not list((tmp_path / "drill").iterdir())


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


def test_every_damaged_byte_and_every_cut_of_a_backup_is_refused(vault: Vault) -> None:
    file = vault.made()
    (vault.medium / MANIFEST).unlink()
    octets = file.read_bytes()
    identity = [x25519.Identity.from_str(vault.key.read_text().splitlines()[1])]
    header = octets.index(b"\n---") + 60
    # All of the header; of the body, whose chunks are authenticated whole, each border and a sample.
    places = [*range(header), *range(header, len(octets), 9973), 65536 + header, len(octets) - 1]
    accepted = []
    for at in places:
        wrong = bytearray(octets)
        wrong[at] ^= 1
        try:
            pyrage.decrypt(bytes(wrong), identity)
        except pyrage.DecryptError:
            continue
        accepted.append(at)
    assert accepted == []
    for at in (0, 100, header, header + 70_000, len(octets) - 1):
        file.write_bytes(octets[:at])
        assert "damaged or cut short" in refused(vault, file)
    file.write_bytes(octets[:9000] + bytes([octets[9000] ^ 1]) + octets[9001:])
    assert "damaged or cut short" in refused(vault, file)


def test_a_file_that_the_manifest_does_not_mean_is_refused(vault: Vault) -> None:
    old, new = vault.made(), vault.made()
    new.write_bytes(old.read_bytes())
    assert "not the file" in refused(vault, new)


def test_another_identity_opens_nothing(vault: Vault) -> None:
    file = vault.made()
    vault.key.write_text(str(x25519.Identity.generate()))
    assert "another identity" in refused(vault, file)


@pytest.mark.parametrize("text", ["", "nothing", "AGE-SECRET-KEY-1XYZ", "age1qqqq"])
def test_what_is_no_identity_is_refused_and_not_repeated(vault: Vault, text: str) -> None:
    file = vault.made()
    vault.key.write_text(text)
    said = refused(vault, file, code=2)
    assert not text or text not in said.replace(str(vault.key), "").replace("AGE-SECRET-KEY-…", "")


def test_an_identity_that_others_can_read_is_refused(vault: Vault) -> None:
    file = vault.made()
    vault.key.chmod(0o644)
    assert "chmod 600" in refused(vault, file, code=2)


def test_the_identity_may_come_from_standard_input_and_is_nowhere_in_the_arguments(vault: Vault) -> None:
    file = str(vault.made())
    command = [sys.executable, "-m", "controller", "restore", file, "--identity", "-", "--drill"]
    told = subprocess.run(command, input=vault.key.read_bytes(), capture_output=True, check=False)
    assert told.returncode == 0, told.stderr
    assert b"SECRET" not in told.stdout + told.stderr


def test_nothing_is_restored_over_anything(vault: Vault) -> None:
    file = vault.made()
    assert vault.restore(file, "--data", vault.data).exit_code == 2
    empty = vault.data.parent / "empty"
    empty.mkdir()
    (vault.data.parent / "link").symlink_to(empty)
    assert vault.restore(file, "--data", vault.data.parent / "link").exit_code == 2
    assert vault.restore(file, "--data", empty).exit_code == 0


def test_a_log_that_does_not_continue_the_backup_is_refused_as_live(vault: Vault, tmp_path: Path) -> None:
    file = vault.made()
    other = tmp_path / "other" / "data"
    with CustodyLog.open(other / "custody.db", origin=ORIGIN) as log:
        log.append([draft("log_key", vkey=str(log.vkey))] + [draft()] * 30)
    assert "entries differ" in refused(vault, file, "--live", other)


def test_a_live_log_that_lacks_what_was_backed_up_is_told(vault: Vault) -> None:
    older = (vault.data / "custody.db").read_bytes()
    file = vault.made()
    (vault.data / "custody.db").write_bytes(older)
    said = vault.restore(file, "--drill", "--live", vault.data).stdout
    assert "lacks 1 entries that were in it once" in said


def test_an_older_signed_head_is_proven_to_be_in_the_backup(vault: Vault, tmp_path: Path) -> None:
    slip = tmp_path / "slip"
    slip.write_bytes(note(vault.data))
    said = vault.restore(vault.made(), "--drill", "--head", slip).stdout
    assert f"proven: the head of 12 entries in {slip} is in the backup" in said


def test_of_a_newer_signed_head_no_more_is_said_than_is_proven(vault: Vault, tmp_path: Path) -> None:
    file, slip = vault.made(), tmp_path / "slip"
    slip.write_bytes(note(vault.data))
    said = vault.restore(file, "--drill", "--head", slip).stdout
    assert "signed by this log's key" in said
    assert "NOT proven: that the backup is the beginning of those 14 entries" in said


def test_a_head_that_contradicts_the_backup_is_refused(vault: Vault, tmp_path: Path) -> None:
    file, slip = vault.made(), tmp_path / "slip"
    with CustodyLog.open(vault.data / "custody.db") as log:
        slip.write_bytes(log._signer.note(log.head._replace(size=5)))
    assert "are not those of this signed head" in refused(vault, file, "--head", slip)


@pytest.mark.parametrize("octets", [b"", b"noise", b"bank.example/vault\n1\nAAAA\n\n"])
def test_what_is_no_head_of_this_log_is_refused(vault: Vault, tmp_path: Path, octets: bytes) -> None:
    file, slip = vault.made(), tmp_path / "slip"
    slip.write_bytes(octets)
    assert "not signed by this log's key" in refused(vault, file, "--head", slip)


def test_a_backup_by_another_key_than_the_one_named_outside_is_refused(vault: Vault, tmp_path: Path) -> None:
    with CustodyLog.open(tmp_path / "other" / "custody.db", origin=ORIGIN) as log:
        vkey = log.vkey
    refused(vault, vault.made(), "--vkey", vkey)


def hostile(vault: Vault, database: bytes, about: bytes) -> Path:
    """A backup as anybody could seal it, who has the recipient."""
    packed = Packed([member(ABOUT, about), member(LOG, database)])
    octets = b"".join(iter(lambda: packed.read(65536), b""))
    file = vault.medium / "hostile.age"
    file.write_bytes(pyrage.encrypt(octets, [x25519.Recipient.from_str(vault.recipient)]))
    return file


def test_a_database_that_would_act_by_itself_is_refused(vault: Vault) -> None:
    file = vault.data / "custody.db"
    db = sqlite3.connect(file)
    db.execute("CREATE TRIGGER more AFTER DELETE ON disclosure BEGIN DELETE FROM entry; END")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()
    assert "trigger" in refused(vault, hostile(vault, file.read_bytes(), b"{}"))


@pytest.mark.parametrize("about", [b"{}", b"[]", b"x", b'{"version": 1, "size": 1, "root": "", "time": ""}'])
def test_a_backup_that_lies_about_its_log_is_refused(vault: Vault, about: bytes) -> None:
    refused(vault, hostile(vault, (vault.data / "custody.db").read_bytes(), about))


def test_a_log_that_names_no_key_is_not_believed(vault: Vault, tmp_path: Path) -> None:
    with CustodyLog.open(tmp_path / "other" / "custody.db", origin=ORIGIN) as log:
        log.append([draft()])
        about = {"version": 1, "origin": ORIGIN, "size": 1, "root": log.root.hex(), "time": "then"}
        vkey = log.vkey
    database = (tmp_path / "other" / "custody.db").read_bytes()
    file = hostile(vault, database, json.dumps(about).encode())
    assert "no entry names the key" in refused(vault, file)
    assert vault.restore(file, "--drill", "--vkey", vkey).exit_code == 0


def test_what_is_no_database_is_refused(vault: Vault) -> None:
    refused(vault, hostile(vault, os.urandom(5000), b"{}"))


def test_the_report_for_programs_says_the_same(vault: Vault) -> None:
    told = json.loads(vault.restore(vault.made(), "--drill", "--json").stdout)
    assert (told["ok"], told["entries"], told["data"]) == (True, 13, None)
    assert told["origin"].startswith(f"{ORIGIN}/r2-")
