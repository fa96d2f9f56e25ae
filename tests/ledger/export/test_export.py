"""An export is the log as static files; it continues itself and writes over nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import IronroomError, LogDamaged, UserMistake
from controller.ledger.custody_log import CustodyLog
from controller.ledger.export_check import own_policy, verify_export
from controller.ledger.export_folder import UNFINISHED, FolderWriter
from controller.ledger.formats.note import Signature, SignedNote
from controller.ledger.formats.policy import PolicyWitness
from controller.ledger.formats.tiles import ENTRIES, Tile, all_tiles
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import leaf_hash
from tests.ledger.export.exporting import COSIGNER, DIGEST, Make, cosign, exported, files, trusting, verified


def test_an_export_has_exactly_the_tiles_of_its_tree_and_verifies(grown: CustodyLog, folder: Path) -> None:
    done = exported(grown, folder)
    assert (done.entries, done.root, done.since) == (600, grown.root, 0)
    there = {name for name in files(folder) if name.startswith("tile/")}
    assert there == {str(tile) for tile in all_tiles(600)}
    assert own_policy(folder).logs[0].vkey == grown.vkey
    report = verified(grown, folder)
    assert (report.entries, report.bodies, report.pictures, report.missing) == (600, 600, 1, 0)


def test_names_leave_the_box_only_when_asked_for_and_only_those_not_erased(
    grown: CustodyLog, folder: Path, draft: Make, tmp_path: Path
) -> None:
    exported(grown, folder)
    assert not any(b"disclosure" in octets for name, octets in files(folder).items() if name != "README.txt")
    told = exported(grown, tmp_path / "told", personal=True)
    assert verified(grown, told.folder).disclosures == 598
    grown.append([draft(600, kind="person_erased", erases=["v1"])])
    exported(grown, told.folder, personal=True)
    assert verified(grown, told.folder).disclosures == 0
    exported(grown, told.folder)
    assert "disclosures.jsonl" not in files(told.folder)


def test_an_export_is_continued_and_becomes_what_a_new_one_is(
    grown: CustodyLog, folder: Path, draft: Make, tmp_path: Path
) -> None:
    exported(grown, folder)
    grown.append([draft(700) for _ in range(300)])
    done = exported(grown, folder)
    assert (done.since, done.entries) == (600, 900)
    exported(grown, tmp_path / "fresh")
    assert files(folder) == files(tmp_path / "fresh")
    assert verified(grown, folder).entries == 900
    again = exported(grown, folder)
    assert (again.since, again.entries) == (900, 900)
    assert files(folder) == files(tmp_path / "fresh")


@pytest.mark.parametrize("stops_at", ["tile/0/000", "tile/1/000.p/2", "policy", "checkpoint", "pictures"])
def test_an_interrupted_export_says_so_and_is_finished_by_running_it_again(
    grown: CustodyLog, folder: Path, stops_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(Exception):  # noqa: N818
        pass

    def pull(writer: FolderWriter, name: str, *_: object) -> None:
        if name.startswith(stops_at):
            (writer.folder / name).parent.mkdir(parents=True, exist_ok=True)
            if name != "checkpoint":  # that one is renamed into place, whole or not at all
                (writer.folder / name).write_bytes(b"half")
            raise PowerCut

    with monkeypatch.context() as broken:
        for deed in ("write", "replace", "copy"):
            whole = getattr(FolderWriter, deed)

            def deed_until(
                writer: FolderWriter, name: str, *more: object, whole: Callable[..., None] = whole
            ) -> None:
                pull(writer, name)
                whole(writer, name, *more)

            broken.setattr(FolderWriter, deed, deed_until)
        with pytest.raises(PowerCut):
            exported(grown, folder)
    assert (folder / UNFINISHED).exists()
    with pytest.raises(LogDamaged, match="was interrupted"):
        verified(grown, folder)
    exported(grown, folder)
    assert verified(grown, folder).pictures == 1


def test_nothing_that_is_there_is_written_over(grown: CustodyLog, folder: Path, draft: Make) -> None:
    folder.mkdir()
    (folder / "holiday.jpg").write_bytes(b"mine")
    with pytest.raises(UserMistake, match="something else"):
        exported(grown, folder)
    assert files(folder) == {"holiday.jpg": b"mine"}
    (folder / "holiday.jpg").unlink()
    exported(grown, folder)
    grown.append([draft(700) for _ in range(300)])
    (folder / "tile" / "0" / "002").write_bytes(b"mine")
    with pytest.raises(UserMistake, match="written over"):
        exported(grown, folder)
    assert (folder / "tile" / "0" / "002").read_bytes() == b"mine"


def test_a_folder_with_a_link_in_it_is_not_written_into(
    grown: CustodyLog, folder: Path, tmp_path: Path
) -> None:
    exported(grown, folder)
    (folder / "tile" / "2").symlink_to(tmp_path)
    with pytest.raises(LogDamaged, match="plain files"):
        exported(grown, folder)
    with pytest.raises(LogDamaged, match="plain files"):
        verified(grown, folder)


def test_an_export_of_another_history_is_not_continued(
    grown: CustodyLog, folder: Path, tmp_path: Path, draft: Make
) -> None:
    with CustodyLog.open(tmp_path / "other" / "custody.db", origin=grown.vkey.name) as other:
        other.append([draft(at, kind="other") for at in range(30)])
        exported(other, folder)
    before = files(folder)
    with pytest.raises(UserMistake, match="not of this log"):
        exported(grown, folder)
    assert files(folder) == before


def test_a_log_that_lost_its_tail_does_not_continue_its_own_export(
    grown: CustodyLog, folder: Path, tmp_path: Path, draft: Make
) -> None:
    backup = tmp_path / "restored"
    backup.mkdir(mode=0o700)
    grown.upkeep()
    with sqlite3.connect(grown.file) as source, sqlite3.connect(backup / "custody.db") as copy:
        source.backup(copy)
    grown.append([draft(700)])
    exported(grown, folder)
    (backup / "log.key").write_bytes((grown.file.parent / "log.key").read_bytes())
    for name in ("custody.db", "log.key"):
        (backup / name).chmod(0o600)
    with CustodyLog.open(backup / "custody.db") as restored:
        restored.append([draft(701)])
        with pytest.raises(LogDamaged, match="not the beginning of this log"):
            exported(restored, folder)


def test_a_damaged_log_is_not_exported(grown: CustodyLog, folder: Path) -> None:
    connection = sqlite3.connect(grown.file)
    with connection:
        connection.execute(
            "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'wang', 'zhao') AS BLOB) WHERE n = 300"
        )
    connection.close()
    with pytest.raises(LogDamaged) as refused:
        exported(grown, folder)
    assert refused.value.entry == 300
    assert not (folder / "checkpoint").exists()


@pytest.mark.parametrize(
    ("n", "wrong"), [(300, "do not give the node"), (590, "does not give its signed root")]
)
def test_a_forged_body_with_its_leaf_hash_is_not_exported(
    grown: CustodyLog, folder: Path, n: int, wrong: str
) -> None:
    connection = sqlite3.connect(grown.file)
    with connection:
        connection.execute("UPDATE entry SET body = ?, leaf = ? WHERE n = ?", (b"{}", leaf_hash(b"{}"), n))
    connection.close()
    with pytest.raises(LogDamaged, match=wrong):
        exported(grown, folder)


def test_pruned_bundles_are_left_out_and_the_rest_verifies(
    grown: CustodyLog, folder: Path, draft: Make
) -> None:
    grown.append([draft(700, kind="pruned", kept_from=300, bodies=299)])
    connection = sqlite3.connect(grown.file)
    with connection:
        connection.execute("UPDATE entry SET body = x'' WHERE n < 300 AND kind != 'log_key'")
        connection.execute("INSERT INTO mark VALUES ('kept_from', 300)")
    connection.close()
    done = exported(grown, folder)
    assert done.minimum == 512
    assert not (folder / str(Tile(ENTRIES, 1))).exists()
    report = verified(grown, folder)
    assert (report.entries, report.bodies) == (601, 89)
    (folder / "minimum-index").unlink()
    with pytest.raises(LogDamaged, match="missing"):
        verified(grown, folder)


def test_an_altered_picture_is_left_out_and_told(grown: CustodyLog, folder: Path) -> None:
    (grown.file.parent / "pictures" / DIGEST).write_bytes(b"b picture")
    assert exported(grown, folder).altered == (DIGEST,)
    assert verified(grown, folder).missing == 1


def test_cosignatures_go_out_with_the_head_they_are_on(grown: CustodyLog, folder: Path, draft: Make) -> None:
    cosign(grown)
    policy = trusting(grown, [PolicyWitness("office", COSIGNER.vkey)], "office")
    assert exported(grown, folder).cosigned == 600
    assert own_policy(folder) == trusting(grown)
    assert verify_export(folder, policy).witnessed == 600
    assert "checkpoint.cosigned" not in files(folder)
    grown.append([draft(700)])
    exported(grown, folder, policy)
    report = verify_export(folder, own_policy(folder))
    assert (report.entries, report.witnessed) == (601, 600)
    (folder / "checkpoint.cosigned").unlink()
    with pytest.raises(LogDamaged, match="not the quorum"):
        verify_export(folder, policy)


def test_a_cosigned_head_of_another_history_stops_the_export(
    grown: CustodyLog, folder: Path, draft: Make
) -> None:
    cosign(grown, lambda text: text.replace("600", "599"))
    with pytest.raises(LogDamaged, match="not a head of this log"):
        exported(grown, folder)


def test_a_cosigned_head_that_the_log_did_not_sign_stops_the_export(grown: CustodyLog, folder: Path) -> None:
    text = SignedNote.parse(grown.note() or b"").text
    alone = SignedNote(text, (Signature.by(COSIGNER.vkey, COSIGNER.sign(text.encode())),))
    (grown.file.parent / "checkpoint.cosigned").write_bytes(alone.to_bytes())
    with pytest.raises(LogDamaged, match="no signed head"):
        exported(grown, folder)


def test_an_empty_log_is_not_exported(log: CustodyLog, folder: Path) -> None:
    with pytest.raises(IronroomError, match="no entry"):
        exported(log, folder)
    assert not folder.exists()


def test_disclosures_are_lines_of_a_digest_and_its_text(grown: CustodyLog, folder: Path) -> None:
    exported(grown, folder, personal=True)
    lines = (folder / "disclosures.jsonl").read_text().splitlines()
    assert {frozenset(json.loads(line)) for line in lines} == {frozenset({"digest", "disclosure"})}
