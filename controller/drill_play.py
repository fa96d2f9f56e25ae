"""Plays a drill on a stage: lets time pass, does what the steps say, and looks after everything that happens.

Rule 1: an expectation never holds the story up. With ``within`` it stays open while later steps are played.
Rule 2: the player looks at every moment at which something may have changed, and never between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from controller.core.effects import Answer, Body
from controller.drill import Drill, Expectation, Step
from controller.drill_judge import NEVER, Sight, judge
from controller.stage import Stage

LASTING_MS = 400  # a level must have lasted so long before it counts (behaviour 26)


@dataclass(slots=True)
class Finding:
    """What became of one expectation: ``met`` is None while it is open."""

    expectation: Expectation
    behind: int  # Entries behind this counter are looked at
    until: int  # drill time at which it is decided
    counts: int  # what must not have happened must not have happened until this drill time
    met: bool | None = None
    found: str = ""
    at: int = 0
    last: int = -1  # the newest Entry when it was decided


@dataclass(slots=True)
class Played:
    """One step as it was played: what was answered, and what was found."""

    step: Step
    answer: Answer | None
    findings: list[Finding]
    behind: int  # newest Entry before the step

    @property
    def met(self) -> bool:
        """Whether every expectation of the step was met."""
        return all(finding.met for finding in self.findings)


@dataclass(slots=True)
class Account:
    """A drill that was played: its steps and every Entry in order, those before t = 0 first."""

    drill: Drill
    zero: int
    steps: list[Played] = field(default_factory=list)
    entries: list[Body] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Whether everything was as expected."""
        return all(step.met for step in self.steps)


class Player:
    """Plays one drill on one stage, once."""

    def __init__(self, drill: Drill, stage: Stage) -> None:
        self.account = Account(drill, stage.zero)
        self._stage = stage
        self._open: list[tuple[Played, Finding]] = []
        self._alarms: dict[tuple[str, str], int] = {}  # those that stand, and since which drill time
        self._behind = -1  # newest Entry of the last step that had expectations

    def play(self) -> Iterator[Played]:
        """Play step by step, giving each as soon as it was done; some of its findings may be open still."""
        self._look()
        for step in self.account.drill.steps:
            self._pass_to(step.at)
            self._close_moments(step.at)
            yield self._do(step)
        while self._open:
            self._pass_to(max(finding.until for _, finding in self._open))

    @property
    def _newest(self) -> int:
        return len(self.account.entries) - 1

    def _do(self, step: Step) -> Played:
        before = self._newest
        played = Played(step, self._stage.do(step), [], before)
        self._gather()
        for expectation in step.expect:
            finding = self._finding(step, expectation)
            played.findings.append(finding)
            self._open.append((played, finding))
        if step.expect:
            self._behind = self._newest
        self.account.steps.append(played)
        self._decide()
        return played

    def _finding(self, step: Step, expectation: Expectation) -> Finding:
        until = self._stage.now + self._patience(step, expectation)
        late = 0 if expectation.within_ms is None else self._stage.grace_ms
        return Finding(expectation, self._behind, until, until - late)

    def _patience(self, step: Step, expectation: Expectation) -> int:
        if expectation.within_ms is not None:
            return expectation.within_ms + self._stage.grace_ms
        lasting = LASTING_MS if step.do == "input" and expectation.word not in NEVER else 0
        return lasting + self._stage.grace_ms

    def _pass_to(self, then: int) -> None:
        while self._stage.now < then:
            limits = (finding.until for _, finding in self._open if finding.until > self._stage.now)
            self._stage.stir(min(then, *limits, then))
            self._look()

    def _look(self) -> None:
        self._gather()
        self._decide()

    def _gather(self) -> None:
        """Take in new Entries, and what they say about alarms."""
        for entry in self._stage.entries(self._newest):
            self.account.entries.append(entry)
            alarm = (str(entry.get("alarm", "")), str(entry.get("place", "")))
            if entry["kind"] == "alarm_raised":
                self._alarms[alarm] = entry["at"] - self._stage.zero
            elif entry["kind"] == "alarm_acknowledged":
                self._alarms.pop(alarm, None)

    def _decide(self) -> None:
        for played, finding in self._open:
            never, over = finding.expectation.word in NEVER, self._stage.now >= finding.until
            met, finding.found = judge(finding.expectation, self._sight(played, finding, never=never))
            if over or met is not never:
                finding.met, finding.at, finding.last = met, self._stage.now, self._newest
                self._count_what_lasted(played, finding)
        self._open = [one for one in self._open if one[1].met is None]

    def _sight(self, played: Played, finding: Finding, *, never: bool) -> Sight:
        """What can be seen now; of what must not happen only what happened in its time."""
        entries, alarms = self.account.entries[finding.behind + 1 :], list(self._alarms)
        if never:
            entries = [e for e in entries if e["at"] - self._stage.zero <= finding.counts]
            alarms = [alarm for alarm, since in self._alarms.items() if since <= finding.counts]
        return Sight(self._stage, played.answer, entries, alarms)

    def _count_what_lasted(self, played: Played, finding: Finding) -> None:
        """What a level brings about when it has lasted still belongs to the step that set it."""
        is_latest = played is self.account.steps[-1]
        if is_latest and played.step.do == "input" and finding.expectation.within_ms is None:
            self._behind = self._newest

    def _close_moments(self, then: int) -> None:
        """What must not have happened at a moment is decided before the next step, which is due then."""
        for _, finding in self._open:
            if finding.expectation.within_ms is None and finding.expectation.word in NEVER:
                finding.until, finding.counts = self._stage.now, min(finding.counts, then)
        self._decide()
