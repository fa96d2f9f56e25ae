"""A board of paper: it writes down what the loop commands, in place of bolts and lamps.

Rule: it boots with every bolt thrown and every lamp idle; a release ends by itself at its time.
"""

from __future__ import annotations

from collections.abc import Iterable

from controller.core.effects import Effect, Release, Secure, Show, Signal
from controller.core.state import State


class PaperBoard:
    """Writes down what the loop commands; a release ends by itself at its time."""

    def __init__(self) -> None:
        self._free: dict[str, int] = {}  # lock, until
        self._lamps: dict[str, str] = {}

    def secure(self, effects: Iterable[Effect]) -> None:
        """Drop bolts."""
        for effect in effects:
            if isinstance(effect, Secure):
                self._free.pop(effect.lock, None)

    def release(self, effects: Iterable[Effect], state: State) -> None:
        """Draw bolts and show lamps; what a later effect secured stays secured."""
        del state
        for effect in effects:
            match effect:
                case Secure(lock):
                    self._free.pop(lock, None)
                case Release(lock, until):
                    self._free[lock] = until
                case Show(reader, signal):
                    self._lamps[reader] = signal.value

    def drop_everything(self) -> None:
        """Drop every bolt."""
        self._free.clear()

    def unlocked(self, lock: str, now: int) -> bool:
        """Tell whether a bolt is drawn at a room time."""
        return self._free.get(lock, now) > now

    def signal(self, reader: str) -> str:
        """What lamp and sounder of a reader show."""
        return self._lamps.get(reader, Signal.IDLE.value)
