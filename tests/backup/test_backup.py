"""A backup is one moment of the log, sealed for whom it is meant; and the log says so."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from pyrage import x25519

from controller import backup as backing_up
from controller.backup_command import backup
from controller.backup_manifest import MANIFEST, load
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from tests.backup.vault import Vault, draft, entries, run


def test_a_backup_is_one_file_and_a_line_in_the_manifest_and_both_tell_the_same(vault: Vault) -> None:
    file = vault.made()
    assert {path.name for path in vault.medium.iterdir()} == {file.name, MANIFEST}
    (about,) = load(vault.medium / MANIFEST).backups
    assert (about.file, about.bytes, about.origin) == (file.name, file.stat().st_size, "bank.example/vault")
    assert about.size == 13  # the look is in it
    assert file.name.startswith("bank.example-vault-000000000013-")
    assert file.stat().st_mode & 0o777 == 0o600


def test_debians_age_and_tar_read_what_we_wrote_and_the_log_in_it_verifies(
    vault: Vault, tmp_path: Path
) -> None:
    file = vault.made()
    opened = subprocess.run(["age", "-d", "-i", vault.key, file], capture_output=True, check=True).stdout
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(["tar", "x", "-C", out], input=opened, check=True)
    report = verify(out / "custody.db")
    assert (report.entries, report.root.hex()) == (13, json.loads((out / "backup.json").read_bytes())["root"])
    assert (out / "pepper").read_bytes() == b"p" * 32


def test_the_signing_key_never_goes_along(vault: Vault) -> None:
    opened = subprocess.run(["age", "-d", "-i", vault.key, vault.made()], capture_output=True, check=True)
    names = subprocess.run(["tar", "t"], input=opened.stdout, capture_output=True, check=True).stdout.split()
    policy = f"policies/{'ab' * 8}.toml".encode()
    assert names == [b"backup.json", b"custody.db", b"pepper", b"keys/r1.key", policy]
    assert b"PRIVATE+KEY" not in opened.stdout


def test_keys_that_a_reader_may_hold_go_along_and_the_site_key_of_the_badges_never(vault: Vault) -> None:
    secret = b"site key of 32 bytes, two halves"
    for name, content in (
        ("keys/r1.pending", b"1" * 32),
        ("keys/r1.earlier", b"2" * 32),
        ("badges.key", secret),
    ):
        (vault.data / name).write_bytes(content)
        (vault.data / name).chmod(0o600)
    opened = subprocess.run(["age", "-d", "-i", vault.key, vault.made()], capture_output=True, check=True)
    names = subprocess.run(["tar", "t"], input=opened.stdout, capture_output=True, check=True).stdout.split()
    assert {b"keys/r1.key", b"keys/r1.pending", b"keys/r1.earlier"} <= set(names)
    assert b"badges.key" not in names
    assert secret not in opened.stdout


def test_a_backup_is_a_look_at_evidence_and_an_entry(vault: Vault) -> None:
    vault.made()
    (look,) = entries(vault.data, "evidence_read")
    (written,) = entries(vault.data, "backed_up")
    assert look["what"] == "backup"
    about = load(vault.medium / MANIFEST).backups[0]
    assert (written["size"], written["head"], written["to"]) == (
        13,
        about.root,
        str(vault.medium / about.file),
    )


def test_a_backup_beside_a_writer_is_one_moment_of_its_log(vault: Vault, monkeypatch: Any) -> None:
    stop, wrote = Event(), Event()

    def write() -> None:
        with CustodyLog.open(vault.data / "custody.db") as log:
            while not stop.is_set():
                log.append([draft(), draft()])
                wrote.set()

    writer = Thread(target=write)
    writer.start()
    try:
        assert wrote.wait(60)
        key = [x25519.Recipient.from_str(vault.recipient)]
        done = backing_up.back_up(vault.data, vault.medium, key)
    finally:
        stop.set()
        writer.join()
    assert done.about.size % 2 == 0
    assert vault.restore(done.file, "--drill", "--live", vault.data).exit_code == 0


def test_only_the_newest_so_many_are_kept_and_foreign_files_are_left_alone(vault: Vault) -> None:
    (vault.medium / "holiday.age").write_bytes(b"mine")
    made = [vault.made("--keep", 2) for _ in range(3)]
    assert [file.exists() for file in made] == [False, True, True]
    assert (vault.medium / "holiday.age").exists()
    assert [one.file for one in load(vault.medium / MANIFEST).backups] == [file.name for file in made[1:]]


def test_without_a_recipient_there_is_no_backup(vault: Vault) -> None:
    result = run(backup, vault.medium, "--data", vault.data)
    assert (result.exit_code, list(vault.medium.iterdir())) == (2, [])
    assert "age1" in result.stderr


def test_recipients_may_stand_in_a_file_that_only_the_owner_can_change(vault: Vault) -> None:
    file = vault.data / "backup.recipients"
    file.write_text(f"# the safe\n{vault.recipient}\n")
    file.chmod(0o600)
    assert run(backup, vault.medium, "--data", vault.data).exit_code == 0
    file.chmod(0o622)
    result = run(backup, vault.medium, "--data", vault.data)
    assert (result.exit_code, "could add themselves" in result.stderr) == (2, True)


@pytest.mark.parametrize("place", ["argument", "file"])
def test_a_secret_key_given_by_mistake_is_refused_and_repeated_nowhere(vault: Vault, place: str) -> None:
    secret = vault.key.read_text().splitlines()[1]
    if place == "file":
        (vault.data / "backup.recipients").write_text(secret)
        (vault.data / "backup.recipients").chmod(0o600)
    result = run(
        backup, vault.medium, "--data", vault.data, *(["--recipient", secret] * (place == "argument"))
    )
    assert result.exit_code == 2
    assert secret not in result.output
    with LogReader(vault.data / "custody.db") as reader:
        assert secret not in json.dumps(list(reader.entries()))
