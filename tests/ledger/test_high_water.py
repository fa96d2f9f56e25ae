"""A log that was put back by hand to an older state is refused, as far as files beside it can tell."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.high_water import COSIGNED

Make = Callable[..., dict[str, object]]


def grown(file: Path, draft: Make, entries: int) -> bytes:
    """The bytes of a stopped log after so many more entries."""
    with CustodyLog.open(file) as log:
        for _ in range(entries):
            log.append([draft(log.last_at)])
    return file.read_bytes()


def test_an_older_state_put_back_by_hand_is_refused_with_what_to_do(file: Path, draft: Make) -> None:
    older = grown(file, draft, 3)
    grown(file, draft, 2)
    file.write_bytes(older)
    with pytest.raises(LogDamaged, match=r"rolled-back log.*holds 3 entries.*remembers 5.*ironroom restore"):
        CustodyLog.open(file)
    with pytest.raises(LogDamaged):
        CustodyLog.open(file)


def test_another_history_of_the_same_log_is_refused_even_when_it_is_longer(file: Path, draft: Make) -> None:
    older = grown(file, draft, 3)
    grown(file, draft, 300)
    newest = file.with_suffix(".lock").read_bytes()
    file.write_bytes(older)
    file.with_suffix(".lock").unlink()
    with CustodyLog.open(file) as log:
        log.append([draft(9_000)] * 400)
    file.with_suffix(".lock").write_bytes(newest)
    with pytest.raises(LogDamaged, match="first 303 entries are not those"):
        CustodyLog.open(file)


def test_a_mark_that_a_power_cut_left_behind_is_the_beginning_of_the_log_and_does_no_harm(
    file: Path, draft: Make
) -> None:
    grown(file, draft, 270)
    behind = file.with_suffix(".lock").read_bytes()
    grown(file, draft, 800)
    file.with_suffix(".lock").write_bytes(behind)
    with CustodyLog.open(file) as log:
        assert log.size == 1070


@pytest.mark.parametrize("line", [b"", b"x" * 95, b"7 " + b"0" * 64 + b" 00000000\n", b"\xff" * 95])
def test_a_mark_that_is_not_whole_says_nothing(file: Path, draft: Make, line: bytes) -> None:
    grown(file, draft, 2)
    file.with_suffix(".lock").write_bytes(b"begun       4711\n" + line)
    with CustodyLog.open(file) as log:
        assert log.append([draft(9)]) == [2]


def test_the_mark_is_there_after_a_kill_too(file: Path, draft: Make) -> None:
    child = os.fork()
    if not child:
        log = CustodyLog.open(file)
        log.append([draft()] * 5)
        os._exit(0)  # without closing anything
    assert os.waitpid(child, 0)[1] == 0
    for left in file.parent.glob("custody.db*"):
        left.unlink()
    with pytest.raises(LogDamaged, match="file is gone"):
        CustodyLog.open(file)
    beside = file.parent.parent / "beside" / "custody.db"
    shutil.copy(file.parent / "log.key", _folder(beside) / "log.key")
    older = grown(beside, draft, 4)
    file.write_bytes(older)
    file.chmod(0o600)
    with pytest.raises(LogDamaged, match="holds 4 entries"):
        CustodyLog.open(file)


def test_a_cosigned_head_that_the_log_does_not_reach_is_refused(file: Path, draft: Make) -> None:
    older = grown(file, draft, 3)
    with CustodyLog.open(file) as log:
        log.append([draft(9)])
        (file.parent / COSIGNED).write_bytes(log.note() or b"")
    grown(file, draft, 1)
    file.write_bytes(older)
    file.with_suffix(".lock").unlink()
    with pytest.raises(LogDamaged, match=rf"{COSIGNED} remembers 4"):
        CustodyLog.open(file)


def test_a_cosigned_head_by_another_key_says_nothing_about_this_log(file: Path, draft: Make) -> None:
    beside = file.parent.parent / "beside" / "custody.db"
    grown(beside, draft, 9)
    grown(file, draft, 1)
    with CustodyLog.open(beside) as log:
        (file.parent / COSIGNED).write_bytes(log.note() or b"")
    CustodyLog.open(file).close()


def _folder(file: Path) -> Path:
    file.parent.mkdir(mode=0o700)
    return file.parent
