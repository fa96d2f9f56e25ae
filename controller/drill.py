"""A drill as plain values: a story about a room, its people, its steps and what is expected of each.

Rule: nothing here knows how a drill is played; times are milliseconds since t = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from controller.core.plan import SitePlan

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing expected of a step: its word, the word's own value, its other fields, and its time."""

    word: str  # lock, signal, occupancy, entry, no_entry, alarm, no_alarm, carrier, refused, accepted, egress
    value: Any
    fields: Fields = field(default_factory=dict)
    within_ms: int | None = None  # None: at that moment

    def __str__(self) -> str:
        value = "" if self.value is True else f" {self.value}"
        rest = [f" {key} {_shown(given)}" for key, given in self.fields.items()]
        within = "" if self.within_ms is None else f" within {self.within_ms / 1000:g} s"
        return f"{self.word}{value}{','.join(rest)}{within}"


def _shown(given: Any) -> str:
    return ", ".join(map(str, given)) if isinstance(given, list) else str(given)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is done at a moment, by its word of ``drill_words.DEEDS`` and that word's fields.

    ``fields`` are checked: words are known, names are of the site; ``by`` of ``clock`` is in ms.
    """

    number: int  # from 1, as a person counts
    at: int
    do: str
    fields: Fields = field(default_factory=dict)
    expect: tuple[Expectation, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.do, *(f"{key}={value}" for key, value in self.told.items())])

    @property
    def told(self) -> dict[str, Any]:
        """The fields in the units of a drill file."""
        clock = {"by": self.fields["by"] / 1000} if self.do == "clock" else {}
        return {**self.fields, **clock}


@dataclass(frozen=True, slots=True)
class Drill:
    """A whole drill, checked. ``people`` has for each id the fields of the enrolment Asking."""

    path: Path
    title: str
    plan: SitePlan
    wall_ms: int  # UTC milliseconds at t = 0
    people: Mapping[str, Fields]
    steps: tuple[Step, ...]
