"""A controller as a process of its own, as ``ironroom run`` starts it: begun, asked, killed, begun again.

Rule 1: it is reached by its gate and its wires alone; nothing looks into it.
Rule 2: a controller that ends by itself is an error with its own last words and its own exit code.
Rule 3: it is on a leash: when this process dies, however, the controller dies too (leashed.py).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from controller.errors import IronroomError
from controller.gate_client import GateClient, Told
from controller.leashed_child import LeashedChild

GATE = "gate.sock"
UP_S = 60.0
LOOK_S = 0.01
NOBODY: Told = {"refused": "no_answer", "need": "a controller that runs"}


class Child(LeashedChild):
    """One controller process at a time, for a site file and a data folder; ``under`` is a tracer, say.

    ``more`` are further options of ``ironroom run``, such as those of a console.
    """

    def __init__(
        self,
        site: Path,
        data: Path,
        environment: Mapping[str, str],
        under: Sequence[str] = (),
        more: Sequence[str] = (),
    ) -> None:
        super().__init__(["run", "--site", str(site), "--data", str(data), *more], environment, under)
        self._data = data
        self._gate: GateClient | None = None

    def start(self) -> None:
        """Start it and wait until its gate answers; raises IronroomError when it ends instead."""
        self.launch()
        end = time.monotonic() + UP_S
        while not self.look():
            if not self.running or time.monotonic() > end:
                raise self._failure()
            Event().wait(LOOK_S)

    def ask(self, name: str, by: str = "", second: str = "", /, **fields: Any) -> Told:
        """Ask for something at the gate; refused with ``no_answer`` when nobody is there."""
        return self.tell({"ask": name, "by": by, "second": second, "fields": fields}) or dict(NOBODY)

    def look(self, *, sealed: bool = False) -> Told:
        """The room as it is; empty when nobody is there."""
        return self.tell({"look": "sealed" if sealed else "room"})

    def report(self, **said: str) -> Told:
        """Tell what a camera or a tag reader sees; empty when nobody is there."""
        return self.tell({"report": said})

    def tell(self, said: Told) -> Told:
        """One object to the gate and its answer; empty when nobody is there."""
        try:
            if self._gate and not self._gate.alive:
                self._hang_up()
            self._gate = self._gate or GateClient(self._data / GATE)
            return self._gate.tell(said)
        except OSError:
            self._hang_up()
            return {}

    def _hang_up(self) -> None:
        if self._gate:
            self._gate.close()
            self._gate = None

    def _ended(self) -> None:
        self._hang_up()
        super()._ended()

    def _failure(self) -> IronroomError:
        self.kill()
        code = self._process.returncode if self._process else 1
        failure = IronroomError(f"the controller ended with {code}: {self.words.strip()}")
        failure.exit_code = code if code > 0 else 1
        return failure
