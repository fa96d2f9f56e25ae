"""One interface to a converter, whichever part is soldered, and the one place that finds its bus library.

Rule 1: a converter reads counts and knows nothing of loops, supplies or levels.
Rule 2: counts that cannot be trusted are an error; there is no last value and no default.
"""

from importlib import import_module
from types import ModuleType
from typing import Protocol


class ConverterError(Exception):
    """A converter cannot be used or did not answer as it must. The sentence is for people."""


class Converter(Protocol):
    """An analogue-to-digital converter on a bus. One thread uses it at a time."""

    @property
    def channels(self) -> int:
        """How many inputs it has, numbered from 0."""

    @property
    def full_scale(self) -> int:
        """The greatest count."""

    @property
    def full_scale_mv(self) -> int:
        """What the greatest count means, in millivolts."""

    def open(self) -> None:
        """Open the bus anew; ConverterError when it is not there."""

    def read(self, channel: int) -> int:
        """Counts of one input, 0 to ``full_scale``; ConverterError for an answer that is not a proper one."""

    def close(self) -> None:
        """Let go of the bus. What is closed may be opened again."""


def library() -> ModuleType:
    """The library ``periphery`` for both buses; ConverterError where it is not installed."""
    try:
        return import_module("periphery")
    except ImportError as error:
        raise ConverterError(
            f"python-periphery cannot be used here ({error}): install ironroom[pi]",
        ) from error


def checked_channel(channel: int, channels: int) -> int:
    """The channel itself; ValueError when the part has no such input."""
    if not 0 <= channel < channels:
        raise ValueError(f"channel {channel}: this converter has 0 to {channels - 1}")
    return channel
