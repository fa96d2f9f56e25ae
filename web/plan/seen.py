"""What the room says of its things now, to be told in words.

Rule: what is not said is unknown; nothing is taken for closed, locked, empty or well by default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from web.feed.alarm_names import alarm_name
from web.plan.shape import Shape

Say = Callable[[str], str]
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Told:
    """A thing in words, the most important first, and how it looks."""

    words: tuple[str, ...]
    looks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """The view of controller/view.py, with a language, a time zone and people's names to tell it in."""

    shape: Shape
    view: Mapping[str, Any]
    say: Say
    zone: tzinfo
    named: Callable[[str], str]

    def thing(self, group: str, name: str) -> Mapping[str, Any]:
        """What is said of one thing; empty when nothing is."""
        found = self.view.get(group, {}).get(name)
        return found if isinstance(found, Mapping) else {}

    def level(self, point: str) -> str:
        """Level of an input by its name."""
        return str(self.view.get("inputs", {}).get(point, UNKNOWN))

    def alarms(self, *places: str, within: bool = True) -> tuple[str, ...]:
        """Names of the alarms at these places, or at points of them if ``within``."""
        found = [
            alarm_name(str(one["alarm"]), self.say)
            for one in self.view.get("alarms", ())
            if _at(str(one["place"]), places, within=within)
        ]
        return tuple(dict.fromkeys(found))

    def faults(self, thing: str) -> tuple[str, ...]:
        """Lines of a thing that are cut or shorted, in words."""
        _ = self.say
        found = []
        for name, (at, _role) in self.shape.inputs.items():
            level = self.level(name) if at == thing else ""
            if level == "cut":
                found.append(_("line cut: {line}").format(line=name))
            elif level == "short":
                found.append(_("line shorted: {line}").format(line=name))
        return tuple(found)

    def seconds(self, until: object) -> int:
        """Whole seconds until a room time; 0 when it has passed or none is told."""
        return max(0, -((self.view["at"] - until) // 1000)) if isinstance(until, int) else 0

    def second(self, until: object) -> str:
        """Time of day of a room time, to the second; empty when none is told."""
        if not isinstance(until, int):
            return ""
        wall = until + int(self.view["wall_ms"]) - int(self.view["at"])
        return datetime.fromtimestamp(wall / 1000, UTC).astimezone(self.zone).strftime("%H:%M:%S")

    def hour(self, wall_ms: object) -> str:
        """Time of day, such as 14:02, of UTC milliseconds; empty when none are told."""
        if not isinstance(wall_ms, int):
            return ""
        return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(self.zone).strftime("%H:%M")

    def people(self, ids: object) -> str:
        """Names of people, in the order in which they are told."""
        _ = self.say
        return _(", ").join(self.named(str(one)) for one in ids) if isinstance(ids, list) else ""


def _at(place: str, places: tuple[str, ...], *, within: bool) -> bool:
    return place in places or (within and any(place.startswith(f"{one}.") for one in places))
