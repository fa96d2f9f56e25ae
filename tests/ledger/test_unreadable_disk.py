"""A disk that refuses to be read is no damaged log: nobody is told to restore a backup for a loose cable."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from controller.ledger.custody_log import CustodyLog

Make = Callable[..., dict[str, object]]
READER = """
import sys
from pathlib import Path
from controller.errors import IronroomError
from controller.ledger.reading import LogReader
try:
    with LogReader(Path(sys.argv[1])) as reader:
        print(sum(1 for _ in reader.entries()))
except IronroomError as error:
    print(type(error).__name__, error)
"""


def test_a_disk_that_refuses_is_told_as_that_and_a_later_look_finds_everything(
    file: Path, draft: Make, tmp_path: Path
) -> None:
    with CustodyLog.open(file) as log:
        for at in range(20):
            log.append([draft(at, pad="x" * 3000)] * 20)
    program = [sys.executable, "-c", READER, str(file)]
    trace = ["strace", "-f", "-o", "/dev/null", "-P", str(file)]
    for call, first in (("pread64", 40), ("read", 1)):
        trace += ["-e", f"inject={call}:error=EIO:when={first}+"]
    said = subprocess.run([*trace, *program], capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.startswith("LogDead")
    assert "no reason yet to restore a backup" in said
    assert subprocess.run(program, capture_output=True, text=True, timeout=60, check=True).stdout == "400\n"
