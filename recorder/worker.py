"""``python -m recorder.worker LINE --pulse N``: looks through cameras and talks with the controller.

Rule 1: it writes nothing but references in its state folder, and it ends with its parent.
Rule 2: whatever it did not expect ends it, in one sentence without what a camera or a person said.
Rule 3: while the controller is away, cameras and rings go on.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from time import monotonic
from types import FrameType, TracebackType
from typing import NoReturn

from recorder import bounds
from recorder.passwords import Password, PasswordsError, read
from recorder.pulse import BEFORE_SETTINGS_MB, NEEDS_PEOPLE, Pulse

UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h
_PAUSES_S = (0.1, 0.2, 0.5, 1.0)
_STEADY_S = 10.0
_TURNED_AWAY = (
    "the controller turns this recorder away: another one is there, one has failed just now, or "
    "`ironroom run --recorder-user` names another user"
)
_UNREACHED = "see that it runs, with this socket as --eyes and this user as --recorder-user"


class Worker:
    """Talks with whoever listens at ``line``, again and again, until it is told to end."""

    def __init__(
        self, line: Path, passwords: Mapping[str, Password], state: Path | None, pulse: Pulse
    ) -> None:
        from recorder.conversation import Line  # noqa: PLC0415 - see main
        from recorder.eyes import Eyes  # noqa: PLC0415

        self._path, self._pulse = line, pulse
        self._line = Line()
        self._eyes = Eyes(passwords, state, self._line.say)
        self._over = False

    def run(self) -> None:
        """Until SIGTERM."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        tries, said = 0, ""
        while not self._over:
            self._beat()
            self._eyes.beat(0)  # to nobody; but its CPU bound holds on
            began = monotonic()
            why = self._talked()
            if why and why != said:  # one sentence, however often a controller hangs up for the same reason
                _say(f"{why}; the recorder goes on and tries to reach it again")
            steady = monotonic() - began > _STEADY_S
            tries, said = (0, "") if steady else (tries + 1, why or said)
            if not self._over:
                Event().wait(_PAUSES_S[min(tries, len(_PAUSES_S) - 1)])

    def _talked(self) -> str:
        """Why a conversation ended or did not come about; empty when the worker is to end."""
        from recorder.conversation import HUNG_UP, Conversation, connected  # noqa: PLC0415

        try:
            with connected(self._path) as messages:
                talk = Conversation(messages, self._eyes, self._line, self._beat, lambda: self._over)
                why = talk.talk()
        except OSError as error:
            return f"the controller cannot be reached at {self._path} ({error.strerror}): {_UNREACHED}"
        return _TURNED_AWAY if why == HUNG_UP and not talk.settled else why

    def _beat(self) -> None:
        self._pulse.beat(self._eyes.memory_mb or BEFORE_SETTINGS_MB)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._over = True


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Begin within bounds, and never come back: a thread stuck in a camera must not hold up the end."""
    parser = argparse.ArgumentParser(prog="recorder.worker")
    parser.add_argument("line", type=Path)
    parser.add_argument("--passwords", type=Path)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--pulse", type=int, required=True)
    options = parser.parse_args(arguments)
    sys.excepthook = _unexpected
    threading.excepthook = _unexpected_in_thread
    bounds.put_on()
    bounds.leash(sys.stdin.fileno())
    try:
        passwords = read(options.passwords) if options.passwords else {}
    except PasswordsError as error:
        _say(str(error))
        os._exit(NEEDS_PEOPLE)
    # Only now, within bounds, is anything loaded that looks at pictures.
    from hardware.cameras.libraries import LibraryMissingError, opencv  # noqa: PLC0415

    try:
        opencv()
    except LibraryMissingError as error:
        _say(str(error))
        os._exit(NEEDS_PEOPLE)
    Worker(options.line, passwords, options.state, Pulse(options.pulse)).run()
    os._exit(0)


def _unexpected(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
    """The place says what is wrong; the words of the error could hold what nobody may read."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "nowhere"
    _say(f"the recorder's worker ends: unexpected {kind.__name__} in {place}")
    os._exit(UNEXPECTED)


def _unexpected_in_thread(what: threading.ExceptHookArgs) -> None:
    _unexpected(what.exc_type, what.exc_value or what.exc_type(), what.exc_traceback)


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
