"""Every fault of an exported folder is found and told, with the file and the entry."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger import custody_log, export_check
from controller.ledger.custody_log import CustodyLog
from controller.ledger.export_check import verify_export
from controller.ledger.formats.policy import PolicyLog
from tests.ledger.export.exporting import DIGEST, Make, exported, trusting, verified


def test_several_processes_verify_and_find_the_same(
    grown: CustodyLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_check, "_A_JOB", 1)
    exported(grown, folder, personal=True)
    assert verified(grown, folder, jobs=2) == verified(grown, folder)
    change(folder, "tile/entries/001", b"wang", b"zhao")
    with pytest.raises(LogDamaged) as refused:
        verified(grown, folder, jobs=2)
    assert refused.value.entry == 256


def change(folder: Path, name: str, old: bytes, new: bytes) -> None:
    octets = (folder / name).read_bytes()
    assert old in octets
    (folder / name).write_bytes(octets.replace(old, new, 1))


def flip(folder: Path, name: str, at: int) -> None:
    octets = bytearray((folder / name).read_bytes())
    octets[at] ^= 1
    (folder / name).write_bytes(octets)


Deed = Callable[[Path], object]
LAST = "tile/entries/002.p/88"
STRANGE = f"pictures/{'0' * 64}"
TOLD = "disclosures.jsonl"


def _folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGES: list[tuple[str, Deed, str, int | None]] = [
    ("a body", lambda f: change(f, "tile/entries/001", b"wang", b"zhao"), "tile/entries/001", 256),
    (
        "a body in the partial bundle",
        lambda f: change(f, "tile/entries/002.p/88", b"wang", b"zhao"),
        "tile/entries/002.p/88",
        512,
    ),
    ("a leaf hash", lambda f: flip(f, "tile/0/001", 3 * 32), "tile/0/001", 259),
    ("an inner hash", lambda f: flip(f, "tile/1/000.p/2", 32), "tile/1/000.p/2", 256),
    ("a short tile", lambda f: (f / "tile/0/000").write_bytes(bytes(32)), "tile/0/000", 0),
    ("a bundle cut off", lambda f: (f / "tile/entries/000").write_bytes(b"\xff"), "tile/entries/000", 0),
    ("a missing tile", lambda f: (f / "tile/0/002.p/88").unlink(), "tile/0/002.p/88", None),
    ("a missing bundle", lambda f: (f / "tile/entries/001").unlink(), "tile/entries/001", None),
    ("a picture", lambda f: flip(f, f"pictures/{DIGEST}", 0), f"pictures/{DIGEST}", None),
    (
        "a picture nobody names",
        lambda f: (f / "pictures" / ("0" * 64)).write_bytes(b""),
        f"pictures/{'0' * 64}",
        None,
    ),
    ("a file too many", lambda f: (f / "tile/0/003").write_bytes(bytes(32)), "tile/0/003", None),
    ("the signature", lambda f: flip(f, "checkpoint", -10), "checkpoint", None),
    ("the root", lambda f: change(f, "checkpoint", b"\n600\n", b"\n599\n"), "checkpoint", None),
    ("no head", lambda f: (f / "checkpoint").write_bytes(b"hello\n"), "checkpoint", None),
    ("a huge head", lambda f: (f / "checkpoint").write_bytes(bytes(600_000)), "checkpoint", None),
    (
        "a disclosure",
        lambda f: change(f, "disclosures.jsonl", b'"disclosure": "W', b'"disclosure": "X'),
        "disclosures.jsonl",
        None,
    ),
    (
        "a line that discloses nothing",
        lambda f: (f / "disclosures.jsonl").write_bytes(b"[]\n"),
        "disclosures.jsonl",
        None,
    ),
    (
        "lists inside each other without end",
        lambda f: (f / "disclosures.jsonl").write_bytes(b"[" * 100_000 + b"\n"),
        "disclosures.jsonl",
        None,
    ),
    (
        "a folder for disclosures",
        lambda f: _folder_in_its_place(f / TOLD),
        "disclosures.jsonl",
        None,
    ),
    ("a minimum", lambda f: (f / "minimum-index").write_bytes(b"0256\n"), "minimum-index", None),
    (
        "a minimum inside a bundle",
        lambda f: (f / "minimum-index").write_bytes(b"300\n"),
        "minimum-index",
        None,
    ),
]


@pytest.mark.parametrize(("_name", "damage", "where", "n"), DAMAGES, ids=[one[0] for one in DAMAGES])
def test_damage_is_told_with_the_file_and_the_entry(
    grown: CustodyLog, folder: Path, _name: str, damage: Deed, where: str, n: int | None
) -> None:
    exported(grown, folder, personal=True)
    damage(folder)
    with pytest.raises(LogDamaged) as refused:
        verified(grown, folder)
    assert (refused.value.file, refused.value.entry) == (folder / where, n)


def test_a_pipe_in_the_folder_is_refused_and_not_waited_for(grown: CustodyLog, folder: Path) -> None:
    exported(grown, folder)
    os.mkfifo(folder / "disclosures.jsonl")
    with pytest.raises(LogDamaged, match="plain files"):
        verified(grown, folder)


def test_folders_inside_each_other_without_end_are_refused(grown: CustodyLog, folder: Path) -> None:
    exported(grown, folder)
    edge = os.open(folder, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("x" * 200, dir_fd=edge)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=edge)
        os.close(edge)
        edge = inner
    os.close(edge)
    with pytest.raises(LogDamaged, match="cannot be read"):
        verified(grown, folder)


def test_a_policy_that_knows_another_key_accepts_nothing(
    grown: CustodyLog, folder: Path, tmp_path: Path
) -> None:
    exported(grown, folder)
    with CustodyLog.open(tmp_path / "other" / "custody.db", origin=grown.vkey.name) as other:
        policy = replace(trusting(grown), logs=(PolicyLog(other.vkey),))
    with pytest.raises(LogDamaged, match="not accepted"):
        verify_export(folder, policy)


def test_the_head_must_be_signed_by_the_key_that_the_entries_name(
    log: CustodyLog, folder: Path, draft: Make, tmp_path: Path
) -> None:
    with CustodyLog.open(tmp_path / "other" / "custody.db", origin=log.vkey.name) as other:
        log.append([draft(kind="log_key", vkey=str(other.vkey))])
    exported(log, folder, trusting(log))
    with pytest.raises(LogDamaged, match="not signed by the key that entry 0 names"):
        verified(log, folder)


def test_an_unlawful_entry_is_found_even_where_every_hash_is_right(
    log: CustodyLog, folder: Path, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as lenient:
        lenient.setattr("controller.ledger.batch.check", lambda _entry: 0)
        log.append([draft(), {**draft(), "clock": ""}])
    exported(log, folder)
    with pytest.raises(LogDamaged, match="unlawful") as refused:
        verified(log, folder)
    assert refused.value.entry == 1


def test_a_tree_of_three_levels_exports_and_verifies(
    log: CustodyLog, folder: Path, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody_log, "ANCHOR_EVERY", 10_000)
    log.append([draft() for _ in range(66_000)])
    exported(log, folder)
    assert (folder / "tile" / "2" / "000.p" / "1").exists()
    assert verified(log, folder).entries == 66_000
