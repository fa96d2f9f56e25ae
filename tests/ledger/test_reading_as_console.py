"""Another user reads the log: while the controller runs, after a clean stop, after its death. Rule 26.

As root the reader becomes nobody, with the right of a group to read; as an ordinary user it loses
the right to write to the folder and its files.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog

Make = Callable[..., dict[str, object]]

STRANGER = """
import os, sys
from pathlib import Path
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
folder = Path(sys.argv[1])
assert not os.access(folder, os.W_OK) and not os.access(folder / "custody.db", os.W_OK)
with LogReader(folder / "custody.db") as reader:
    newest = [entry["n"] for entry in reader.entries(newest_first=True, limit=2)]
print(verify(folder / "custody.db").entries, newest)
"""

KILLED = """
import os, signal, sys
from pathlib import Path
from controller.ledger.custody_log import CustodyLog
log = CustodyLog.open(Path(sys.argv[1]))
log.append([{"at": log.last_at, "time": "2026-03-02T01:00:00.000Z", "clock": "synced", "policy": "p1",
             "kind": "started"}])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def console_can_read() -> Iterator[Path]:
    """A folder that another user of the group, or for an ordinary user its write-protected self, can read."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
        Path(folder).chmod(0o700)


def as_the_console(folder: Path) -> str:
    """What somebody without any right to write reads in the log."""
    is_root = os.geteuid() == 0
    folder.chmod(0o750 if is_root else 0o500)
    for path in [folder, *folder.iterdir()]:
        if is_root:
            os.chown(path, -1, 65534)
        if path != folder:
            path.chmod(0o640 if is_root else 0o400)
    told = subprocess.run(
        [sys.executable, "-c", STRANGER, folder], capture_output=True, text=True, check=False
    )
    for path in [folder, *folder.iterdir()]:
        path.chmod(0o700 if path == folder else 0o600)
    assert told.stderr == ""
    return told.stdout.strip()


def test_another_user_reads_while_the_controller_runs(console_can_read: Path, draft: Make) -> None:
    with CustodyLog.open(console_can_read / "custody.db") as log:
        log.append([draft(at) for at in range(3)])
        assert as_the_console(console_can_read) == "3 [2, 1]"
        log.append([draft(4)])
        assert as_the_console(console_can_read) == "4 [3, 2]"


def test_another_user_reads_after_a_clean_stop(console_can_read: Path, draft: Make) -> None:
    with CustodyLog.open(console_can_read / "custody.db") as log:
        log.append([draft(at) for at in range(3)])
    assert as_the_console(console_can_read) == "3 [2, 1]"


def test_another_user_reads_after_the_controller_was_killed(console_can_read: Path, draft: Make) -> None:
    with CustodyLog.open(console_can_read / "custody.db") as log:
        log.append([draft(at) for at in range(3)])
    subprocess.run([sys.executable, "-c", KILLED, console_can_read / "custody.db"], check=False)
    assert (console_can_read / "custody.db-wal").exists()
    assert as_the_console(console_can_read) == "4 [3, 2]"
