"""Damage, strangers and lies: what is refused, and leaves nothing."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from controller.backup_manifest import MANIFEST
from controller.ledger.custody_log import CustodyLog
from tests.backup.vault import (
    ORIGIN,
    Vault,
    draft,
    hostile,
    refused,
)


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


def test_nothing_is_restored_over_anything(vault: Vault) -> None:
    file = vault.made()
    assert vault.restore(file, "--data", vault.data).exit_code == 2
    empty = vault.data.parent / "empty"
    empty.mkdir()
    (vault.data.parent / "link").symlink_to(empty)
    assert vault.restore(file, "--data", vault.data.parent / "link").exit_code == 2
    assert vault.restore(file, "--data", empty).exit_code == 0


def test_a_backup_by_another_key_than_the_one_named_outside_is_refused(vault: Vault, tmp_path: Path) -> None:
    with CustodyLog.open(tmp_path / "other" / "custody.db", origin=ORIGIN) as log:
        vkey = log.vkey
    refused(vault, vault.made(), "--vkey", vkey)


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
