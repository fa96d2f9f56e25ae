"""Before a start: a log that lost what others have seen is not started, whoever put it back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyrage import x25519

from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.site_log import LogWitness
from controller.witness_memory import WitnessMemory
from controller.witness_start import require_continued
from firmware_shims.lying_witness import LyingWitness
from tests.backup.vault import Vault
from tests.witness.houses import fork, founded, grow, house, offered, trust, witnessed


def cosigned(log: CustodyLog, witness: LogWitness) -> None:
    with witnessed(log, witness) as (running, _):
        offered(running, log)


def copied(log: CustodyLog, to: Path) -> Path:
    """A backup of the data folder, as it is on the disk."""
    shutil.copytree(log.file.parent, to)
    return to / log.file.name


def vault_of(data: Path, tmp_path: Path) -> Vault:
    """A medium for backups of a data folder, and who may open them."""
    identity = x25519.Identity.generate()
    key, medium = tmp_path / "key.age", tmp_path / "medium"
    key.touch(0o600)
    key.write_text(str(identity), encoding="ascii")
    medium.mkdir()
    return Vault(data, medium, key, str(identity.to_public()))


def test_a_log_that_its_log_witness_agrees_with_starts_and_is_cosigned(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    require_continued([], log)
    grow(log, 3)
    with house(folder) as witness:
        require_continued([witness], log)
        grow(log, 3)
        require_continued([witness], log)
    assert (log.file.parent / "witnessed" / "branch.note").exists()


def test_a_rolled_back_data_folder_is_not_started(log: CustodyLog, folder: Path, tmp_path: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    old = copied(log, tmp_path / "old")
    grow(log, 3)
    with house(folder) as witness:
        cosigned(log, witness)
        with CustodyLog.open(old) as back, pytest.raises(LogDamaged, match="more entries") as told:
            require_continued([witness], back)
    assert told.value.exit_code == 1
    assert (old.parent / "fraud").exists()


def test_a_rolled_back_log_that_went_on_is_not_started(log: CustodyLog, folder: Path, tmp_path: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    old = copied(log, tmp_path / "old")
    grow(log, 3)
    with house(folder) as witness:
        cosigned(log, witness)
        with CustodyLog.open(old) as back:
            grow(back, 3, place="another story")
            with pytest.raises(LogDamaged, match="another head of the same size"):
                require_continued([witness], back)
            grow(back, 9)
            with pytest.raises(LogDamaged, match="does not continue"):
                require_continued([witness], back)


def test_a_silent_log_witness_prevents_no_start(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        cosigned(log, witness)
    with LyingWitness(lambda _: []) as deaf:
        grow(log, 1)
        require_continued([witness, LogWitness("deaf", deaf.url, witness.vkey)], log)


def test_what_is_remembered_of_a_silent_log_witness_prevents_it(
    log: CustodyLog, folder: Path, tmp_path: Path
) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    old = copied(log, tmp_path / "old")
    grow(log, 3)
    with house(folder) as witness:
        cosigned(log, witness)
    shutil.copytree(log.file.parent / "witnessed", old.parent / "witnessed")
    with CustodyLog.open(old) as back:
        with pytest.raises(LogDamaged, match="cosigned 6 entries and here are 3"):
            require_continued([witness], back)
        grow(back, 5, place="another story")
        with pytest.raises(LogDamaged, match="other entries among the first 6"):
            require_continued([witness], back)


def test_a_forked_log_is_not_started(log: CustodyLog, folder: Path, tmp_path: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 4)
    with fork(log, tmp_path, 9) as twin, house(folder) as witness:
        cosigned(log, witness)
        with pytest.raises(LogDamaged, match="does not continue"):
            require_continued([witness], twin)


def test_a_note_that_nobody_signed_prevents_nothing(log: CustodyLog, folder: Path, tmp_path: Path) -> None:
    vkey = founded(folder, log.vkey)
    grow(log, 3)
    (log.file.parent / "witnessed").mkdir(mode=0o700)
    with CustodyLog.open(tmp_path / "b" / "custody.db", origin=log.vkey.name) as stranger:
        note = grow(stranger, 9)
    (log.file.parent / "witnessed" / "branch.note").write_bytes(note.to_bytes())
    require_continued([LogWitness("branch", "http://127.0.0.1:9", vkey)], log)


def test_a_restored_log_starts_under_its_new_name_and_is_cosigned_under_it(
    log: CustodyLog, folder: Path, tmp_path: Path
) -> None:
    founded(folder, log.vkey)
    data, old = log.file.parent, log.vkey
    grow(log, 1, kind="log_key", vkey=str(old))
    grow(log, 6)
    log.close()
    vault = vault_of(data, tmp_path)
    file = vault.made()
    with house(folder) as witness:
        with CustodyLog.open(data / "custody.db") as newer:
            grow(newer, 6)
            cosigned(newer, witness)
        with CustodyLog.open(vault.restored(file) / "custody.db") as back:
            require_continued([witness], back)
            assert back.restored
            grow(back, 1, kind="restored", **back.restored.fields)
            trust(folder, old, back.vkey)
            require_continued([witness], back)
            note = WitnessMemory(back.file).note("branch")
    assert note
    assert Checkpoint.parse(note.text).origin == back.vkey.name != old.name
