"""The writer dies at any moment, or its disk does: what was acknowledged is there, and nothing is damaged.

A child process writes and says which counter it was given; the parent kills it, or its disk fails.
The kill test proves the commit protocol, not the disk: pages in the kernel survive a killed process.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import LogDead
from controller.ledger.custody_log import CustodyLog
from controller.ledger.verify import verify

Make = Callable[..., dict[str, object]]

# One interpreter forks all writers: it has no threads, and no writer waits for imports.
KILLER = """
import os, random, signal, sys
from pathlib import Path
from controller.ledger import custody_log
from controller.ledger.custody_log import CustodyLog

FILE, dice = Path(sys.argv[1]), random.Random(int(sys.argv[2]))
custody_log.UPKEEP_BYTES = 60_000
DRAFT = {"time": "2026-03-02T01:00:00.000Z", "clock": "synced", "policy": "p1", "kind": "granted"}

def write(pipe):
    log = CustodyLog.open(FILE)
    while True:
        batch = [{**DRAFT, "at": log.last_at, "pad": "x" * 500}] * dice.randrange(1, 4)
        os.write(pipe, b"%d\\n" % log.append(batch)[-1])
        log.upkeep()
        if log.size % 7 == 0:
            log.save_state(log.size - 1, b"room %d" % log.size)

for _ in range(30):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            write(writing)
        finally:
            os._exit(1)
    os.close(writing)
    heard = b""
    for _ in range(dice.randrange(1, 40)):
        heard += os.read(reading, dice.randrange(1, 30))
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    while more := os.read(reading, 65536):
        heard += more
    os.close(reading)
    acknowledged = int(heard.split()[-1])
    with CustodyLog.open(FILE) as log:
        assert log.size > acknowledged, (log.size, acknowledged)
        state = next(log.saved_states(), None)
        assert [entry["n"] for entry in log.tail(state.n if state else -1)][-1:] in ([log.size - 1], [])
        assert len(log.notes) == 1, log.notes
print("30 kills survived")
"""


def test_no_acknowledged_entry_is_lost_when_the_writer_is_killed_at_thirty_moments(file: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", KILLER, file, "62"], capture_output=True, text=True, check=False, timeout=120
    )
    assert (told.stdout, told.stderr) == ("30 kills survived\n", "")
    assert verify(file).entries > 30


# Writes until the disk refuses, then shows that the log stays dead.
FAILING = """
import resource, sys
from pathlib import Path
from controller.errors import LogDead
from controller.ledger.custody_log import CustodyLog

try:
    log = CustodyLog.open(Path(sys.argv[1]))
except LogDead as dead:
    print(-1, dead)
    sys.exit(0)
if sys.argv[2] == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))  # Python ignores SIGXFSZ: write gives EFBIG
DRAFT = {"at": 0, "time": "2026-03-02T01:00:00.000Z", "clock": "synced", "policy": "p1", "kind": "granted"}
acknowledged = -1
try:
    for _ in range(2000):
        (acknowledged,) = log.append([DRAFT])
except LogDead as dead:
    first, head = str(dead), log.head
else:
    sys.exit("the disk never failed")
for deed in (lambda: log.append([DRAFT]), lambda: log.save_state(log.size - 1, b""), log.upkeep):
    try:
        deed()
    except LogDead as still:
        assert str(still) == first, (str(still), first)
    else:
        sys.exit("a dead log did something")
assert log.head == head and log.size == acknowledged + 1
print(acknowledged, first)
log.close()
"""


def can_trace() -> bool:
    """Whether strace is here and may inject errors; where it may not, the limit on file size stands in."""
    command = ["strace", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO", "true"]
    return bool(shutil.which("strace")) and subprocess.run(command, check=False).returncode == 0


STRACE = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync,pwrite64", "-e"]
# SQLite calls fsync or fdatasync, as it was built; strace counts each of them alone.
INJECTIONS = {
    "no fsync works": "inject=fsync,fdatasync:error=EIO:when=1+",
    "fsync fails from the 4th on": "inject=fsync,fdatasync:error=EIO:when=4+",
    "fsync fails from the 9th on": "inject=fsync,fdatasync:error=EIO:when=9+",
    "fsync fails from the 12th on": "inject=fsync,fdatasync:error=EIO:when=12+",
    "the 40th fsync fails": "inject=fsync,fdatasync:error=EIO:when=40",
    "the 100th fsync fails": "inject=fsync,fdatasync:error=EIO:when=100",
    # From there on, because a single one may hit the mark in custody.lock, which is a hint (hold.py).
    "writes fail from the 200th on": "inject=pwrite64:error=EIO:when=200+",
    "no space from the 150th write on": "inject=pwrite64:error=ENOSPC:when=150+",
}
DISKS: list[tuple[str, list[str]]] = [("full", [])]
if can_trace():
    DISKS += [(disk, [*STRACE, injection]) for disk, injection in INJECTIONS.items()]


@pytest.mark.parametrize(("disk", "tracer"), DISKS, ids=[disk for disk, _ in DISKS])
def test_after_an_error_of_the_disk_the_log_is_dead_and_whole(
    file: Path, draft: Make, disk: str, tracer: list[str]
) -> None:
    told = subprocess.run(
        [*tracer, sys.executable, "-c", FAILING, file, disk],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (told.returncode, told.stderr) == (0, "")
    acknowledged, sentence = told.stdout.strip().split(maxsplit=1)
    assert (
        "a commit failed" in sentence and "nothing may open" in sentence
    ) or "cannot be opened" in sentence
    with CustodyLog.open(file) as log:
        # A commit that failed was not acknowledged; it may be there none the less, never in part.
        assert log.size in (int(acknowledged) + 1, int(acknowledged) + 2)
        log.append([draft()])
    assert verify(file).entries > int(acknowledged)


def test_an_error_while_copying_the_wal_ends_the_log_too(log: CustodyLog, draft: Make) -> None:
    log.append([draft()])
    log._db.execute("BEGIN IMMEDIATE")  # SQLite refuses a checkpoint inside a transaction
    with pytest.raises(LogDead, match="copying the WAL failed"):
        log.upkeep()
    log._db.execute("ROLLBACK")
    with pytest.raises(LogDead, match="copying the WAL failed"):
        log.append([draft()])


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(LogDead, match="cannot be opened"):
        CustodyLog.open(tmp_path / "data" / "room" / "custody.db")
