"""A remembered head is continued, or the log is convicted by two files that need nobody's word."""

import json
import shutil
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.cli import main
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.log_key import FileKeys
from controller.ledger.proofs import check_consistency
from controller.ledger.reading import LogReader
from tests.ledger.export.exporting import Make, exported


def diff(old: Path, *arguments: object) -> Result:
    words = ["log", "diff", str(old), *map(str, arguments)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return tmp_path / "old.checkpoint"


@pytest.fixture
def twin(tmp_path: Path, draft: Make) -> Callable[..., tuple[Path, bytes]]:
    """Make a log under one key again and again: entries of this kind, and the head after them."""

    def make(name: str, *kinds: str) -> tuple[Path, bytes]:
        data = tmp_path / name
        with CustodyLog.open(data / "custody.db", keys=FileKeys(tmp_path), origin="bank.example/v") as log:
            log.append([draft(at, kind=kind) for at, kind in enumerate(kinds)])
            note = log.note()
        assert note is not None
        (data / "log.key").write_bytes((tmp_path / "log.key").read_bytes())
        (data / "log.key").chmod(0o600)
        return data, note

    return make


Twin = Callable[..., tuple[Path, bytes]]


def test_a_log_that_went_on_continues_its_older_head_and_the_look_is_an_entry(
    log: CustodyLog, old: Path, draft: Make
) -> None:
    log.append([draft(at) for at in range(300)])
    old.write_bytes(log.note() or b"")
    log.append([draft(300), draft(301)])
    log.close()
    told = diff(old, "--data", log.file.parent, "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout) == {
        "ok": True,
        "verdict": "continued",
        "old": 300,
        "new": 302,
        "error": None,
    }
    with LogReader(log.file) as reader:
        (look,) = reader.entries(kind="evidence_read")
    assert (look["n"], look["what"]) == (302, "diff")


def test_an_export_continues_its_older_head_and_needs_no_look(
    grown: CustodyLog, folder: Path, old: Path
) -> None:
    old.write_bytes(grown.note() or b"")
    exported(grown, folder)
    told = diff(old, folder, "--vkey", grown.vkey)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "0 entries since" in told.stdout
    assert "WARNING" in diff(old, folder).stderr


def test_a_rolled_back_log_is_told_as_such_and_nothing_more_is_written_to_it(
    old: Path, twin: Twin, tmp_path: Path
) -> None:
    old.write_bytes(twin("live", "a", "b", "c")[1])
    restored, _ = twin("restored", "a", "b")
    told = diff(old, "--data", restored, "--evidence", tmp_path / "evidence")
    assert told.exit_code == 1
    assert "ends with 2 entries, but a head of 3 was signed" in told.stdout
    with LogReader(restored / "custody.db") as reader:
        assert reader.count() == 2
    assert "Not proven" in (tmp_path / "evidence" / "README.txt").read_text()


def test_two_histories_of_one_size_are_kept_as_a_proof_of_two_files(
    old: Path, twin: Twin, tmp_path: Path
) -> None:
    old.write_bytes(twin("seen", "a", "b", "c")[1])
    shown, note = twin("shown", "a", "x", "c")
    told = diff(old, "--data", shown, "--evidence", tmp_path / "evidence", "--json")
    assert (told.exit_code, json.loads(told.stdout)["verdict"]) == (1, "split")
    kept = {one.name: one.read_bytes() for one in (tmp_path / "evidence").iterdir()}
    assert (kept["theirs.checkpoint"], kept["ours.checkpoint"]) == (old.read_bytes(), note)
    assert set(kept) == {"theirs.checkpoint", "ours.checkpoint", "README.txt"}


def test_rewritten_history_is_proven_by_both_heads_and_a_consistency_proof_alone(
    old: Path, twin: Twin, tmp_path: Path
) -> None:
    old.write_bytes(twin("seen", "a", "b", "c")[1])
    shown, _ = twin("shown", "a", "x", "c", "d", "e", "f")
    assert diff(old, "--data", shown, "--evidence", tmp_path / "evidence").exit_code == 1
    kept = {one.name: one.read_bytes() for one in (tmp_path / "evidence").iterdir()}
    key = Ed25519Signer.parse((tmp_path / "log.key").read_text().strip()).vkey
    heads = []
    for name in ("theirs.checkpoint", "ours.checkpoint"):
        note = SignedNote.parse(kept[name])
        verify(note, [key])
        heads.append(Checkpoint.parse(note.text))
    theirs, ours = heads
    size, root, *proof = kept["consistency.proof"].decode().splitlines()
    assert size == f"old size {theirs.size}"
    then = b64decode(root.removeprefix("old root of the newer head "))
    check_consistency(theirs.size, ours.size, then, ours.root, [b64decode(one) for one in proof])
    assert then != theirs.root


def test_evidence_is_never_written_over(old: Path, twin: Twin, tmp_path: Path) -> None:
    old.write_bytes(twin("seen", "a", "b")[1])
    shown, _ = twin("shown", "a", "x")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note").write_bytes(b"")
    assert diff(old, "--data", shown, "--evidence", tmp_path / "mine").exit_code == 2


def test_a_head_that_the_log_never_signed_proves_nothing(log: CustodyLog, old: Path, draft: Make) -> None:
    log.append([draft()])
    head = Checkpoint(log.vkey.name, 9, bytes(32))
    old.write_bytes(signed(head.text(), Ed25519Signer.generate(log.vkey.name)).to_bytes())
    log.close()
    told = diff(old, "--data", log.file.parent)
    assert told.exit_code == 1
    assert "proves nothing" in told.stderr


def test_a_head_of_another_log_is_the_askers_mistake(grown: CustodyLog, folder: Path, old: Path) -> None:
    other = Ed25519Signer.generate("bank.example/other")
    old.write_bytes(signed(Checkpoint("bank.example/other", 9, bytes(32)).text(), other).to_bytes())
    exported(grown, folder)
    told = diff(old, folder, "--vkey", grown.vkey, "--vkey", other.vkey)
    assert told.exit_code == 2
    assert "is of bank.example/other" in told.stderr


def test_an_export_whose_tiles_do_not_give_its_head_convicts_nobody_but_itself(
    grown: CustodyLog, folder: Path, old: Path
) -> None:
    old.write_bytes(grown.note() or b"")
    exported(grown, folder)
    shutil.copy(folder / "tile" / "0" / "000", folder / "tile" / "0" / "001")
    tile = folder / "tile" / "1" / "000.p" / "2"
    tile.write_bytes(bytes(64))
    told = diff(old, folder, "--vkey", grown.vkey)
    assert told.exit_code == 1
    assert "does not give the root" in told.stderr


@pytest.mark.parametrize("content", [None, b"", b"hello\n", b"\xff" * 100, bytes(600_000)])
def test_what_is_no_checkpoint_is_told_in_a_sentence(
    log: CustodyLog, old: Path, draft: Make, content: bytes | None
) -> None:
    log.append([draft()])
    log.close()
    if content is not None:
        old.write_bytes(content)
    told = diff(old, "--data", log.file.parent)
    assert told.exit_code in (1, 2)
    assert told.stderr
