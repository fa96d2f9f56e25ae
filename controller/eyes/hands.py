"""Hands that have eyes: what the loop wants done on the wires, and then what it wants seen.

Rule: the eyes come last, when every bolt has been seen to; they keep nobody waiting (law 6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from controller.core.effects import Effect, LearnCameras, Snapshot
from controller.core.state import State
from controller.loop import Hands


class Sight(Protocol):
    """Who takes pictures, in production ``controller.eyes.eyes.Eyes``; none of it waits."""

    def photograph(self, order: Snapshot, wall_ms: int) -> None:
        """Order the pictures of an event that was at ``wall_ms`` (UTC)."""

    def learn(self, cameras: Collection[str]) -> None:
        """Let cameras take what they see as what they should see."""

    def rooms(self, state: State) -> None:
        """Tell who is inside, when that has changed."""


class HandsAndEyes:
    """Hands for the loop, which carry out Snapshot and LearnCameras too."""

    def __init__(self, hands: Hands, sight: Sight) -> None:
        self._hands, self._sight = hands, sight

    def secure(self, effects: Iterable[Effect]) -> None:
        """Drop bolts and call the guard."""
        self._hands.secure(effects)

    def release(self, effects: Iterable[Effect], state: State) -> None:
        """Draw bolts and show lamps, then order pictures."""
        every = list(effects)
        self._hands.release(every, state)
        self._sight.rooms(state)
        for effect in every:
            match effect:
                case Snapshot():
                    self._sight.photograph(effect, state.wall - (state.at - effect.at))
                case LearnCameras(cameras):
                    self._sight.learn(cameras)

    def drop_everything(self) -> None:
        """Drop every bolt."""
        self._hands.drop_everything()
