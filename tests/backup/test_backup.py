"""A backup is whole and verified, or it is not there; and either way the log says so."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from pyrage import x25519

from controller import backup as backing_up
from controller import backup_parts
from controller.backup_command import backup
from controller.backup_manifest import MANIFEST, load
from controller.backup_seal import seal
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from tests.backup.vault import Vault, append, draft, run


def entries(data: Path, kind: str) -> list[dict[str, Any]]:
    with LogReader(data / "custody.db") as reader:
        return list(reader.entries(kind=kind))


def failed(vault: Vault, *more: object, code: int = 74) -> str:
    """What a backup said that was not written; nothing of it is left."""
    before = set(vault.medium.iterdir()) if vault.medium.is_dir() else set()
    result = vault.backup(*more)
    assert result.exit_code == code, result.output
    assert not list(vault.data.glob(".backup-*"))
    if vault.medium.is_dir():
        assert set(vault.medium.iterdir()) == before
    return result.stderr


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


def test_a_folder_that_is_not_there_is_a_disk_that_is_not_there(vault: Vault) -> None:
    vault.medium.rmdir()
    assert "is the disk in place?" in failed(vault)
    assert not vault.medium.exists()


def test_a_failed_backup_is_an_entry_with_the_reason(vault: Vault) -> None:
    vault.medium.rmdir()
    why = failed(vault).strip()
    (entry,) = entries(vault.data, "backup_failed")
    assert (entry["to"], entry["why"]) == (str(vault.medium), why)


def test_a_medium_that_goes_away_midway_is_a_sentence(vault: Vault, monkeypatch: Any) -> None:
    def pulled_out(source: Any, target: Any, to: Any) -> None:
        seal(source, target, to)
        shutil.rmtree(vault.medium)

    monkeypatch.setattr(backing_up, "seal", pulled_out)
    assert "went away" in failed(vault)


def test_a_full_medium_is_a_sentence_and_leaves_nothing(vault: Vault) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from pyrage import x25519\n"
        "from controller import backup, backup_parts\n"
        "from controller.errors import BackupFailed\n"
        "seal = backup.seal\n"
        "def full(*a):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "    seal(*a)\n"
        "backup.seal = full\n"
        "try:\n"
        "    backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]), [x25519.Recipient.from_str(sys.argv[3])])\n"
        "except BackupFailed as error: print(error)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, vault.data, vault.medium, vault.recipient],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "there is no room left" in told.stdout, told
    assert not list(vault.medium.iterdir())


def test_told_to_stop_in_the_middle_it_leaves_nothing_and_that_is_an_entry(
    vault: Vault, monkeypatch: Any
) -> None:
    def interrupted(source: Any, target: Any, to: Any) -> None:
        first = source.read(1)
        os.kill(os.getpid(), signal.SIGTERM)
        seal(_Sequel(first, source), target, to)

    monkeypatch.setattr(backing_up, "seal", interrupted)
    assert "told to stop" in failed(vault)
    assert "told to stop" in entries(vault.data, "backup_failed")[0]["why"]


class _Sequel:
    def __init__(self, first: bytes, source: Any) -> None:
        self._first, self._source = first, source

    def read(self, most: int) -> bytes:
        some, self._first = self._first or self._source.read(most), b""
        return bytes(some)


def test_the_last_of_the_boxs_own_disk_is_left_to_the_log(vault: Vault, monkeypatch: Any) -> None:
    monkeypatch.setattr(backing_up, "RESERVE", 1 << 60)
    assert "MB free here for its copy of the log" in failed(vault)


def test_what_does_not_read_back_from_the_medium_is_no_backup(vault: Vault, monkeypatch: Any) -> None:
    def damaged(source: Any, target: Any, to: Any) -> None:
        seal(source, target, to)
        os.pwrite(target._descriptor, b"x", 30_000)

    monkeypatch.setattr(backing_up, "seal", damaged)
    assert "does not read back" in failed(vault)


def test_a_file_of_the_same_name_is_never_written_over(vault: Vault, monkeypatch: Any) -> None:
    monkeypatch.setattr(backup_parts.Part, "name", "same.age")
    vault.made()
    before = (vault.medium / "same.age").read_bytes()
    assert "never written over" in failed(vault)
    assert (vault.medium / "same.age").read_bytes() == before


def test_where_the_medium_has_no_links_a_name_is_given_all_the_same(vault: Vault, monkeypatch: Any) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as medium:
        medium.setattr(os, "link", no_links)
        file = vault.made()
    assert vault.restore(file, "--drill").exit_code == 0


def test_two_backups_at_once_are_one_too_many(vault: Vault) -> None:
    descriptor = os.open(vault.medium, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    assert "another backup is being written" in failed(vault)
    os.close(descriptor)


def test_a_copy_that_a_kill_left_behind_goes_with_the_next_backup(vault: Vault) -> None:
    left = vault.data / ".backup-killed"
    left.mkdir()
    (left / "custody.db").write_bytes(b"Anna")
    vault.made()
    assert not left.exists()


def test_a_start_takes_away_what_a_killed_backup_left_but_not_what_a_running_one_needs(vault: Vault) -> None:
    vault.made()
    left = vault.data / ".backup-killed"
    left.mkdir()
    with (vault.data / backup_parts.LOCK).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        backup_parts.sweep_at_start(vault.data)
        assert left.exists()
    backup_parts.sweep_at_start(vault.data)
    assert not left.exists()


def test_a_damaged_log_is_not_backed_up(vault: Vault) -> None:
    content = (vault.data / "custody.db").read_bytes()
    append(vault.data, draft())
    at = content.rindex(b'"kind":"granted"')
    (vault.data / "custody.db").write_bytes(content[:at] + b'"kind":"grantex"' + content[at + 16 :])
    before = set(vault.medium.iterdir())
    assert vault.backup().exit_code != 0
    assert set(vault.medium.iterdir()) == before


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


def test_a_damaged_list_of_backups_stops_the_next_one_and_is_left_as_it_is(vault: Vault) -> None:
    (vault.medium / MANIFEST).write_text("[]")
    failed(vault, code=1)
    assert (vault.medium / MANIFEST).read_text() == "[]"
