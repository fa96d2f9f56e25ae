"""A backup is whole and verified, or it is not there, whatever the medium does."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from typing import Any

from controller import backup as backing_up
from controller import backup_parts
from controller.backup_manifest import MANIFEST
from controller.backup_seal import seal
from tests.backup.vault import Vault, append, draft, entries, failed


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
        (there,) = os.pread(target._descriptor, 1, 30_000)
        os.pwrite(target._descriptor, bytes([there ^ 1]), 30_000)

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


def test_a_damaged_list_of_backups_stops_the_next_one_and_is_left_as_it_is(vault: Vault) -> None:
    (vault.medium / MANIFEST).write_text("[]")
    failed(vault, code=1)
    assert (vault.medium / MANIFEST).read_text() == "[]"
