"""A drill in virtual time: the pure core, the real log and the real loop, with a board of paper.

Rule: sensors report only what the steps say; time passes only when the player lets it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from controller import keys
from controller.core.effects import Answer, Body
from controller.core.events import (
    Asking,
    BadgeRead,
    CameraSeen,
    ClockJumped,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    Event,
    InputLevel,
    Level,
    PinTyped,
    RoomSeen,
    Started,
    TagGone,
    TagSeen,
    TimePassed,
    Witnessed,
)
from controller.core.eye_events import RECORDER
from controller.core.fold import replay
from controller.core.plan import SitePlan
from controller.core.site import Site
from controller.core.state import State
from controller.drill import Drill, Fields, Step
from controller.drill_points import changes
from controller.drill_words import SIGHTS
from controller.errors import ConfigError
from controller.ledger.custody_log import CustodyLog
from controller.ledger.pictures import FOLDER
from controller.loop import Loop
from controller.os_users import asked_by
from controller.paper_board import PaperBoard
from controller.paper_eyes import PaperEyes
from controller.view import View, view

LOG = "custody.db"


class VirtualStage:
    """A room on paper, at drill time ``now``; room time and drill time are the same."""

    zero = 0
    grace_ms = 0

    def __init__(self, drill: Drill, data: Path) -> None:
        self.plan: SitePlan = drill.plan
        self.now = 0
        self._data = data
        self._wall_ms = drill.wall_ms  # of t = 0, jumps included
        self._levels: dict[str, Level] = dict.fromkeys(drill.plan.inputs, Level.NORMAL)
        self._silent: set[str] = set()  # log witnesses; the others cosign whatever is written, at once
        self._eyes = PaperEyes(data / FOLDER)
        self._entries: list[Body] = []
        self._log = CustodyLog.open(data / LOG)
        self._begin(State())
        self._enrol(drill)
        self._report()

    def _begin(self, state: State) -> None:
        """Start a controller on what the log says; every bolt is thrown."""
        self._board = PaperBoard()
        self._site = Site(self.plan, keys.pepper(self._data), state)
        self._loop = Loop(self._site, self._log, self._board)
        self._happen([Started(self.now, self._wall_ms + self.now, self.plan.digest)])

    def _enrol(self, drill: Drill) -> None:
        found = Asking(0, "found", "", fields={"people": drill.people})
        answer = self._happen([found]) if drill.people else None
        if answer and not answer.accepted:
            raise ConfigError(f"{drill.path}: the people cannot be enrolled ({answer.reason}): {answer.need}")

    def _report(self) -> None:
        """Every input reports the level it has."""
        self._happen(
            [InputLevel(self.now, point, level, settled=True) for point, level in self._levels.items()]
        )
        if self._silent:
            self._happen([DeviceLost(self.now, name) for name in sorted(self._silent)])

    def _happen(self, events: Sequence[Event]) -> Answer | None:
        """Give events to the loop as one batch, and what is due then; the last answer counts."""
        before = self._log.size
        outcomes = self._loop.turn(events)
        bodies = (body for outcome in outcomes for body in outcome.entries)
        self._entries += [{"n": n, **body} for n, body in enumerate(bodies, before)]
        if self._log.size > before:
            self._cosign()
        self._eyes.take((effect for outcome in outcomes for effect in outcome.effects), self.now)
        if (due := self._site.deadline) is not None and due <= self.now:
            self._happen([TimePassed(self.now)])  # the loop does not sleep while something is due
        answers = [outcome.answer for outcome in outcomes if outcome.answer]
        return answers[-1] if answers else None

    def _cosign(self) -> None:
        """Log witnesses that answer have seen what was just written."""
        size, names = self._log.size, self.plan.log_witnesses.names
        if news := [Witnessed(self.now, name, size) for name in names if name not in self._silent]:
            self._happen(news)

    def stir(self, until: int) -> None:
        """Go to the next deadline or answer of the recorder, ``until`` at the latest."""
        dues = [due for due in (self._site.deadline, self._eyes.due) if due is not None and due > self.now]
        self.now = max(self.now, min([*dues, until]))
        self._happen([*self._eyes.answers(self.now), TimePassed(self.now)])

    def do(self, step: Step) -> Answer | None:
        """Make happen what the step says."""
        if step.do == "crash":
            self._crash()
            return None
        if step.do == "clock":
            self._wall_ms += step.fields["by"]
        if step.do == "witness":
            return self._witness(step.fields["name"], silent=step.fields["is"] == "silent")
        self._blind(step)
        levels = changes(self.plan, step)
        if levels is None:
            return self._happen(EVENTS[step.do](self.now, step.fields))
        self._levels.update(levels)
        settled = step.do != "input"
        return self._happen([InputLevel(self.now, point, level, settled) for point, level in levels])

    def _blind(self, step: Step) -> None:
        """Cameras and their recorder answer, or do not, from this step on."""
        if step.do == "camera" and step.fields["is"] not in SIGHTS:
            (self._eyes.lost.add if step.fields["is"] == "lost" else self._eyes.lost.discard)(
                step.fields["name"]
            )
        if step.do == "device" and step.fields["name"] == RECORDER:
            self._eyes.silent = step.fields["is"] == "lost"

    def _witness(self, name: str, *, silent: bool) -> Answer | None:
        """A log witness falls silent, or cosigns again what is there."""
        (self._silent.add if silent else self._silent.discard)(name)
        events = EVENTS["witness"](self.now, {"name": name, "is": "silent" if silent else "cosigns"})
        answer = self._happen(events)
        self._cosign()
        return answer

    def _crash(self) -> None:
        """Throw everything away but the log, and start again from it at once."""
        self.close()
        self._eyes.forget()
        self._log = CustodyLog.open(self._data / LOG)
        self._begin(replay(self._log.tail()))
        self._report()

    def unlocked(self, lock: str) -> bool:
        """Tell whether the bolt is drawn."""
        return self._board.unlocked(lock, self.now)

    def signal(self, reader: str) -> str:
        """What lamp and sounder show."""
        return self._board.signal(reader)

    def view(self) -> View:
        """The room now."""
        return view(self._site)

    def entries(self, after: int) -> list[Body]:
        """Entries behind a counter."""
        return self._entries[after + 1 :]

    def close(self) -> None:
        """Let go of the log."""
        self._log.close()


def _device(at: int, fields: Fields) -> list[Event]:
    event = {"lost": DeviceLost, "back": DeviceBack, "noisy": DeviceNoisy}[fields["is"]]
    return [event(at, fields["name"])]


def _camera(at: int, fields: Fields) -> list[Event]:
    name, how = fields["name"], fields["is"]
    return [RoomSeen(at, name, how == "occupied") if how in SIGHTS else CameraSeen(at, name, how)]


def _witness(at: int, fields: Fields) -> list[Event]:
    event = {"silent": DeviceLost, "cosigns": DeviceBack}[fields["is"]]
    return [event(at, fields["name"])]


def _ask(at: int, fields: Fields) -> list[Event]:
    asking = Asking(at, fields["what"], fields["as"], fields.get("and", ""), fields.get("with", {}))
    return [asked_by(asking, os.geteuid())]


EVENTS: dict[str, Callable[[int, Fields], Sequence[Event]]] = {
    "tap": lambda at, f: [BadgeRead(at, f["reader"], f["badge"])],
    "pin": lambda at, f: [PinTyped(at, f["reader"], f["digits"])],
    "clock": lambda at, f: [ClockJumped(at, f["by"])],
    "device": _device,
    "camera": _camera,
    "ask": _ask,
    "put": lambda at, f: [TagSeen(at, f["carrier"], f["at"])],
    "take": lambda at, f: [TagGone(at, f["carrier"], f["at"])],
    "witness": _witness,
    "wait": lambda at, _: [TimePassed(at)],
}


@contextmanager
def on_paper(drill: Drill, data: Path) -> Iterator[VirtualStage]:
    """A stage in virtual time, with its log in a folder."""
    stage = VirtualStage(drill, data)
    try:
        yield stage
    finally:
        stage.close()
