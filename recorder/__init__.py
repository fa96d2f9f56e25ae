"""The recorder: a process of its own that looks through the cameras and is trusted with nothing else."""

from __future__ import annotations

import sys
from pathlib import Path


def main(line: Path, passwords: Path | None = None, state: Path | None = None) -> int:
    """Run the recorder until SIGTERM; gives its exit code.

    ``line`` is the controller's socket; ``passwords`` a file of the recorder's own user, mode 600; ``state``
    a folder in which it remembers what cameras should see. 0 after an orderly end, 2 when people must first
    put something right: the sentence on the error output says what.
    """
    # Loaded only here: whoever needs but the messages or the seal does not load all of it.
    from hardware.cameras.libraries import lacking, warning  # noqa: PLC0415
    from recorder.passwords import PasswordsError, read  # noqa: PLC0415
    from recorder.pulse import NEEDS_PEOPLE  # noqa: PLC0415
    from recorder.state_folder import StateFolderError, make  # noqa: PLC0415
    from recorder.supervisor import Supervisor, worker_command  # noqa: PLC0415

    fault = lacking()
    try:
        if passwords is not None:
            read(passwords)
        if state is not None:
            make(state)
    except (PasswordsError, StateFolderError) as error:
        fault = str(error)
    for sentence in filter(None, (fault, warning())):
        sys.stderr.write(sentence + "\n")
    if fault:
        return NEEDS_PEOPLE
    named = [("--passwords", passwords), ("--state", state)]
    options = [word for option, path in named if path is not None for word in (option, str(path))]
    return Supervisor(worker_command([str(line.absolute()), *options])).run()
