"""The whole plan as one SVG: walls first, then everything in and on them, in the order one tabs through.

Rule: pure. The page gives language, zone, names and addresses; looks are in web/static/plan.css.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from web.plan import draw_devices, draw_doors, draw_rooms
from web.plan.draw import Href, padlocks
from web.plan.floor import Floor
from web.plan.layout import lay_out
from web.plan.seen import Say, Seen
from web.plan.shape import Shape, shape
from web.plan.svg import line, tag, text


def plan_of(site_plan: Mapping[str, Any]) -> FloorPlan:
    """The floor plan of a site from the controller's ``plan``; to be kept: it does not change."""
    found = shape(site_plan)
    return FloorPlan(found, lay_out(found))


class FloorPlan:
    """A site that is laid out once and drawn as often as something changes."""

    def __init__(self, site: Shape, floor: Floor) -> None:
        self.shape = site
        self.floor = floor

    def svg(
        self,
        view: Mapping[str, Any],
        say: Say,
        href: Href,
        *,
        named: Callable[[str], str] = str,
        zone: tzinfo = UTC,
    ) -> Markup:
        """The plan with the state of ``view`` (controller/view.py), in the language of ``say``."""
        seen = Seen(self.shape, view, say, zone, named)
        _ = say
        title = _("Floor plan of {site}").format(site=view.get("site", ""))
        looks = [name for name in ("lockdown", "fire") if view.get(name)]
        return tag(
            "svg",
            tag("title", title),
            _shared(),
            *self._drawn(seen, href),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {self.floor.width} {self.floor.height}",
            class_=" ".join(("plan", *looks)),
            role="group",
            aria_label=title,
        )

    def _drawn(self, seen: Seen, href: Href) -> list[Markup]:
        """Floors, then room by room what is in it, then passages, and what belongs nowhere."""
        floor, site = self.floor, self.shape
        parts = [draw_rooms.passage(seen, one) for one in floor.passages]
        parts += [draw_rooms.room(seen, n, box, floor.texts[n], href) for n, box in floor.rooms.items()]
        parts += [draw_doors.window(seen, n, spot, href) for n, spot in floor.windows.items()]
        for name, box in floor.cabinets.items():
            parts.append(draw_rooms.cabinet(seen, site.cabinets[name], box, href))
            cells = site.cabinets[name].compartments
            parts += [draw_rooms.compartment(seen, one, floor.compartments[one], href) for one in cells]
        parts += [draw_doors.door(seen, site.doors[n], spot, href) for n, spot in floor.doors.items()]
        parts += [draw_devices.reader(seen, n, spot, href) for n, spot in floor.readers.items()]
        parts += [draw_devices.camera(seen, n, spot, href) for n, spot in floor.cameras.items()]
        return parts + self._loose()

    def _loose(self) -> list[Markup]:
        """Names beside the readers that belong to no door and no cabinet."""
        floor = self.floor
        loose = [(n, spot) for n, spot in floor.readers.items() if floor.loose and spot.y == floor.loose]
        return [text(spot.x + 22, spot.y + 14, name, "word") for name, spot in loose]


@lru_cache(maxsize=1)
def _shared() -> Markup:
    """What is used many times: the hatching of whatever is not known, and padlocks."""
    stroke = line(0, 8, 8, 0, "hatch")
    pattern = tag(
        "pattern",
        stroke,
        id="plan-hatch",
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
        class_="hatching",
    )
    return tag("defs", pattern, padlocks())
