"""Signs of life of the loop, to the hardware watchdog of the box and to systemd.

Rule 1: the loop's own thread gives them, once a turn; whoever stands still is reset, and bolts drop with it.
Rule 2: both begin when everything runs, and end with an orderly stop only: a crash lets the watchdog bite.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from controller.wiring import Wiring
from hardware.alive import Alive
from hardware.notify import Notify
from hardware.watchdog import Watchdog


class Life:
    """Called with every turn of the loop; as a context manager it lasts as long as the loop runs."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring, self._notify = wiring, Notify()
        self._dog: Watchdog | None = None
        self._alive = Alive(self._notify.alive)

    def __call__(self) -> None:
        """The loop has come round."""
        self._alive()

    def __enter__(self) -> Self:
        """Everything runs. Raises ConfigError when the watchdog of the site file cannot be used."""
        self._dog = self._wiring.watchdog()
        feeds = [self._dog.feed] if self._dog else []
        self._alive = Alive(*feeds, self._notify.alive)
        self._notify.ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        if kind is None:
            self._notify.stopping()
        self._notify.close()
        if self._dog is not None:
            self._dog.__exit__(kind, error, tb)
