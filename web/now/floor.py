"""The floor plan of this site, with links to its places. Rule: a silent alarm is not drawn (behaviour 35)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from controller.core.words import SILENT
from web.desk import site
from web.i18n import translated
from web.names import name
from web.plan.picture import FloorPlan, plan_of
from web.plan.shape import Shape
from web.zones import zone

View = Mapping[str, Any]
KEPT = "now.floor"


def floor_plan() -> FloorPlan | None:
    """The plan of the site, laid out once; None while the controller has not told it."""
    told = site().get("plan") or {}
    if not told.get("rooms"):
        return None
    kept: tuple[View, FloorPlan] | None = current_app.extensions.get(KEPT)
    if kept is None or kept[0] != told:
        kept = current_app.extensions[KEPT] = (told, plan_of(told))
    return kept[1]


def drawn(view: View) -> Markup:
    """The plan with the room as it is; empty where there is none or the view tells no room."""
    plan = floor_plan()
    if plan is None or "rooms" not in view:
        return Markup()
    here = zone(str(site().get("zone", "UTC")))
    return plan.svg(discreet(view), translated, _address, named=name, zone=here)


def discreet(view: View) -> dict[str, Any]:
    """The view without its silent alarms: what a screen at a counter shows, a visitor sees as well."""
    return {**view, "alarms": [one for one in view.get("alarms", ()) if one["alarm"] not in SILENT]}


def room_of(thing: str) -> str:
    """Room of a thing or point of the site; empty for one that is in none."""
    plan = floor_plan()
    return _room(plan.shape, thing) if plan else ""


def _room(shape: Shape, thing: str) -> str:
    at = thing
    while at:
        if found := shape.room_of(at):
            return found
        at = (
            shape.readers.get(at, shape.inputs.get(at, ("", "")))[0]
            if "." not in at
            else at.rpartition(".")[0]
        )
    return ""


def _address(kind: str, thing: str) -> str:
    """Where a thing of the plan leads to: its room, or the thing by itself."""
    home = thing if kind == "room" else room_of(thing)
    if not home:
        return url_for("now.place", name=thing)
    return url_for("now.place", name=home, at=None if kind == "room" else thing)
