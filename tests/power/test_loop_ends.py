"""Whatever ends a turn, the bolts have dropped before it is heard of: not only errors of our own."""

from __future__ import annotations

import signal
from _thread import interrupt_main
from collections.abc import Iterator
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from types import FrameType

import pytest

from controller.core.effects import Release
from controller.core.events import Started, TimePassed
from controller.core.site import Site
from controller.core.state import State
from controller.errors import EntryRefused, LogDead
from controller.ledger.custody_log import CustodyLog
from controller.ledger.verify import verify
from controller.loop import Loop
from controller.paper_board import PaperBoard
from tests.core.plans import START, example

LATE = 1_000_000


class Turning:
    """A loop on a real log, with a bolt that is drawn."""

    def __init__(self, file: Path) -> None:
        self.log, self.board = CustodyLog.open(file), PaperBoard()
        self.loop = Loop(Site(example()), self.log, self.board)
        self.board.release([Release("main", LATE)], State())
        assert self.board.unlocked("main", 1)

    def turn(self) -> None:
        self.loop.turn([Started(0, START, "p")])


@pytest.fixture
def turning(tmp_path: Path) -> Iterator[Turning]:
    turning = Turning(tmp_path / "data" / "custody.db")
    yield turning
    turning.log.close()


@pytest.fixture
def alarm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGUSR1)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("statement", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "end", [KeyboardInterrupt, MemoryError, SystemExit, RecursionError, ZeroDivisionError]
)
def test_what_comes_in_the_middle_of_a_commit_drops_the_bolts_and_kills_the_log(
    end: type[BaseException], statement: int, turning: Turning, alarm: None
) -> None:
    def ended(_number: int, _frame: FrameType | None) -> None:
        raise end

    signal.signal(signal.SIGUSR1, ended)
    # Without a line of Python, so that the handler runs where the log goes on, and not in the callback.
    interrupts = chain(repeat("nothing", statement), map(interrupt_main, [signal.SIGUSR1]))
    turning.log._db.conn.set_trace_callback(partial(next, interrupts))
    with pytest.raises((end, LogDead)):
        turning.turn()
    turning.log._db.conn.set_trace_callback(None)
    assert not turning.board.unlocked("main", 1)
    with pytest.raises(LogDead):
        turning.turn()
    size = turning.log.size
    turning.log.close()
    assert verify(turning.log.file).entries in {size, size + 1}


def test_a_database_that_was_closed_under_the_log_drops_the_bolts(turning: Turning) -> None:
    turning.log._db.close()
    with pytest.raises(LogDead):
        turning.turn()
    assert not turning.board.unlocked("main", 1)


def test_a_draft_that_the_log_refuses_drops_the_bolts(turning: Turning) -> None:
    turning.log.append(
        [
            {
                "at": LATE,
                "time": "2026-03-02T01:00:00.000Z",
                "clock": "synced",
                "policy": "p",
                "kind": "granted",
            }
        ]
    )
    with pytest.raises(EntryRefused):
        turning.turn()
    assert not turning.board.unlocked("main", 1)


class StrangeEvent(TimePassed):
    """No event of ours."""

    @property
    def at(self) -> int:
        raise MemoryError


def test_an_end_inside_the_decision_drops_the_bolts(turning: Turning) -> None:
    with pytest.raises(MemoryError):
        turning.loop.turn([StrangeEvent.__new__(StrangeEvent)])
    assert not turning.board.unlocked("main", 1)
