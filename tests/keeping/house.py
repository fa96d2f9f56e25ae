"""A room without doors on a real log: time is what the test says. Rule: decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from controller.core.effects import Effect
from controller.core.events import Asking, BadgeRead, Event, InputLevel, Level, Started
from controller.core.site import Site
from controller.core.state import State
from controller.kept_states import remembered
from controller.ledger.custody_log import CustodyLog
from controller.loop import Loop
from tests.core.plans import START, example

DAY = 86_400_000
PEOPLE = {
    "li": {"badges": ["B1"], "name": "Li Wei"},
    "wang": {"badges": ["B2"]},
    "zhao": {"badges": ["B3"]},
    "chen": {"badges": ["B4"]},
}


class NoHands:
    def secure(self, effects: Iterable[Effect]) -> None: ...

    def release(self, effects: Iterable[Effect], state: State) -> None: ...

    def drop_everything(self) -> None: ...


@contextmanager
def room(file: Path) -> Iterator[Loop]:
    """The room of this log, which may be new."""
    with CustodyLog.open(file) as log:
        loop = Loop(Site(example(), state=remembered(log)), log, NoHands())
        if not log.size:
            loop.turn([Started(0, START, "p"), Asking(0, "found", "", "", {"people": PEOPLE})])
        yield loop


def busy_day(day: int, badges: int) -> list[Event]:
    """Strangers at the door, and one tampering that an alarm is about."""
    at = day * DAY
    return [
        *(BadgeRead(at + n * 60_000, "main.in", f"stranger {day} {n}") for n in range(badges)),
        InputLevel(at + badges * 60_000, "main.in.tamper", Level.ACTIVE),
        InputLevel(at + badges * 60_000 + 5_000, "main.in.tamper", Level.NORMAL),
        Asking(
            at + badges * 60_000 + 60_000, "acknowledge", "zhao", "", {"alarm": "tamper", "reason": "seen"}
        ),
    ]
