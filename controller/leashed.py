"""``python -m controller.leashed run …``: the command line, which dies with whoever holds its standard input.

Rule: only drills and demos start a controller so; a real one lives and dies by its service manager.
"""

from __future__ import annotations

import os
import signal
from threading import Thread

from controller.cli import main

STANDARD_INPUT = 0


def _die_with_the_holder() -> None:
    """Nothing is ever written here: the end of reading is the end of the holder, whatever ended it."""
    while os.read(STANDARD_INPUT, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def put_on() -> None:
    """From now on this process dies with whoever holds its standard input."""
    Thread(target=_die_with_the_holder, name="leash", daemon=True).start()


if __name__ == "__main__":
    put_on()
    main(prog_name="ironroom")
