"""Starts controllers that have imported everything already: two hundred lives in the time of a few dozen.

Rule: what it starts is a process of its own that runs the very command line; only the importing is shared.
It reads ``SITE<tab>DATA`` from its standard input, answers with the new process's number, and reaps it when
it reads that number. Its controllers die with it (controller/leashed.py).
"""

from __future__ import annotations

import os
import sys

from controller import leashed, run_command

READ, WRITE = os.pipe()


def start(site: str, data: str) -> int:
    """Start a controller and give its process number."""
    pid = os.fork()
    if pid == 0:
        os.close(WRITE)
        os.dup2(READ, leashed.STANDARD_INPUT)
        leashed.put_on()
        try:
            run_command.run(["--site", site, "--data", data])
        except SystemExit as end:
            os._exit(int(end.code or 0))
    return pid


def main() -> None:
    """Do as told until the end of the standard input."""
    for line in sys.stdin:
        site, tab, data = line.rstrip("\n").partition("\t")
        if tab:
            print(start(site, data), flush=True)
        else:
            print(os.waitpid(int(site), 0)[1], flush=True)


if __name__ == "__main__":
    main()
