"""One connection with the recorder: a thread that reads and judges, a thread that sends. Law 6.

Rule 1: whatever is wrong with the other end ends the connection with one sentence, and nothing else.
Rule 2: it is waited for when it is silent for SILENT_S, and no longer; our own disk's time does not count.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Thread
from time import monotonic

from controller.eyes.hearing import HangUpError, Hearing
from controller.eyes.outbox import Outbox
from recorder.messages import (
    BEAT_S,
    FROM_RECORDER,
    SILENT_S,
    BadMessageError,
    Beat,
    FromController,
    Messages,
    Snapshot,
)

READ_S = 0.5
SAY_S = 5.0
"""How long a recorder may take until it has taken what it is told."""
GONE = "the recorder has gone"
SETTLE_S = 20.0
"""How long a recorder may take until it looks through the cameras that it was told."""


class Link:
    """A connected recorder; ``ended`` is called once, in the reading thread, with what ended it.

    ``refused`` is called in the sending thread, with the number of a shot that cannot be ordered.
    """

    def __init__(
        self,
        peer: socket.socket,
        hearing: Hearing,
        outbox: Outbox,
        ended: Callable[[Link, str], None],
        refused: Callable[[int], None],
    ) -> None:
        self.hearing, self.outbox = hearing, outbox
        self.begun = monotonic()
        self._messages = Messages(peer, FROM_RECORDER)
        self._ended, self._refused = ended, refused
        self._why = ""
        self._hearing_since: float | None = None
        self._reader = Thread(target=self._read, name="eyes: from the recorder", daemon=True)
        self._sender = Thread(target=self._send, name="eyes: to the recorder", daemon=True)

    @property
    def well(self) -> bool:
        """Whether it has taken its settings, and nothing has ended it."""
        return self.hearing.well and not self.outbox.closed

    def start(self) -> None:
        """Begin to talk."""
        self._sender.start()
        self._reader.start()

    def hang_up(self, why: str) -> None:
        """End it, from any thread."""
        self._why = self._why or why
        self.outbox.close()
        self._messages.hang_up()

    def join(self) -> None:
        """Wait until it has ended."""
        self._reader.join()

    def look(self) -> None:
        """Hang up on a recorder that is silent, or that never settles; to be called now and then."""
        now = monotonic()
        if self._hearing_since is None and now - self.hearing.beat_at > SILENT_S:
            self.hang_up(f"the recorder was silent for {SILENT_S:.0f} s")
        elif not self.hearing.well and now - self.begun > SETTLE_S:
            self.hang_up("the recorder does not look through the cameras that it was told")

    def _read(self) -> None:
        try:
            while not self.outbox.closed:
                self._hear()
        except (HangUpError, BadMessageError) as error:
            self._why = self._why or str(error)
        except OSError:
            self.outbox.close()  # why, the sending thread may know better
        finally:
            self.outbox.close()
            self._messages.hang_up()
            self._sender.join()
            self._messages.close()
            self._ended(self, self._why or GONE)

    def _hear(self) -> None:
        message = self._messages.next(READ_S)
        if message is None:
            return
        self._hearing_since = monotonic()
        try:
            self.hearing.hear(message)
        finally:
            self.hearing.beat_at += monotonic() - self._hearing_since
            self._hearing_since = None

    def _send(self) -> None:
        number, next_beat = 0, 0.0
        try:
            while not self.outbox.closed:
                message = self.outbox.next(next_beat - monotonic())
                if message is None and monotonic() >= next_beat:
                    message, number, next_beat = Beat(number), number + 1, monotonic() + BEAT_S
                if message is not None:
                    self._say(message)
        except TimeoutError:
            self.hang_up("the recorder does not take what it is told")
        except OSError:
            self.hang_up(GONE)

    def _say(self, message: FromController) -> None:
        try:
            self._messages.say(message, SAY_S)
        except BadMessageError:  # nothing of it was sent
            if isinstance(message, Snapshot):
                self._refused(message.shot)
