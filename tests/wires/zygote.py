"""Starts controllers that have imported everything already: hundreds of lives in the time of a few dozen.

Rule: what it starts is a process of its own that runs the very command line; only the importing is shared.
It reads ``SITE<tab>DATA`` from its standard input, answers with the new process's number, and reaps it when
it reads that number. Its controllers die with it (controller/leashed.py).
"""

from __future__ import annotations

import os
import sys
import traceback

from controller import leashed, run_command

READ, WRITE = os.pipe()


def start(site: str, data: str) -> int:
    """Start a controller and give its process number."""
    pid = os.fork()
    if pid == 0:
        code = -1
        try:
            os.close(WRITE)
            os.dup2(READ, leashed.STANDARD_INPUT)
            leashed.put_on()
            run_command.run(["--site", site, "--data", data])
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            if code < 0:
                traceback.print_exc()
            os._exit(abs(code))
    return pid


def main() -> None:
    """Do as told until the end of the standard input."""
    for line in sys.stdin:
        site, tab, data = line.rstrip("\n").partition("\t")
        number = start(site, data) if tab else os.waitpid(int(site), 0)[1]
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
