"""What became of orders that take their time: badges made, readers paired, loops and cameras learned.

Rule: the newest end at each place, and no more; it is forgotten with the process, the log remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from controller.core.effects import Body, Outcome
from controller.core.words import Kind

ENDS = frozenset(
    kind.value
    for kind in (
        *(Kind.BADGE_ISSUED, Kind.BADGE_NOT_ISSUED),
        *(Kind.READER_PAIRED, Kind.PAIRING_FAILED),
        *(Kind.LOOP_LEARNED, Kind.CAMERA_LEARNED, Kind.CAMERA_NOT_LEARNED),
    )
)
TOLD = ("kind", "at", "badge", "level", "person", "identity", "ppm", "reason", "why")


class Becoming:
    """The ends of orders by place: an enrolment reader, a device, a line or camera. For the loop alone."""

    def __init__(self) -> None:
        self._ends: dict[str, Body] = {}

    @property
    def ends(self) -> Mapping[str, Body]:
        """The newest end at each place, in the words of its Entry."""
        return self._ends

    def note(self, outcomes: Iterable[Outcome]) -> None:
        """Remember what a turn ended."""
        for entry in (entry for outcome in outcomes for entry in outcome.entries):
            if entry["kind"] in ENDS or _refused_loop(entry):
                self._ends[entry["place"]] = {word: entry[word] for word in TOLD if word in entry}


def _refused_loop(entry: Body) -> bool:
    return entry["kind"] == Kind.REFUSED.value and entry.get("asking") == "learn_loops" and "who" not in entry
