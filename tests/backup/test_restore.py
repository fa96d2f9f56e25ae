"""A backup comes back whole, and no more is said of it than is proven."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from controller.backup_tar import ABOUT
from controller.ledger.custody_log import CustodyLog
from controller.ledger.verify import verify
from tests.backup.vault import (
    ORIGIN,
    Vault,
    draft,
    key,
    names,
    note,
    refused,
)


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


def test_the_identity_may_come_from_standard_input_and_is_nowhere_in_the_arguments(vault: Vault) -> None:
    file = str(vault.made())
    command = [sys.executable, "-m", "controller", "restore", file, "--identity", "-", "--drill"]
    told = subprocess.run(command, input=vault.key.read_bytes(), capture_output=True, check=False)
    assert told.returncode == 0, told.stderr
    assert b"SECRET" not in told.stdout + told.stderr


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


def test_the_report_for_programs_says_the_same(vault: Vault) -> None:
    told = json.loads(vault.restore(vault.made(), "--drill", "--json").stdout)
    assert (told["ok"], told["entries"], told["data"]) == (True, 13, None)
    assert told["origin"].startswith(f"{ORIGIN}/r2-")
