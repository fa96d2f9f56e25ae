"""Who may open a log, and what is refused at the door."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import IronroomError, LogBusy, LogDamaged, LogDead, LogExposed
from controller.ledger import schema, sqlite
from controller.ledger.custody_log import CustodyLog
from controller.ledger.sqlite import sqlite3, sqlite_note

Make = Callable[..., dict[str, object]]

KEEPER = """
import sys
from pathlib import Path
from controller.ledger.custody_log import CustodyLog
log = CustodyLog.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_controller_in_another_process_is_refused_by_number(file: Path) -> None:
    command = [sys.executable, "-c", KEEPER, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == "open\n"
        with pytest.raises(LogBusy, match=rf"process {keeper.pid}\) keeps this log") as refused:
            CustodyLog.open(file)
        assert refused.value.exit_code == 75
        keeper.kill()
    CustodyLog.open(file).close()


def test_a_second_log_in_the_same_process_is_refused(log: CustodyLog) -> None:
    with pytest.raises(LogBusy, match=f"process {os.getpid()}"):
        CustodyLog.open(log.file)


def test_a_refused_opening_lets_go_of_the_log(file: Path) -> None:
    CustodyLog.open(file).close()
    file.chmod(0o644)
    with pytest.raises(LogExposed):
        CustodyLog.open(file)
    file.chmod(0o600)
    CustodyLog.open(file).close()


def test_files_are_made_for_the_controller_alone(log: CustodyLog, draft: Make) -> None:
    log.append([draft()])
    modes = {path.name: path.stat().st_mode & 0o7777 for path in log.file.parent.iterdir()}
    names = ("custody.db", "custody.db-wal", "custody.db-shm", "custody.lock", "log.key")
    assert modes == dict.fromkeys(names, 0o600)
    assert log.file.parent.stat().st_mode & 0o7777 == 0o700


@pytest.mark.parametrize("mode", [0o644, 0o620, 0o602, 0o666, 0o601])
def test_a_database_that_others_can_touch_is_refused_with_the_command(file: Path, mode: int) -> None:
    CustodyLog.open(file).close()
    file.chmod(mode)
    with pytest.raises(LogExposed, match=r"custody\.db has mode .* chmod 600"):
        CustodyLog.open(file)


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_others_can_touch_is_refused_with_the_command(file: Path, mode: int) -> None:
    CustodyLog.open(file).close()
    file.parent.chmod(mode)
    with pytest.raises(LogExposed, match=r"data has mode .* chmod 700"):
        CustodyLog.open(file)


def test_the_console_may_read_by_its_group(file: Path) -> None:
    CustodyLog.open(file).close()
    file.parent.chmod(0o750)
    file.chmod(0o640)
    CustodyLog.open(file).close()


def test_a_wal_that_others_can_touch_is_refused(file: Path) -> None:
    CustodyLog.open(file).close()
    wal = file.with_name("custody.db-wal")
    wal.touch(0o644)
    wal.chmod(0o644)
    with pytest.raises(LogExposed, match=r"custody\.db-wal"):
        CustodyLog.open(file)


def test_a_symbolic_link_in_place_of_the_database_is_refused(file: Path, tmp_path: Path) -> None:
    CustodyLog.open(file).close()
    file.rename(tmp_path / "elsewhere.db")
    file.symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(LogExposed, match="symbolic link"):
        CustodyLog.open(file)


def test_a_log_that_has_vanished_is_never_begun_anew(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    file.unlink()
    with pytest.raises(LogDamaged, match=r"its file is gone.*remove .*custody.lock"):
        CustodyLog.open(file)
    assert not file.exists()


def test_a_log_that_was_emptied_is_never_begun_anew(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    file.write_bytes(b"")
    with pytest.raises(LogDamaged, match=r"it is empty.*remove .*custody.lock"):
        CustodyLog.open(file)


def test_a_new_log_is_begun_on_purpose_by_removing_both_files(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    file.unlink()
    file.with_suffix(".lock").unlink()
    with CustodyLog.open(file) as log:
        assert log.size == 0


def test_a_log_that_never_had_an_entry_may_be_begun_again(file: Path) -> None:
    CustodyLog.open(file).close()
    file.unlink()
    CustodyLog.open(file).close()


def test_a_restored_log_is_remembered_as_begun(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    file.with_suffix(".lock").unlink()
    CustodyLog.open(file).close()
    file.unlink()
    with pytest.raises(LogDamaged, match="gone"):
        CustodyLog.open(file)


def test_a_file_that_is_no_database_is_refused(file: Path) -> None:
    CustodyLog.open(file).close()
    file.write_bytes(b"minutes of the committee " * 400)
    with pytest.raises(LogDamaged, match="no readable database"):
        CustodyLog.open(file)


def test_a_database_of_another_program_is_refused_and_left_alone(file: Path) -> None:
    file.parent.mkdir(mode=0o700)
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE accounts (id INTEGER)")
    other.close()
    file.chmod(0o600)
    before = file.read_bytes()
    with pytest.raises(LogDamaged, match="not a custody log"):
        CustodyLog.open(file)
    assert before[100:] == file.read_bytes()[100:]


def test_a_log_of_a_newer_version_is_refused(file: Path) -> None:
    with CustodyLog.open(file) as log:
        schema.MIGRATIONS._record_applied(log._db, "tiles_and_search")
    with pytest.raises(LogDamaged, match=r"newer ironroom wrote it \(tiles_and_search\)"):
        CustodyLog.open(file)


def test_a_folder_where_a_file_should_be_is_a_sentence(file: Path) -> None:
    file.mkdir(mode=0o700, parents=True)
    file.parent.chmod(0o700)
    with pytest.raises(LogDead, match="cannot be opened"):
        CustodyLog.open(file)


@pytest.mark.parametrize(
    ("version", "has_defect"),
    [((3, 6, 23), False), ((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 4), False)],
)
def test_a_sqlite_with_the_wal_reset_defect_is_named_in_the_notes(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], has_defect: bool
) -> None:
    class OtherSqlite:
        sqlite_version = ".".join(map(str, version))
        sqlite_version_info = version

    monkeypatch.setattr(sqlite, "sqlite3", OtherSqlite)
    assert ("defect" in sqlite_note()) == has_defect


def test_damage_in_the_tables_themselves_is_a_sentence_or_harmless(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    whole, refused = file.read_bytes(), 0
    for at in range(5, 4096, 11):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x12]) + whole[at + 1 :])
        try:
            with CustodyLog.open(file) as log:
                assert list(log.tail()) == [{**draft(), "n": 0}]
        except IronroomError:
            refused += 1
    assert refused > 20


@pytest.mark.parametrize("name", ["log.key", "log.key.next", "restored.json", "checkpoint.cosigned"])
def test_a_pipe_beside_the_log_holds_up_no_start(
    file: Path, draft: Callable[..., dict[str, object]], name: str
) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft()])
    (file.parent / name).unlink(missing_ok=True)
    os.mkfifo(file.parent / name, 0o600)
    if name == "checkpoint.cosigned":  # it says nothing about this log
        CustodyLog.open(file).close()
        return
    with pytest.raises(LogDamaged):
        CustodyLog.open(file)
