"""A picture that was altered, exchanged, cut short or taken away is found, and told with Entry and camera."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.errors import LogDamaged, LogUnreadable
from controller.ledger import picture_check, picture_index
from controller.ledger.commands import log_group
from controller.ledger.custody_log import CustodyLog
from controller.ledger.picture_check import PictureReport, verify_pictures
from controller.ledger.reading import LogReader

Make = Callable[..., dict[str, object]]
CAMERAS = ("door", "vault")


def picture(folder: Path, text: str, camera: str) -> dict[str, object]:
    """A picture on the disk, as an entry names it."""
    octets = f"sealed {text} {camera}".encode() * 100
    digest = sha256(octets).hexdigest()
    folder.mkdir(exist_ok=True)
    (folder / digest).write_bytes(octets)
    return {"sha256": digest, "size": len(octets), "camera": camera, "moment": 0}


@pytest.fixture
def pictures(log: CustodyLog, draft: Make) -> list[Path]:
    """Of entries 1 to 4, two pictures each; entry 0 and 5 name none."""
    folder = log.file.parent / "pictures"
    made = [[picture(folder, str(n), camera) for camera in CAMERAS] for n in range(1, 5)]
    taken = [draft(n, kind="pictures_taken", pictures=some) for n, some in enumerate(made, 1)]
    log.append([draft(kind="snapshot"), *taken, draft(9)])
    return [folder / str(one["sha256"]) for some in made for one in some]


def checked(log: CustodyLog, size: int | None = None) -> PictureReport:
    return verify_pictures(log.file.parent, log.size if size is None else size, lambda _d, _a: None, 2)


def wrong(log: CustodyLog) -> LogDamaged:
    with pytest.raises(LogDamaged) as found:
        checked(log)
    return found.value


def deleted(log: CustodyLog, draft: Make, *files: Path) -> None:
    """As the keeper does it: the entry first."""
    names = " ".join(file.name for file in files)
    log.append([draft(99, kind="pictures_deleted", digests=names, bytes=1, why="age")])
    for file in files:
        file.unlink()


def test_true_pictures_are_accepted_and_counted(log: CustodyLog, pictures: list[Path]) -> None:
    assert checked(log) == PictureReport(whole=8, deleted=0, lost=0, unnamed=0)


def test_a_log_without_pictures_needs_no_folder(log: CustodyLog, draft: Make) -> None:
    log.append([draft()])
    assert checked(log) == PictureReport(0, 0, 0, 0)
    assert checked(log).words == ""


def altered(file: Path) -> None:
    octets = bytearray(file.read_bytes())
    octets[700] ^= 1
    file.write_bytes(octets)


def replaced(by: Callable[[Path], object]) -> Callable[[Path], None]:
    """Another thing in the place of a file, which lies aside."""

    def attack(file: Path) -> None:
        file.rename(file.with_name("aside"))
        by(file)

    return attack


ATTACKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "one bit": (altered, "is altered"),
    "cut short": (lambda f: f.write_bytes(f.read_bytes()[:-1]), "is altered"),
    "emptied": (lambda f: f.write_bytes(b""), "is altered"),
    "longer": (lambda f: f.write_bytes(f.read_bytes() + b"x"), "is altered"),
    "gigantic": (lambda f: os.truncate(f, 1 << 40), "is altered"),
    "taken away": (Path.unlink, "is missing, and no entry says that it was deleted"),
    "a folder": (replaced(Path.mkdir), "is altered"),
    "a link": (replaced(lambda f: f.symlink_to("aside")), "is altered"),
    "a pipe": (replaced(os.mkfifo), "is altered"),
}


@pytest.mark.parametrize(("attack", "told"), ATTACKS.values(), ids=ATTACKS)
def test_what_was_done_to_a_picture_is_told_with_entry_and_camera(
    log: CustodyLog, pictures: list[Path], attack: Callable[[Path], object], told: str
) -> None:
    attack(pictures[3])
    found = wrong(log)
    assert found.entry == 2
    assert f"entry 2: the picture {pictures[3].name[:16]}… of camera vault {told}." in str(found)
    assert found.file == pictures[3]


def test_two_exchanged_pictures_are_told_as_what_they_are(log: CustodyLog, pictures: list[Path]) -> None:
    one, other = pictures[0].read_bytes(), pictures[7].read_bytes()
    pictures[0].write_bytes(other)
    pictures[7].write_bytes(one)
    found = str(wrong(log))
    assert "entry 1: the picture" in found
    assert "of camera door was exchanged: its file holds the one of entry 4, camera vault" in found
    assert "of camera vault was exchanged: its file holds the one of entry 1, camera door" in found


def test_a_camera_name_changed_in_the_entry_itself_is_the_logs_own_affair(
    log: CustodyLog, pictures: list[Path]
) -> None:
    data = log.file.parent
    log._db.execute(
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'vault', 'attic') AS BLOB) WHERE n = 2"
    )
    log.close()
    done = run("verify", "--data", data)
    assert done.exit_code == 1
    assert "the bytes of entry 2" in done.stderr


def test_the_first_ten_are_told_and_the_others_counted(
    log: CustodyLog, pictures: list[Path], draft: Make
) -> None:
    folder = pictures[0].parent
    more = [picture(folder, f"more {n}", "door") for n in range(10)]
    log.append([draft(10, kind="pictures_taken", pictures=more)])
    for file in folder.iterdir():
        file.unlink()
    found = str(wrong(log))
    assert found.count("is missing") == 10
    assert "; and 8 more." in found
    folder.rmdir()
    assert wrong(log).entry == 1


def test_a_picture_that_the_keeping_rules_deleted_is_not_missed(
    log: CustodyLog, pictures: list[Path], draft: Make
) -> None:
    deleted(log, draft, *pictures[:3])
    assert checked(log) == PictureReport(5, 3, 0, 0)
    pictures[3].unlink()
    assert wrong(log).entry == 2


def test_an_entry_that_names_a_deletion_that_a_crash_prevented_harms_nothing(
    log: CustodyLog, pictures: list[Path], draft: Make
) -> None:
    octets = pictures[0].read_bytes()
    deleted(log, draft, pictures[0])
    pictures[0].write_bytes(octets)
    assert checked(log) == PictureReport(8, 0, 0, 0)


def test_what_is_written_and_deleted_while_it_is_verified_is_no_false_alarm(
    log: CustodyLog, pictures: list[Path], draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, folder, look = log.size, pictures[0].parent, picture_check._Check._look_at_all

    def meanwhile(check: picture_check._Check, *given: object) -> None:
        deleted(log, draft, pictures[5])
        fresh = picture(folder, "fresh", "door")
        log.append([draft(100, kind="pictures_taken", pictures=[fresh])])
        picture(folder, "its entry comes later", "door")
        look(check, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(picture_check._Check, "_look_at_all", meanwhile)
    assert checked(log, before) == PictureReport(whole=7, deleted=1, lost=0, unnamed=1)


def test_files_that_no_entry_names_are_counted_and_are_no_fault(
    log: CustodyLog, pictures: list[Path]
) -> None:
    picture(pictures[0].parent, "a crash before its entry", "door")
    (pictures[0].parent / f"{'0' * 64}.new").write_bytes(b"half")
    assert checked(log) == PictureReport(8, 0, 0, 2)
    assert "2 files there that no entry names" in checked(log).words


def test_what_was_lost_with_the_box_before_a_restoration_is_counted_apart(
    log: CustodyLog, pictures: list[Path], draft: Make
) -> None:
    log.append([draft(50, kind="restored", old_size=4, old_head="", gap="")])
    for file in pictures[:6]:
        file.unlink()
    assert checked(log) == PictureReport(2, 0, 6, 0)
    altered(pictures[6])
    assert wrong(log).entry == 4


def test_pruned_entries_ask_for_no_picture_and_their_files_are_counted(
    log: CustodyLog, pictures: list[Path]
) -> None:
    log._db.execute("UPDATE entry SET body = x'' WHERE n < 3")
    assert checked(log) == PictureReport(4, 0, 0, 4)


def test_many_pictures_are_looked_at_in_portions(
    log: CustodyLog, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_index, "MOST", 3)
    monkeypatch.setattr(picture_index, "_RANGE", 7)
    folder = log.file.parent / "pictures"
    made = [picture(folder, str(n), "door") for n in range(150)]
    for n, one in enumerate(made):
        log.append([draft(n), draft(n, kind="pictures_taken", pictures=[one])])
    seen: list[tuple[int, int]] = []
    told = verify_pictures(log.file.parent, log.size, lambda done, of: seen.append((done, of)), 2)
    assert told.whole == 150
    assert seen == [(64, 150), (128, 150), (150, 150)]


def test_a_link_in_place_of_the_folder_is_damage(log: CustodyLog, pictures: list[Path]) -> None:
    folder = pictures[0].parent
    folder.rename(folder.with_name("aside"))
    folder.symlink_to("aside")
    assert "this is no folder of pictures" in str(wrong(log))


def test_who_may_not_read_the_pictures_is_told_how_to_go_on(
    log: CustodyLog, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(LogUnreadable, match="--no-pictures"):
        checked(log)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(log_group, [str(argument) for argument in arguments], catch_exceptions=False)


def test_the_command_verifies_the_pictures_unless_it_is_told_not_to(
    log: CustodyLog, pictures: list[Path]
) -> None:
    data = log.file.parent
    log.close()
    done = run("verify", "--data", data)
    assert (done.exit_code, "; 8 pictures verified" in done.stdout) == (0, True)
    assert json.loads(run("verify", "--data", data, "--json").stdout)["pictures"] == {
        "whole": 8,
        "deleted": 0,
        "lost": 0,
        "unnamed": 0,
    }
    altered(pictures[1])
    done = run("verify", "--data", data, "--json")
    assert done.exit_code == 1
    assert (json.loads(done.stdout)["ok"], json.loads(done.stdout)["entry"]) == (False, 1)
    done = run("verify", "--data", data, "--no-pictures")
    assert (done.exit_code, "pictures were left out" in done.stdout) == (0, True)


def test_the_look_at_the_log_is_written_down_before(log: CustodyLog, pictures: list[Path]) -> None:
    file = log.file
    log.close()
    run("verify", "--data", file.parent)
    with LogReader(file) as reader:
        assert next(reader.entries(newest_first=True))["kind"] == "evidence_read"
