"""Telling systemd that the program is ready, alive and stopping (sd_notify(3)), by the sdnotify library.

Rule 1: without NOTIFY_SOCKET nothing is said, and nobody is worse off.
Rule 2: it never blocks and never raises: a stuck service manager must not hold the loop.
"""

import os
import warnings
from types import TracebackType
from typing import Self

from sdnotify import SystemdNotifier


class Notify:
    """The service manager that started this program, if one did; from construction to ``close``."""

    def __init__(self) -> None:
        self._to = _manager() if os.environ.get("NOTIFY_SOCKET") else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the socket; nothing is said from then on."""
        manager, self._to = self._to, None
        if manager is not None and manager.socket is not None:
            manager.socket.close()

    def ready(self) -> None:
        """The start is over (``READY=1``)."""
        self._say("READY=1")

    def alive(self) -> None:
        """The loop has come round (``WATCHDOG=1``); without it systemd starts the program anew."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """An orderly end has begun (``STOPPING=1``)."""
        self._say("STOPPING=1")

    def _say(self, state: str) -> None:
        if self._to is not None:
            self._to.notify(state)


def _manager() -> SystemdNotifier:
    with warnings.catch_warnings():
        # A path without a listener leaves the library with a socket that it drops.
        warnings.simplefilter("ignore", ResourceWarning)
        manager = SystemdNotifier()
    if manager.socket is not None:
        manager.socket.setblocking(False)
    return manager
