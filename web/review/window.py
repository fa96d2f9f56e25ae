"""Which part of a question the timeline shows. Rule: pure; every step is a URL of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from web.i18n import N_
from web.review.asked import Asked
from web.review.moments import spelled, typed

ZOOMS: dict[str, str] = {
    "": N_("All of it"),
    "day": N_("One day"),
    "hour": N_("Hour"),
    "ten": N_("10 minutes"),
}
_WIDE = {"day": timedelta(days=1), "hour": timedelta(hours=1), "ten": timedelta(minutes=10)}
_STEPS = (1, 2, 5, 10, 30, 60, 120, 360, 720, 1_440, 10_080, 43_200)
MOST_TICKS = 13


@dataclass(frozen=True, slots=True)
class Window:
    """A question and the part of it that is looked at: ``at`` is the middle, ``zoom`` its width."""

    asked: Asked
    zoom: str = ""
    at: datetime | None = None

    @property
    def since(self) -> datetime:
        """Where it begins."""
        return self.asked.since if self.at is None else self.at - _WIDE[self.zoom] / 2

    @property
    def until(self) -> datetime:
        """Where it ends."""
        return self.asked.until if self.at is None else self.at + _WIDE[self.zoom] / 2

    @property
    def shown(self) -> Asked:
        """The question for this part alone."""
        since, until = max(self.since, self.asked.since), min(self.until, self.asked.until)
        return self.asked.within(since, max(since, until))

    @property
    def args(self) -> dict[str, Any]:
        """The arguments of its URL."""
        if self.at is None:
            return self.asked.args
        return {**self.asked.args, "zoom": self.zoom, "at": spelled(self.at)}

    def step(self, tenths: int) -> Window:
        """So many tenths of its width further; a whole question goes on by its whole width a tenth."""
        if self.at is None:
            wide = (self.asked.until - self.asked.since) * (1 if tenths > 0 else -1)
            wide *= 10 if abs(tenths) > 1 else 1
            return Window(self.asked.within(self.asked.since + wide, self.asked.until + wide))
        at = self.at + _WIDE[self.zoom] * tenths / 10
        if self.asked.since <= at < self.asked.until:
            return replace(self, at=at)
        wide = self.asked.until - self.asked.since
        wide = wide if at >= self.asked.until else -wide
        return replace(self, asked=self.asked.within(self.asked.since + wide, self.asked.until + wide), at=at)

    def zoomed(self, zoom: str, at: datetime | None = None) -> Window:
        """The same with another width, about the same moment."""
        if not zoom:
            return Window(self.asked)
        middle = at or self.at or self.asked.since + (self.asked.until - self.asked.since) / 2
        return Window(self.asked, zoom, middle)

    def closer(self, at: datetime) -> Window:
        """The next narrower one about a moment; the narrowest is itself."""
        order = [""] + [zoom for zoom in _WIDE if _WIDE[zoom] < self.until - self.since]
        return self.zoomed(order[1] if len(order) > 1 else self.zoom or "ten", at)

    def ticks(self) -> list[datetime]:
        """Moments of the scale, at most MOST_TICKS of them, on whole minutes and hours of the room."""
        minutes = (self.until - self.since).total_seconds() / 60
        step = next((one for one in _STEPS if minutes / one <= MOST_TICKS), _STEPS[-1])
        midnight = self.since.replace(hour=0, minute=0, second=0, microsecond=0)
        first = -(-(self.since - midnight).total_seconds() // (step * 60))
        at = midnight + timedelta(minutes=step * first)
        found: list[datetime] = []
        while at < self.until and len(found) <= MOST_TICKS:
            found.append(at)
            at += timedelta(minutes=step)
        return found


def window(args: Mapping[str, str], asked: Asked, zone: ZoneInfo, now: datetime) -> Window:
    """Read the part that is looked at; without a moment it is the whole question."""
    zoom, at = args.get("zoom", ""), typed(args.get("at", ""), zone, now)
    if zoom not in _WIDE:
        return Window(asked)
    return Window(asked).zoomed(zoom, at.at if at else None)
