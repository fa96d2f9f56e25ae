"""Where a drill is played: in virtual time on paper, or in real time on the wires. Both look alike from here.

Rule 1: a stage does what a step says and tells what is so; it never judges an expectation.
Rule 2: times are drill time, milliseconds since t = 0; the log's own room time begins at ``zero``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from controller.core.effects import Answer, Body
from controller.core.plan import SitePlan
from controller.drill import Drill, Step
from controller.view import View


class Stage(Protocol):
    """A room that has started, whose people are enrolled and whose inputs all rest, at drill time 0."""

    @property
    def plan(self) -> SitePlan:
        """Site that is rehearsed."""

    @property
    def zero(self) -> int:
        """Room time of t = 0 in milliseconds: an Entry's ``at`` minus this is its drill time."""

    @property
    def grace_ms(self) -> int:
        """How long "at that moment" may take to show here: 0 on paper, the wires' own delay on wires.

        It is given to what must become true; what must not happen is looked at when it has passed.
        """

    @property
    def now(self) -> int:
        """Drill time."""

    def stir(self, until: int) -> None:
        """Let time pass to the next moment at which something may have changed, ``until`` at the latest.

        ``until`` may be now or past: then only what is due already is settled. The player calls this
        again and again and looks in between, so on wires it waits for a new Entry or a short while.
        """

    def do(self, step: Step) -> Answer | None:
        """Make happen what the step says, now, and answer what the controller answered.

        Only ``tap``, ``pin`` and ``ask`` have an answer; on wires, where a tap has none of its own, it
        is read from the Entries that followed it. Returns when the controller has taken it in.
        """

    def unlocked(self, lock: str) -> bool:
        """Tell whether the bolt of a door or compartment is commanded free, as seen at the output."""

    def signal(self, reader: str) -> str:
        """What lamp and sounder of a reader show, as a word of ``controller.core.effects.Signal``."""

    def view(self) -> View:
        """The room as ``controller.view.view`` shows it."""

    def entries(self, after: int) -> list[Body]:
        """Every durable Entry behind counter ``after`` (-1: all), sealed ones included, with its ``n``."""


Opener = Callable[[Drill, Path], AbstractContextManager[Stage]]
"""Opens a stage for a drill with a folder for its data, and clears it away again; the log stays."""
