"""A drill on wires, in real time: a controller process of its own, and a whole room of shims around it.

Rule 1: nothing is replaced between a badge and a bolt; the controller is reached by wires and gate alone.
Rule 2: drill time is the room's own time. It stands still while the controller is down, as that does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from controller.child import NOBODY, Child
from controller.core.effects import Answer, Body, Signal
from controller.core.events import Level
from controller.core.eye_events import RECORDER
from controller.core.words import Reason
from controller.drill import Drill, Step
from controller.drill_points import changes
from controller.errors import ConfigError, IronroomError
from controller.gate_client import Told
from controller.view import View
from controller.wire_answers import about, answer_of
from controller.wire_eyes import WireEyes
from controller.wire_people import with_tokens
from controller.wire_sight import Sight
from firmware_shims.bench import Bench, NotInTheRoomError

GLANCE_S = 0.04
TAKEN_IN_S = 1.0
"""How long a badge or PIN that leaves no Entry is waited for."""
LEVEL_S = 3.0
"""How long a line may take through its driver and the core's chatter filter, on a busy machine."""
DEVICE_S = 5.0
CLOCK_S = 4.0
READY_S = 60.0


class WireStage:
    """A room on wires; ``now`` is drill time, ``zero`` the room time at which the drill began."""

    grace_ms = 1500

    def __init__(
        self, drill: Drill, bench: Bench, child: Child, sight: Sight, eyes: WireEyes | None = None
    ) -> None:
        self.plan = drill.plan
        self.zero = 0
        self._drill, self._bench, self._child, self._sight = drill, bench, child, sight
        self._eyes = eyes
        self._lead = 0.0  # monotonic second at which drill time was zero
        self._enrol()
        self._be_ready()
        self.zero = self._sync(0)

    @property
    def now(self) -> int:
        """Drill time in milliseconds."""
        return round((time.monotonic() - self._lead) * 1000)

    def stir(self, until: int) -> None:
        """Wait for a new Entry, for a glance at the most."""
        before = self._sight.newest
        end = min(time.monotonic() + GLANCE_S, self._lead + until / 1000)
        while time.monotonic() < end and self._sight.newest == before:
            Event().wait(min(0.01, max(0.0, end - time.monotonic())))

    def do(self, step: Step) -> Answer | None:
        """Make happen what the step says, and wait until the controller has taken it in."""
        try:
            levels = changes(self.plan, step)
            if levels is None:
                return DEEDS[step.do](self, step)
            self._levels(step, levels)
        except NotInTheRoomError as error:
            raise ConfigError(
                f"{self._drill.path}: step {step.number} cannot be done on wires: {error}"
            ) from error
        return None

    def unlocked(self, lock: str) -> bool:
        """Tell whether the strike has current."""
        return self._bench.lock(lock)

    def signal(self, reader: str) -> str:
        """What the lamp shows; a reader without one shows what the controller thinks it should."""
        if not self._bench.has_lamp(reader):
            return str(self.view()["signals"][reader])
        lamp = self._bench.lamp(reader)
        return lamp.value if lamp else Signal.IDLE.value

    def view(self) -> View:
        """The room as the gate shows it."""
        return self._sight.view()

    def entries(self, after: int) -> list[Body]:
        """Durable Entries behind a counter."""
        return self._sight.entries(after)

    def _sync(self, now: int) -> int:
        """Let drill time go on from ``now``, and give the room time at which it was zero."""
        room = int(self.view()["at"])
        self._lead = time.monotonic() - now / 1000
        return room - now

    def _enrol(self) -> None:
        if not self._drill.people:
            return
        people = {p: with_tokens(given, self._bench.token) for p, given in self._drill.people.items()}
        told = self._child.ask("found", people=people)
        if "refused" in told:
            why = f"{told['refused']}: {told.get('need', '')}"
            raise ConfigError(f"{self._drill.path}: the people cannot be enrolled ({why})")

    def _be_ready(self) -> None:
        """Wait until every line was reported and every reader is looked at."""
        driven = self._bench.lines & set(self.plan.inputs)
        if not self._sight.until(lambda: not self._unheard(driven), READY_S):
            silent = ", ".join(sorted(self._unheard(driven)))
            raise IronroomError(f"the room does not come up: nothing was heard of {silent}")
        if not self._bench.watched(READY_S):
            raise IronroomError("the room does not come up: the controller does not look at every reader")
        if self._eyes and self._eyes.recorder.running:
            self._eyes.be_ready()

    def _unheard(self, driven: set[str]) -> set[str]:
        inputs = self.view()["inputs"]
        return {point for point in driven if inputs[point] == Level.UNKNOWN}

    def _levels(self, step: Step, levels: tuple[tuple[str, Level], ...]) -> None:
        for point, level in levels:
            self._bench.level(point, level.value)
            if step.do != "input":
                self._sight.until(lambda p=point, to=level: self.view()["inputs"][p] == to, LEVEL_S)  # type: ignore[misc]

    def tap(self, step: Step) -> Answer:
        """Hold a badge before a reader."""
        return self._at_reader(step, lambda reader: self._bench.tap(reader, step.fields["badge"]))

    def pin(self, step: Step) -> Answer:
        """Type a PIN and its enter key."""
        return self._at_reader(step, lambda reader: self._bench.keys(reader, f"{step.fields['digits']}#"))

    def _at_reader(self, step: Step, deed: Callable[[str], None]) -> Answer:
        reader, before = step.fields["reader"], self._sight.newest
        at = self.plan.readers[reader].at
        self._attend(reader)
        deed(reader)
        found = self._sight.written(before, lambda new: about(reader, at, new), TAKEN_IN_S)
        if not found and self._missed(reader, before):
            self._attend(reader)
            deed(reader)
            found = self._sight.written(before, lambda new: about(reader, at, new), TAKEN_IN_S)
        return answer_of(found)

    def _attend(self, reader: str) -> None:
        """Nobody badges at a reader that is just coming back, as one does on a machine that had to wait."""
        if not self._bench.gone(reader):
            self._sight.until(lambda: reader not in self.view()["lost"], DEVICE_S)

    def _missed(self, reader: str, before: int) -> bool:
        lost = {e.get("place") for e in self.entries(before) if e["kind"] == "device_lost"}
        return reader in lost and not self._bench.gone(reader)

    def crash(self, _step: Step) -> None:
        """Kill the controller and start it again."""
        now = self.now
        self._child.kill()
        self._child.start()
        self._be_ready()
        self._sync(now)

    def clock(self, step: Step) -> None:
        """Set the clock of the outside world."""
        before = self._sight.newest
        self._bench.clock_jump(step.fields["by"] / 1000)
        kinds = {"clock_changed", "clock_trimmed"}
        self._sight.written(before, lambda new: [e for e in new if e["kind"] in kinds], CLOCK_S)

    def device(self, step: Step) -> None:
        """Pull a plug, put it back, or make a line chatter."""
        if self._eyes and step.fields["name"] == RECORDER:
            self._eyes.device(step)
            return
        name, word, before = step.fields["name"], step.fields["is"], self._sight.newest
        {"lost": self._bench.lost, "back": self._bench.back, "noisy": self._bench.noisy}[word](name)
        told = (f"device_{word}", name)
        self._sight.written(
            before, lambda new: [e for e in new if (e["kind"], e.get("place")) == told], DEVICE_S
        )

    def camera(self, step: Step) -> None:
        """Do something to a camera, or before it."""
        if self._eyes:
            self._eyes.camera(step)

    def tag(self, step: Step) -> None:
        """Tell what the tag reader of a compartment sees."""
        seen = {"put": "tag_seen", "take": "tag_gone"}[step.do]
        self._child.report(**{seen: step.fields["carrier"], "place": step.fields["at"]})

    def witness(self, _step: Step) -> None:
        """Log witnesses do not hang on the wires of the bench; what they do is rehearsed on paper."""
        raise NotInTheRoomError("a log witness is not on the bench; rehearse it without --wires")

    def ask(self, step: Step) -> Answer:
        """Ask at the gate."""
        fields = step.fields
        given = with_tokens(fields.get("with", {}), self._bench.token)
        told = self._child.ask(fields["what"], fields["as"], fields.get("and", ""), **given)
        if told == NOBODY:
            raise IronroomError(f"the controller does not answer any more: {self._child.words.strip()}")
        return _answer(told)

    def wait(self, _step: Step) -> None:
        """Nothing but time."""


def _answer(told: Told) -> Answer:
    """The answer that the gate told."""
    if "refused" not in told:
        return Answer(more={key: value for key, value in told.items() if key != "accepted"})
    try:
        return Answer(Reason(told["refused"]), str(told.get("need", "")))
    except ValueError:
        raise IronroomError(f"the controller gave no answer: {told['refused']}") from None


DEEDS: dict[str, Callable[[WireStage, Step], Answer | None]] = {
    "tap": WireStage.tap,
    "pin": WireStage.pin,
    "crash": WireStage.crash,
    "clock": WireStage.clock,
    "device": WireStage.device,
    "camera": WireStage.camera,
    "put": WireStage.tag,
    "take": WireStage.tag,
    "witness": WireStage.witness,
    "ask": WireStage.ask,
    "wait": WireStage.wait,
}
